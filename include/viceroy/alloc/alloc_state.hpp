// alloc_state: what is behind an alloc: its ranks, their events, and who waits for them. Compiled once on
// request.
#pragma once

#include <algorithm>
#include <coroutine>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/alloc/alloc.hpp"
#include "viceroy/base/alive.hpp"
#include "viceroy/base/at_end.hpp"
#include "viceroy/base/fifo.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/host/launcher.hpp"
#include "viceroy/id/uid.hpp"

namespace viceroy {

namespace detail {

// What an alloc, its tasks and its launcher's events share. Threads: the loop's.
class alloc_state : public counted {
 public:
  alloc_state(runtime_core& core, alloc_spec wanted, bootstrap_command command)
      : core_(&core),
        spec_(std::move(wanted)),
        command_(std::move(command)),
        name_(unique_label(spec_.proc_name().empty() ? "proc" : spec_.proc_name().text())),
        launcher_(core.make_launcher()) {
    for (std::size_t rank = 0; rank != spec_.extent().ranks(); ++rank) ranks_.push_back({});
  }

  const alloc_spec& spec() const { return spec_; }

  void start() {
    if (taken(started_, true)) return;
    const auto count = static_cast<std::uint32_t>(ranks_.size());
    living_ = count;
    for (std::uint32_t rank = 0; rank != count; ++rank) {
      launch_request what{rank,
                          label::parse(std::string(name_.text()) + "_" + std::to_string(rank)),
                          spec_.transport(),
                          bootstrap_mode::allocated,
                          command_,
                          {}};
      ranks_[rank].index =
          launcher_->start(std::move(what), [this, rank](const launch_event& e) { happened(rank, e); });
    }
  }

  // Asks every process that lives to end.
  void stop() {
    if (taken(stopping_, true)) return;
    started_ = true;  // one that has not begun never does
    for (const one_rank& each : ranks_)
      if (each.index != 0 && !each.ended) launcher_->stop(each.index);
  }

  bool over() const { return started_ && living_ == 0; }

  // The handle is gone: what runs is stopped, and this lives until that is done.
  void abandon() {
    stop();
    if (over()) return;
    held_ = core_->hold("the processes of allocation " + std::string(name_.text()));
    self_ = shared<alloc_state>::of(*this);
  }

  bool has_event() const { return !events_.empty() || over(); }
  alloc_event take() { return events_.empty() ? alloc_event() : events_.pop(); }
  const std::vector<std::string>& left() const { return left_; }

  // Who waits for an event, or for the end; each at most one.
  std::coroutine_handle<> reader;
  series<std::coroutine_handle<>*> closers;

 private:
  struct one_rank {
    std::uint32_t index = 0;
    bool ended = false;
  };

  void happened(std::uint32_t rank, const launch_event& e) {
    alloc_event told;
    told.rank = rank;
    told.pid = e.pid;
    told.sentence = e.sentence;
    switch (e.what) {
      case launch_event::kind::created:
        told.what = alloc_event::kind::created;
        break;
      case launch_event::kind::running:
        told.what = alloc_event::kind::running;
        told.agent = e.agent;
        break;
      case launch_event::kind::ended:
        told.what = e.asked && e.gone ? alloc_event::kind::stopped : alloc_event::kind::failed;
        if (!e.gone || e.ended_badly) left_.push_back(e.sentence);
        ranks_[rank].ended = true;
        --living_;
        break;
    }
    const alive::view here = alive_.watch();
    const auto last = living_ == 0 ? shared<alloc_state>::of(*this) : shared<alloc_state>();
    if (!self_) events_.push(std::move(told));
    if (reader) taken(reader).resume();
    if (!here || !over()) return;
    while (!closers.empty()) {  // each may take another away
      std::coroutine_handle<>& next = *closers.back();
      closers.pop_back();
      taken(next).resume();
    }
    if (!self_) return;
    // The launcher is still on the stack.
    core_->loop().post([mine = std::move(self_), token = std::move(held_)] {});
  }

  runtime_core* core_;
  alloc_spec spec_;
  bootstrap_command command_;
  label name_;
  owned<launcher> launcher_;
  series<one_rank> ranks_;
  std::uint32_t living_ = 0;
  fifo<alloc_event> events_;
  std::vector<std::string> left_;  // what could not be stopped, or not in order
  at_end held_;
  shared<alloc_state> self_;
  bool started_ = false;
  bool stopping_ = false;
  alive alive_;
};

// Waits for the next event, or for the end. Its frame may go away while it waits.
class alloc_reading {
 public:
  explicit alloc_reading(alloc_state& s) : state_(s) {}
  alloc_reading(const alloc_reading&) = delete;
  alloc_reading& operator=(const alloc_reading&) = delete;
  ~alloc_reading() {
    if (waits_) state_.reader = nullptr;
  }
  bool await_ready() const { return state_.has_event(); }
  void await_suspend(std::coroutine_handle<> h) {
    if (state_.reader)
      throw error(errc::inert, "two readers wait for the events of one allocation; it has one consumer");
    state_.reader = h;
    waits_ = true;
  }
  void await_resume() { waits_ = false; }

 private:
  alloc_state& state_;
  bool waits_ = false;
};
class alloc_closing {
 public:
  explicit alloc_closing(alloc_state& s) : state_(s) {}
  alloc_closing(const alloc_closing&) = delete;
  alloc_closing& operator=(const alloc_closing&) = delete;
  ~alloc_closing() {
    if (waiter_) state_.closers.erase(&waiter_);
  }
  bool await_ready() const { return state_.over(); }
  void await_suspend(std::coroutine_handle<> h) {
    waiter_ = h;
    state_.closers.push_back(&waiter_);
  }
  void await_resume() const {}

 private:
  alloc_state& state_;
  std::coroutine_handle<> waiter_;
};

inline task<alloc_event> read_alloc(shared<alloc_state> state) {
  state->start();
  alloc_reading ready(*state);
  co_await ready;
  co_return state->take();
}
inline task<void> close_alloc(shared<alloc_state> state) {
  state->stop();
  alloc_closing closed(*state);
  co_await closed;
  std::string all;
  for (const std::string& each : state->left()) all += (all.empty() ? "" : "; ") + each;
  if (!all.empty()) throw error(errc::system, all);
}

}  // namespace detail

VICEROY_DECL alloc::alloc(runtime_core& core, alloc_spec wanted, bootstrap_command command)
    : state_(make_counted<detail::alloc_state>(core, std::move(wanted), std::move(command))) {}
VICEROY_DECL const viceroy::extent& alloc::extent() const { return state().spec().extent(); }
VICEROY_DECL viceroy::transport alloc::transport() const { return state().spec().transport(); }
VICEROY_DECL task<alloc_event> alloc::next() {
  static_cast<void>(state());
  return detail::read_alloc(state_);
}
VICEROY_DECL task<void> alloc::stop() {
  static_cast<void>(state());
  return detail::close_alloc(state_);
}
VICEROY_DECL detail::alloc_state& alloc::state() const {
  if (!state_) throw error(errc::inert, "an alloc was used after it was moved from");
  return *state_;
}
VICEROY_DECL void alloc::abandon() noexcept {
  if (state_) taken(state_)->abandon();
}
VICEROY_DECL alloc::alloc(alloc&&) noexcept = default;
VICEROY_DECL alloc& alloc::operator=(alloc&& other) noexcept {
  if (this != &other) {
    abandon();
    state_ = std::move(other.state_);
  }
  return *this;
}
VICEROY_DECL alloc::~alloc() { abandon(); }

}  // namespace viceroy
