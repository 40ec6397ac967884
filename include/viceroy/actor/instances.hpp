// instances: how an instance begins and ends, and who waits for that. Compiled once on request.
#pragma once

#include <atomic>
#include <coroutine>
#include <utility>

#include "viceroy/actor/building_site.hpp"
#include "viceroy/actor/instance.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/shared.hpp"

namespace viceroy {

namespace detail {

// How an instance ended: outlives its mailbox, for the handle and those who wait.
struct instance_end : counted {
  explicit instance_end(mailbox* of) : box(of) {}

  struct awaiter {
    instance_end& end;
    std::coroutine_handle<> handle{};
    awaiter* next = nullptr;
    explicit awaiter(instance_end& e) : end(e) {}
    awaiter(const awaiter&) = delete;
    awaiter& operator=(const awaiter&) = delete;
    ~awaiter() {
      awaiter** at = &end.waiting;
      while (*at && *at != this) at = &(*at)->next;
      if (*at) *at = next;
    }
    bool await_ready() const { return is_terminal(end.how); }
    void await_suspend(std::coroutine_handle<> h) {
      handle = h;
      next = end.waiting;
      end.waiting = this;
    }
    void await_resume() const {
      if (end.cause) throw *end.cause;
    }
  };

  void tell(status s, const error* why) {
    how = s;
    if (why) cause = make_owned<const error>(*why);
    while (awaiter* const last = waiting) {  // each may destroy others
      waiting = last->next;
      last->handle.resume();
    }
  }

  mailbox* box;                              // until it is terminal
  std::atomic<status> how{status::running};  // whose handle goes may be on another thread
  owned<const error> cause;
  awaiter* waiting = nullptr;  // the last to come first
};

inline task<void> wait_for_end(shared<instance_end> end) { co_await instance_end::awaiter(*end); }

}  // namespace detail

VICEROY_DECL instance::instance(directory& home, label name) {
  detail::building_site site(home, nullptr, pool::class_of(sizeof(mailbox)));
  auto* const box = ::new (site.memory()) mailbox(home.queue(), home, nullptr);
  site.add(*box, name);
  end_ = make_counted<detail::instance_end>(box);
  life::mark_instance(*box);
  life::watch(*box, [end = end_](viceroy::status how, const error* cause) { end->tell(how, cause); });
  bind(*box);
  site.finish();
}

VICEROY_DECL instance::instance(instance&& other) noexcept { take(other); }

VICEROY_DECL instance& instance::operator=(instance&& other) noexcept {
  if (this != &other) {
    end();
    take(other);
  }
  return *this;
}

VICEROY_DECL instance::~instance() { end(); }

VICEROY_DECL viceroy::status instance::status() const {
  if (!end_) return viceroy::status::not_exist;
  if (is_terminal(end_->how)) return end_->how;
  return end_->box->is_closed() ? viceroy::status::stopping : end_->box->status();
}

VICEROY_DECL task<void> instance::wait() const {
  if (!end_) throw error(errc::inert, "wait() on an instance that was moved from");
  return detail::wait_for_end(end_);
}

VICEROY_DECL void instance::end() noexcept {
  if (end_ && !is_terminal(end_->how)) {
    run_queue& q = end_->box->queue();
    const auto stop = [end = end_] {
      if (!is_terminal(end->how) && !end->box->is_closed()) life::stop(*end->box, stop_mode::stop);
    };
    run_queue::current() == &q ? stop() : q.loop().post(stop);
  }
  unbind();
}

VICEROY_DECL void instance::take(instance& other) noexcept {
  end_ = std::move(other.end_);
  bind(other);
  other.unbind();
}

}  // namespace viceroy
