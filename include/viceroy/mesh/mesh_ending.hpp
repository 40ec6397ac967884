// mesh_ending: the end of a mesh, which goes on whoever waits for it.
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

#include "viceroy/base/at_end.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/running.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mesh/status_inbox.hpp"

namespace viceroy {

// One per mesh that is being ended or has been. Threads: the loop's.
class mesh_ending : public counted {
 public:
  mesh_ending() = default;
  mesh_ending(const mesh_ending&) = delete;
  mesh_ending& operator=(const mesh_ending&) = delete;

  bool done() const { return done_; }
  void work(running r) { work_ = std::move(r); }
  void hold(at_end token) { hold_ = std::move(token); }
  void drop() { work_.reset(); }

  // Returns: whether somebody waited for it who hears how it went.
  bool finished(outcome<void> result) {
    bool heard = false;
    for (const waiter* const w : waiting_) heard = heard || w->hears_;
    result_ = std::move(result);
    done_ = true;
    hold_.reset();
    while (!waiting_.empty()) {
      waiter* const w = waiting_.back();
      waiting_.pop_back();
      w->wake();
    }
    return heard;
  }

  // Waits for the end; `owner`, if there is one, asked for it, and may end first. The ending outlives its
  // waiters.
  class waiter final : public control_port {
   public:
    waiter(shared<mesh_ending> e, mailbox* owner) : ending_(std::move(e)), hears_(owner != nullptr) {
      if (owner) listen(*owner);
    }
    ~waiter() { ending_->waiting_.erase(this); }

    bool await_ready() const { return ending_->done(); }
    void await_suspend(std::coroutine_handle<> h) {
      continuation_ = h;
      ending_->waiting_.push_back(this);
    }
    void await_resume() const {
      if (gone_) throw *gone_;
      if (!ending_->result_.ok()) std::rethrow_exception(ending_->result_.failure());
    }
    void orphaned(const error& cause) override {
      gone_ = make_owned<const error>(errc::owner_gone, cause.sentence());
      ending_->waiting_.erase(this);
      wake();
    }
    void wake() {
      if (continuation_) taken(continuation_).resume();
    }

   private:
    friend class mesh_ending;

    shared<mesh_ending> ending_;
    bool hears_;
    std::coroutine_handle<> continuation_;
    owned<const error> gone_;
  };

 private:
  running work_;
  at_end hold_;
  outcome<void> result_;
  bool done_ = false;
  series<waiter*> waiting_;
};

}  // namespace viceroy
