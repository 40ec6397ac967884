// port_table: a loop's open ports by number.
#pragma once

#include <cstddef>
#include <cstdint>

#include "viceroy/base/error.hpp"
#include "viceroy/base/series.hpp"

namespace viceroy {

class port_base;

// Numbers count up from 1: a place in the table below, how often that was used above. None is used again
// before 2^39 others were at its place. Threads: the loop's. Cost: a few loads and stores; no allocation once
// warm.
class port_table {
 public:
  port_table() { places_.push_back({{nullptr}, 1}); }  // no number leads to place 0

  // Returns: its number. Errors: busy when all places are taken.
  std::uint64_t add(port_base& p) {
    if (free_ == 0) [[unlikely]]
      grow();
    const std::uint32_t at = free_;
    place& e = places_[at];
    free_ = e.next_free;
    e.number = (((e.number + places_at_most) & ~(std::uint64_t{1} << 63)) | at);
    e.port = &p;
    return e.number;
  }
  void remove(std::uint64_t number) noexcept {
    const auto at = static_cast<std::uint32_t>(number & place_mask);
    place& e = places_[at];
    e.number = number & ~place_mask;  // of no place, so that nothing is found here
    e.next_free = free_;
    free_ = at;
  }
  // Returns: null when it is closed or never was.
  port_base* find(std::uint64_t number) const noexcept {
    const std::size_t at = number & place_mask;
    return at < places_.size() && places_[at].number == number ? places_[at].port : nullptr;
  }

  // Calls f(port) for each that is open; f may open and close others, and what it opens may be left out.
  template <class F>
  void for_each(F f) const {
    for (std::size_t at = 1; at < places_.size(); ++at)
      if ((places_[at].number & place_mask) == at) f(*places_[at].port);
  }

 private:
  struct place {
    union {
      port_base* port;
      std::uint32_t next_free;  // 0: none
    };
    std::uint64_t number;
  };
  static constexpr std::uint64_t places_at_most = 1u << 24, place_mask = places_at_most - 1;

  [[gnu::noinline]] void grow() {
    if (places_.size() > place_mask)
      throw error(errc::busy,
                  "16 million ports are open on one loop; close some (drop their inboxes or answers)");
    places_.push_back({{nullptr}, std::uint64_t{0} - places_at_most});
    places_.back().next_free = 0;
    free_ = static_cast<std::uint32_t>(places_.size() - 1);
  }

  series<place> places_;
  std::uint32_t free_ = 0;
};

}  // namespace viceroy
