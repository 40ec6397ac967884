// manifest_difference: how manifest_text does what it says. Compiled once on request.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/message/manifest.hpp"

namespace viceroy {

VICEROY_DECL std::string manifest_text(const manifest& from) {
  std::vector<std::string> lines;
  for (const manifest_entry& entry : from.entries) {
    char id[16];
    const auto end = std::to_chars(id, id + sizeof id, entry.id, 16).ptr;
    std::string line(kind_name(entry.kind));
    for (const std::string_view part : {entry.name, std::string_view(id, end), entry.layout, entry.fields}) {
      line += '\t';
      line += part;
    }
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::string text;
  for (const std::string& line : lines) {
    text += line;
    text += '\n';
  }
  return text;
}

namespace detail {

struct manifest_line {
  std::string_view kind, name, id, layout, fields;

  bool same_type(const manifest_line& other) const { return kind == other.kind && name == other.name; }
  std::string what() const { return std::string(kind) + " '" + std::string(name) + "'"; }
};

// Cuts off what stands before the next separator, and the separator.
inline std::string_view cut(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

// A peer may send any text: no application has more types than this, and what they are compared with are few.
inline constexpr std::size_t most_manifest_lines = 10'000;

inline std::vector<manifest_line> manifest_lines(std::string_view text) {
  std::vector<manifest_line> lines;
  while (!text.empty() && lines.size() != most_manifest_lines) {
    std::string_view rest = cut(text, '\n');
    manifest_line line;
    for (std::string_view* part : {&line.kind, &line.name, &line.id, &line.layout, &line.fields})
      *part = cut(rest, '\t');
    lines.push_back(line);
  }
  return lines;
}

// The layouts of a class's fields; nothing for what is no class.
inline std::optional<std::vector<std::string_view>> field_layouts(std::string_view layout) {
  if (layout.size() < 2 || layout.front() != '{' || layout.back() != '}') return std::nullopt;
  layout = layout.substr(1, layout.size() - 2);
  std::vector<std::string_view> fields;
  std::size_t depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i != layout.size(); ++i) {
    const std::string_view c = layout.substr(i, 1);
    if (std::string_view("{[(<").find(c) != std::string_view::npos) ++depth;
    if (std::string_view("}])>").find(c) != std::string_view::npos && depth != 0) --depth;
    if (c == "," && depth == 0) {
      fields.push_back(layout.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  if (!layout.empty()) fields.push_back(layout.substr(begin));
  return fields;
}

// "field 1" or, where it is known, "field 1 (cents)".
inline std::string field_text(std::size_t index, std::string_view names) {
  std::string text = "field " + std::to_string(index);
  for (std::size_t i = 0; i != index; ++i) cut(names, ',');
  std::string_view name = cut(names, ',');
  while (name.starts_with(' ')) name.remove_prefix(1);
  if (!name.empty()) text += " (" + std::string(name) + ")";
  return text;
}

inline std::string layout_difference(const manifest_line& ours, const manifest_line& theirs) {
  const auto here = field_layouts(ours.layout);
  const auto there = field_layouts(theirs.layout);
  if (!here || !there) {
    if (ours.layout == theirs.layout) return ours.what() + " has another id";
    return ours.what() + " is " + std::string(ours.layout) + " here and " + std::string(theirs.layout) +
           " there";
  }
  const std::size_t both = std::min(here->size(), there->size());
  for (std::size_t i = 0; i != both; ++i) {
    if ((*here)[i] == (*there)[i]) continue;
    return ours.what() + " differs in " + field_text(i, ours.fields) + ": " + std::string((*here)[i]) +
           " here and " + std::string((*there)[i]) + " there";
  }
  if (here->size() == there->size()) return ours.what() + " has another id";
  const bool more_here = here->size() > there->size();
  return ours.what() + " has " + field_text(both, more_here ? ours.fields : theirs.fields) + ", " +
         std::string(more_here ? (*here)[both] : (*there)[both]) + ", only " + (more_here ? "here" : "there");
}

}  // namespace detail

VICEROY_DECL std::string explain_difference(std::string_view ours, std::string_view theirs) {
  const auto here = detail::manifest_lines(ours);
  const auto there = detail::manifest_lines(theirs);
  std::vector<std::string> different;
  std::vector<std::string> missing;
  for (const auto& line : here) {
    const auto twin =
        std::find_if(there.begin(), there.end(), [&](const auto& l) { return l.same_type(line); });
    if (twin == there.end())
      missing.push_back("only this side knows the " + line.what());
    else if (twin->id != line.id)
      different.push_back("the " + detail::layout_difference(line, *twin));
  }
  for (const auto& line : there) {
    if (std::none_of(here.begin(), here.end(), [&](const auto& l) { return l.same_type(line); })) {
      missing.push_back("only the other side knows the " + line.what());
    }
  }
  const std::size_t count = different.size() + missing.size();
  if (count == 0) return {};
  std::string sentence = different.empty() ? missing.front() : different.front();
  if (count > 1) sentence += " (and " + std::to_string(count - 1) + " more)";
  return sentence;
}

}  // namespace viceroy
