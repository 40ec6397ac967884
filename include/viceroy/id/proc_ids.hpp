// proc_ids: how a proc's id is found, or made. Compiled once on request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/id/hash.hpp"
#include "viceroy/id/interned.hpp"
#include "viceroy/id/proc_id.hpp"
#include "viceroy/id/text.hpp"

namespace viceroy {
namespace detail {

struct same_pair {
  viceroy::address address;
  label name;

  bool operator()(const proc_record& record) const noexcept {
    return record.address == address && record.name == name;
  }
  std::uint64_t hash() const noexcept { return hash_number(address.hash(), name.hash()); }
};

inline constexpr std::string_view part_mark = ".own-";

}  // namespace detail

VICEROY_DECL proc_id::proc_id(viceroy::address at, label name) {
  if (at.empty() || name.empty()) return;
  record_ = find(at, name);
  if (record_ != nullptr) return;
  std::string text(at.text());
  text += ',';
  text += name.text();
  const detail::same_pair both{at, name};
  record_ = interned_table<detail::proc_record>::global.intern(both.hash(), both, text, at, name);
}

VICEROY_DECL const char* proc_id::problem(std::string_view text) noexcept {
  const auto comma = text.find(',');
  if (comma == text.npos) return "expected address,name";
  if (const char* wrong = viceroy::address::problem(text.substr(0, comma))) return wrong;
  return label::problem(text.substr(comma + 1));
}

VICEROY_DECL proc_id proc_id::parse(std::string_view text) {
  if (const proc_id found = known(text); !found.empty()) return found;
  if (const char* wrong = problem(text)) {
    throw error(errc::bad_input, in_quotes(text) + " is not a proc's id: " + wrong);
  }
  const auto comma = text.find(',');
  return proc_id(viceroy::address::parse(text.substr(0, comma)), label::parse(text.substr(comma + 1)));
}

VICEROY_DECL proc_id proc_id::known(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == text.npos) return {};
  const auto at = viceroy::address::known(text.substr(0, comma));
  const auto name = label::known(text.substr(comma + 1));
  proc_id found;
  if (!at.empty() && !name.empty()) found.record_ = find(at, name);
  return found;
}

VICEROY_DECL proc_id proc_id::part(std::uint64_t number) const {
  std::string text(name().text());
  text += detail::part_mark;
  append_number(text, number);
  return proc_id(address(), label::parse(text));
}

VICEROY_DECL proc_id proc_id::whole() const {
  const auto at = name().text().find(detail::part_mark);
  return at == std::string_view::npos ? *this : proc_id(address(), label::parse(name().text().substr(0, at)));
}

VICEROY_DECL const detail::proc_record* proc_id::find(viceroy::address at, label name) noexcept {
  const detail::same_pair both{at, name};
  return interned_table<detail::proc_record>::global.find(both.hash(), both);
}

}  // namespace viceroy
