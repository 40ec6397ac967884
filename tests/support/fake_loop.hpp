// fake_loop: the testing kit's loop as the unit tests use it, with doctest and short names.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "viceroy/mailbox/delivery.hpp"
#include "viceroy/testing/loop.hpp"

namespace by_hand {

namespace vr = viceroy;
using ms = std::chrono::milliseconds;

using loop = vr::testing::virtual_clock;  // without messages, for what needs none

// One loop with one proc, driven by hand, in the order of sending unless it gets a seed.
class world : public vr::testing::loop {
 public:
  explicit world(std::uint64_t seed = 0) : vr::testing::loop(seed) {}
  world(const char* proc, const char* address)
      : vr::testing::loop(0, {}, vr::address::parse(address), vr::label::parse(proc)) {}

  // Handles what is there, and what comes of it; time does not move.
  void settle() { vr::testing::loop::run(); }
  // Lets time pass.
  void pass(ms time) { advance(time); }
  // Runs a task to its end, time passing as it waits, and what is left to do then: its outcome, its value, or
  // the sentence with which it fails.
  template <class T>
  vr::outcome<T> finish(vr::task<T> work) {
    auto result = outcome_of(std::move(work));
    settle();
    return result;
  }
  template <class T>
  T run(vr::task<T> work) {
    return finish<T>(std::move(work)).get();
  }
  template <class T>
  std::string failure(vr::task<T> work) {
    auto result = finish<T>(std::move(work));
    return result.ok() ? std::string() : vr::sentence_of(result.failure());
  }

  vr::limits& bounds = vr::testing::loop::bounds();
  vr::testing::virtual_clock& clock = vr::testing::loop::clock();
  vr::run_queue& queue = vr::testing::loop::queue();
  vr::directory& home = vr::testing::loop::home();
  vr::testing::departures& roads = departed();
};

// The kind of a viceroy::error that a call throws; nothing if it throws none.
template <class F>
std::optional<vr::errc> kind_of(F&& f) {
  try {
    f();
  } catch (const vr::error& e) {
    return e.kind();
  }
  return std::nullopt;
}

}  // namespace by_hand
