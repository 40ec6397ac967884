// fake_loop: a loop with a virtual clock, a router that writes down what leaves, and a proc to put actors in.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/running.hpp"
#include "viceroy/mailbox/delivery.hpp"
#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/router.hpp"
#include "viceroy/mailbox/run_queue.hpp"

namespace by_hand {

namespace vr = viceroy;
using ms = std::chrono::milliseconds;

// Time stands still until somebody moves it.
class loop final : public vr::executor {
 public:
  void post(vr::callback<void()> work) override { posted_.push_back(std::move(work)); }
  timer call_at(clock::time_point when, vr::callback<void()> work) override {
    timers_.emplace(when, std::pair(++last_, std::move(work)));
    return last_;
  }
  void cancel(timer which) override {
    for (auto it = timers_.begin(); it != timers_.end(); ++it)
      if (it->second.first == which) {
        timers_.erase(it);
        return;
      }
  }
  clock::time_point now() const override { return now_; }

  std::size_t waiting_timers() const { return timers_.size(); }
  std::optional<clock::time_point> next_timer() const {
    return timers_.empty() ? std::nullopt : std::optional(timers_.begin()->first);
  }
  bool run_posted() {
    const auto batch = std::exchange(posted_, {});
    for (auto& each : batch) const_cast<vr::callback<void()>&>(each)();
    return !batch.empty();
  }
  // Moves the clock and fires what is due, one by one.
  bool fire_until(clock::time_point when) {
    bool any = false;
    while (!timers_.empty() && timers_.begin()->first <= when) {
      auto node = timers_.extract(timers_.begin());
      if (now_ < node.key()) now_ = node.key();
      node.mapped().second();
      any = true;
    }
    if (now_ < when) now_ = when;
    return any;
  }

 private:
  clock::time_point now_{};
  timer last_ = 0;
  std::multimap<clock::time_point, std::pair<timer, vr::callback<void()>>> timers_;
  std::vector<vr::callback<void()>> posted_;
};

// What would have gone to another process.
class recorder final : public vr::router {
 public:
  struct letter {
    vr::envelope header;
    std::string name;
  };
  void post(const vr::envelope& header, const vr::payload_view& payload) override {
    letters.push_back({header, payload.typed() ? std::string(payload.ops().name) : std::string()});
  }
  std::size_t waiting_bytes(const vr::proc_id&) const override { return waiting; }
  std::vector<letter> letters;
  std::size_t waiting = 0;
};

// How a root of the proc ended.
struct end_of_root {
  std::string name;
  vr::status how;
  std::string cause;
};

// One loop with one proc, driven by hand.
class world {
 public:
  explicit world(const char* proc = "root", const char* address = "inproc:1")
      : queue(clock, bounds), home(vr::proc_id(vr::address::parse(address), vr::label::parse(proc)), queue) {
    queue.set_router(&roads);
    home.publish();
    home.on_root_end([this](vr::mailbox& box, vr::status how, const vr::error* cause) {
      ended.push_back({std::string(box.name().text()), how, cause ? cause->sentence() : std::string()});
    });
  }
  world(const world&) = delete;
  world& operator=(const world&) = delete;
  ~world() { home.withdraw(); }

  // Handles what is there, and what comes of it; time does not move.
  void settle() {
    do {
      while (queue.has_work()) queue.run(100);
    } while (clock.run_posted());
  }
  // Lets time pass.
  void pass(ms time) {
    const auto until = clock.now() + time;
    settle();
    while (clock.next_timer() && *clock.next_timer() <= until) {
      clock.fire_until(*clock.next_timer());
      settle();
    }
    clock.fire_until(until);
  }
  // Runs a task to its end, time passing as it waits.
  template <class T>
  vr::outcome<T> finish(vr::task<T> work) {
    std::optional<vr::outcome<T>> result;
    const auto run =
        vr::running::start<T>(std::move(work), [&](vr::outcome<T> o) { result.emplace(std::move(o)); });
    settle();
    while (!result && clock.next_timer()) {
      clock.fire_until(*clock.next_timer());
      settle();
    }
    REQUIRE_MESSAGE(result.has_value(), "the task waits for something that will not happen");
    return std::move(*result);
  }
  template <class T>
  T run(vr::task<T> work) {
    return finish<T>(std::move(work)).get();
  }
  // The sentence with which a task fails; empty if it does not.
  template <class T>
  std::string failure(vr::task<T> work) {
    auto result = finish<T>(std::move(work));
    return result.ok() ? std::string() : vr::sentence_of(result.failure());
  }

  const end_of_root* end_of(std::string_view name) const {
    for (const auto& each : ended)
      if (each.name == name) return &each;
    return nullptr;
  }

  vr::limits bounds;
  loop clock;
  recorder roads;
  vr::run_queue queue;

 private:
  // Makes this thread the loop's, from before the proc is made until after it is gone.
  struct attached {
    explicit attached(world& w) : executor(&w.clock), before(vr::run_queue::exchange_current(&w.queue)) {}
    ~attached() { vr::run_queue::exchange_current(before); }
    vr::executor::scope executor;
    vr::run_queue* before;
  };
  attached here_{*this};

 public:
  vr::directory home;
  std::vector<end_of_root> ended;
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
