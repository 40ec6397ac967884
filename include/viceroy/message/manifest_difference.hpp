// manifest_difference: how manifest_text does what it says. Compiled once on request.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/message/manifest.hpp"

namespace viceroy {

VICEROY_DECL std::string manifest_text(const manifest& from) {
  series<std::string> lines;
  for (const manifest_entry& entry : from.entries) {
    char id[16];
    const auto end = std::to_chars(id, id + sizeof id, entry.id, 16).ptr;
    std::string line(kind_name(entry.kind));
    for (const std::string_view part : {entry.name, std::string_view(id, end), entry.layout, entry.fields}) {
      line += '\t';
      line += part;
    }
    lines.push_back(std::move(line));
    // In order at once: they are few, and asked for only where two applications differ. (std::sort is forty
    // functions for every header-only program to compile.)
    for (std::size_t at = lines.size() - 1; at != 0 && lines[at] < lines[at - 1]; --at)
      lines[at].swap(lines[at - 1]);
  }
  std::string text;
  for (std::size_t i = 0; i != lines.size(); ++i) {
    if (i != 0 && lines[i] == lines[i - 1]) continue;
    text += lines[i];
    text += '\n';
  }
  return text;
}

namespace detail {

// Cuts off what stands before the next separator, and the separator.
inline std::string_view cut(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

struct manifest_line {
  std::string_view kind, name, id, layout, fields;

  std::string what() const { return std::string(kind) + " '" + std::string(name) + "'"; }
};

// A peer may send any text: no application has more types than this, and what they are compared with are few.
inline constexpr std::size_t most_manifest_lines = 10'000;

inline series<manifest_line> manifest_lines(std::string_view text) {
  series<manifest_line> lines;
  while (!text.empty() && lines.size() != most_manifest_lines) {
    std::string_view rest = cut(text, '\n');
    manifest_line& line = lines.push_back({});
    for (std::string_view* part : {&line.kind, &line.name, &line.id, &line.layout, &line.fields})
      *part = cut(rest, '\t');
  }
  return lines;
}

// The line about the same type; null if there is none.
inline const manifest_line* twin_of(const manifest_line& line, const series<manifest_line>& among) {
  for (const manifest_line& each : among)
    if (each.kind == line.kind && each.name == line.name) return &each;
  return nullptr;
}

// Cuts off the layout of the next of a class's fields, and the comma after it.
inline std::string_view cut_field(std::string_view& rest) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i != rest.size(); ++i) {
    const char c = rest[i];
    if (c == '{' || c == '[' || c == '(' || c == '<') ++depth;
    if ((c == '}' || c == ']' || c == ')' || c == '>') && depth != 0) --depth;
    if (c != ',' || depth != 0) continue;
    const std::string_view field = rest.substr(0, i);
    rest.remove_prefix(i + 1);
    return field;
  }
  return taken(rest, {});
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
  std::string_view here = ours.layout;
  std::string_view there = theirs.layout;
  if (here == there) return ours.what() + " has another id";
  if (!here.starts_with('{') || !there.starts_with('{'))
    return ours.what() + " is " + std::string(here) + " here and " + std::string(there) + " there";
  for (std::string_view* const fields : {&here, &there}) {
    fields->remove_prefix(1);
    if (fields->ends_with('}')) fields->remove_suffix(1);
  }
  std::size_t index = 0;
  for (; !here.empty() && !there.empty(); ++index) {
    const std::string_view one = cut_field(here);
    const std::string_view other = cut_field(there);
    if (one != other)
      return ours.what() + " differs in " + field_text(index, ours.fields) + ": " + std::string(one) +
             " here and " + std::string(other) + " there";
  }
  const bool more_here = !here.empty();
  return ours.what() + " has " + field_text(index, more_here ? ours.fields : theirs.fields) + ", " +
         std::string(cut_field(more_here ? here : there)) + ", only " + (more_here ? "here" : "there");
}

}  // namespace detail

VICEROY_DECL std::string explain_difference(std::string_view ours, std::string_view theirs) {
  const series<detail::manifest_line> here = detail::manifest_lines(ours);
  const series<detail::manifest_line> there = detail::manifest_lines(theirs);
  std::string different;
  std::string missing;
  std::size_t count = 0;
  for (const detail::manifest_line& line : here) {
    const detail::manifest_line* const twin = detail::twin_of(line, there);
    if (twin && twin->id == line.id) continue;
    ++count;
    if (!twin) {
      if (missing.empty()) missing = "only this side knows the " + line.what();
    } else if (different.empty()) {
      different = "the " + detail::layout_difference(line, *twin);
    }
  }
  for (const detail::manifest_line& line : there) {
    if (detail::twin_of(line, here)) continue;
    ++count;
    if (missing.empty()) missing = "only the other side knows the " + line.what();
  }
  if (count == 0) return {};
  if (different.empty()) different = std::move(missing);
  if (count > 1) different += " (and " + std::to_string(count - 1) + " more)";
  return different;
}

}  // namespace viceroy
