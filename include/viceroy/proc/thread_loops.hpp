// thread_loops: the loops of a process's actors that have a thread of their own.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/base/owned.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/mailbox/own_loops.hpp"
#include "viceroy/proc/loop.hpp"
#include "viceroy/proc/loop_thread.hpp"

namespace viceroy {

// The router of such a loop: what leaves the process goes by way of the process's loop, which has the links.
class relay final : public router {
 public:
  relay(loop& main, run_queue& mine) : main_(&main), queue_(&mine) {}

  void post(const envelope& e, const payload_view& payload) override {
    queue_->stay_if_abandoned();
    encoded copy;
    if (payload.typed()) {
      copy.body.resize(payload.ops().encoded_size(payload.object()));
      writer out{std::span(copy.body)};
      payload.ops().encode(out, payload.object());
      if (out.failed())
        return return_arrival(*queue_, e, errc::frame_too_large, std::string(payload.ops().name),
                              out.reason());
      copy.parts = out.take_parts();
    } else if (payload.bytes()) {
      copy = encoded(*payload.bytes());
    }
    main_->post([main = main_, e, copy = std::move(copy)] { main->roads().post(e, payload_view(copy)); });
  }
  std::string_view name_of(std::uint64_t type) const override { return main_->roads().name_of(type); }

 private:
  loop* main_;
  run_queue* queue_;
};

// One such loop. Its thread runs until the next actor needs the loop, or the process ends: what was sent to
// the actor that has ended comes back from there. Threads: the lender's lock stands before all.
class thread_loop final : public own_loop {
 public:
  explicit thread_loop(loop& main) : loop_(identity(), bounds_), relay_(main, loop_.queue()) {
    loop_.queue().set_router(&relay_);
  }
  ~thread_loop() {
    const loop::attached here(loop_);
    homes_.clear();
  }

  directory& home() override { return *homes_.back(); }
  run_queue& queue() { return loop_.queue(); }
  void post(callback<void()> work) { loop_.post(std::move(work)); }

  void start() override {
    thread_.start([this] { loop_.run(); }, "own thread");
  }
  void do_posted() override { loop_.do_posted(); }
  void finished() noexcept override { busy_.store(false, std::memory_order_release); }
  bool busy() const noexcept { return busy_.load(std::memory_order_acquire); }

  // Makes it ready for another actor.
  void open(directory& proc, std::uint64_t number, own_loops& lender) {
    stop();
    bounds_ = proc.queue().bounds();
    bounds_.turn_messages = 1;  // it looks whether it was stopped before it blocks again
    auto part = make_owned<directory>(proc.id().whole().part(number), loop_.queue());
    part->set_core(proc.core());
    part->set_threads(&lender);
    part->bound_arrivals(bounds_.mailbox_bytes);
    part->publish();
    homes_.push_back(std::move(part));
    busy_.store(true, std::memory_order_relaxed);
  }
  // Ends the thread, which is in no handler.
  void stop() {
    if (!thread_.runs()) return;
    loop_.post([this] { loop_.stop(); });
    thread_.join();
  }
  // Ends all but the memory.
  void close() {
    const loop::attached here(loop_);
    for (auto& each : homes_) {
      each->withdraw();
      life::end_all(*each);
    }
  }
  // Leaves its thread behind, which is in a handler.
  void abandon() {
    loop_.queue().abandon();
    for (auto& each : homes_) each->id().set_home(nullptr);
    if (thread_.runs()) thread_.leave_behind();
  }

 private:
  limits bounds_;
  loop loop_;
  relay relay_;
  series<owned<directory>> homes_;  // of the actors that had it; the last may have it still
  loop_thread thread_;
  std::atomic<bool> busy_{false};
};

// All of a process. A loop that is free again is lent to the next actor, so that there are as many as there
// were actors at once. Threads: any.
class thread_loops final : public own_loops {
 public:
  explicit thread_loops(loop& main) : main_(&main) {}
  thread_loops(const thread_loops&) = delete;
  thread_loops& operator=(const thread_loops&) = delete;
  ~thread_loops() {
    const std::lock_guard lock(guard_);
    for (auto& each : all_) each->close();
    for (auto& each : all_) each->queue().clear();
    main_->queue().clear();
    for (auto& each : all_) each->queue().clear();
  }

  own_loop& lend(directory& proc) override {
    const std::lock_guard lock(guard_);
    thread_loop* found = nullptr;
    for (auto& each : all_)
      if (!each->busy() && &each->queue() != run_queue::current()) found = each.get();
    if (!found) found = all_.push_back(make_owned<thread_loop>(*main_)).get();
    found->open(proc, ++last_, *this);
    return *found;
  }

  // Ends what is awaited there from a proc that is gone.
  void tell_lost(const proc_id& gone, const error& cause) {
    const std::lock_guard lock(guard_);
    for (auto& each : all_)
      each->post([q = &each->queue(), gone, cause] { pending::tell_lost(*q, gone, cause); });
  }

  // Whether no actor has one any more.
  bool idle() {
    const std::lock_guard lock(guard_);
    for (auto& each : all_)
      if (each->busy()) return false;
    return true;
  }
  // Returns: who is still in a handler, in words.
  std::vector<std::string> held() {
    const std::lock_guard lock(guard_);
    std::vector<std::string> who;
    for (auto& each : all_) {
      if (!each->busy()) continue;
      holder& h = each->queue().holder();
      const holder::mark mark = h.set_mark();
      const holder::name name = mark.what ? h.read(mark) : holder::name();
      who.push_back(name.what.empty()
                        ? "an actor of " + std::string(each->home().id().text()) + " has not ended"
                        : std::string(name.type) + " " + name.actor.text() + " still handles " +
                              std::string(name.what));
    }
    return who;
  }
  // Ends the threads. One that is in a handler is left behind, with all that it may touch, the message that
  // another loop made included: it never comes back from there. Threads: the main loop's, or nobody else's.
  void end() {
    const std::lock_guard lock(guard_);
    const std::size_t before = all_.size();
    all_.erase_if([](owned<thread_loop>& each) {
      if (!each->busy()) {
        each->stop();
        return false;
      }
      static auto* const left_behind = new series<owned<thread_loop>>;
      each->abandon();
      left_behind->push_back(std::move(each));
      return true;
    });
    if (all_.size() == before) return;
    main_->queue().leave_behind();
    for (auto& each : all_) each->queue().leave_behind();
  }

 private:
  loop* main_;
  std::mutex guard_;
  series<owned<thread_loop>> all_;
  std::uint64_t last_ = 0;
};

}  // namespace viceroy
