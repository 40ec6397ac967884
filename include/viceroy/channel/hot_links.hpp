// hot_links: the few links that were heard from last; a busy loop tries these before it asks the kernel about
// all.
#pragma once

#include <array>
#include <cstddef>

namespace viceroy {

// Keeps at most eight: one epoll costs less than more reads in vain. A link that stays silent for a while
// leaves. Cost: a look at eight pointers.
template <class Link>
class hot_links {
 public:
  static constexpr std::size_t most = 8;
  static constexpr int patience =
      256;  // reads in vain, about as many microseconds as a loop polls at the longest

  void heard(Link& from) noexcept {
    place* coolest = &places_.front();
    for (place& each : places_) {
      if (each.who == &from) {
        each.missed = 0;
        return;
      }
      if (each.missed > coolest->missed) coolest = &each;
    }
    *coolest = {&from, 0};
  }

  void forget(const Link& gone) noexcept {
    for (place& each : places_)
      if (each.who == &gone) each = {};
  }
  void clear() noexcept { places_ = {}; }

  // Tries place `i`, with `read(link)`, which says whether anything came and may change this list.
  template <class Read>
  bool poll(std::size_t i, Read&& read) {
    Link* const who = places_[i].who;
    if (who == nullptr) return false;
    if (read(*who)) return true;
    if (places_[i].who == who && ++places_[i].missed > patience) places_[i] = {};
    return false;
  }

 private:
  struct place {
    Link* who = nullptr;
    int missed = patience;  // an empty place is taken first
  };

  std::array<place, most> places_{};
};

}  // namespace viceroy
