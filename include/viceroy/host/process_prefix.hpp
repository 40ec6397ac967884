// command_prefix: the tool under which chosen children are started.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/host/process_words.hpp"

namespace viceroy {

namespace detail {

inline std::uint64_t rank_number(std::string_view text, std::string_view list) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) {
    throw error(errc::bad_input, "VICEROY_CHILD_PREFIX_RANKS=\"" + std::string(list) +
                                     "\" is not a list of ranks such as 0,3,5-7");
  }
  return value;
}

}  // namespace detail

// Tells whether a list of ranks and ranges such as "0,3,5-7" names `rank`.
// Errors: bad_input when the list does not parse.
inline bool rank_is_listed(std::string_view list, std::uint64_t rank) {
  bool listed = false;
  for (std::string_view rest = list; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    const std::size_t dash = item.find('-');
    const std::uint64_t first = detail::rank_number(item.substr(0, dash), list);
    const std::uint64_t last =
        dash == std::string_view::npos ? first : detail::rank_number(item.substr(dash + 1), list);
    listed = listed || (first <= rank && rank <= last);
  }
  return listed;
}

// Returns the words that stand before a child's own command: VICEROY_CHILD_PREFIX, for the ranks that
// VICEROY_CHILD_PREFIX_RANKS lists, or for all where it is not set.
// A child's stdin is /dev/null, so a debugger runs in batch ("gdb -batch -ex run -ex bt --args") or in a
// terminal of its own ("xterm -e gdb --args"). Errors: bad_input when either variable does not parse.
inline std::vector<std::string> command_prefix(std::uint64_t rank) {
  const char* prefix = std::getenv("VICEROY_CHILD_PREFIX");
  if (prefix == nullptr) return {};
  const char* ranks = std::getenv("VICEROY_CHILD_PREFIX_RANKS");
  if (ranks != nullptr && !rank_is_listed(ranks, rank)) return {};
  return split_words(prefix, "VICEROY_CHILD_PREFIX");
}

}  // namespace viceroy
