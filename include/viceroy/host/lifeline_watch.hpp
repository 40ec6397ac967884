// lifeline_watch: the thread that ends a process whose parent is gone, whatever its loops do.
#pragma once

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "viceroy/base/clock.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/base/owned_descriptor.hpp"
#include "viceroy/host/process_identity.hpp"
#include "viceroy/host/process_limits.hpp"

namespace viceroy {

// Ends this process, and its group where it leads that; never a group that others are in charge of.
[[noreturn]] inline void end_own_group() noexcept {
  if (::getpgrp() == ::getpid()) ::kill(0, SIGKILL);
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

// Watches a lifeline and a descriptor of the parent from a thread of its own, which blocks all signals,
// touches no loop and no lock, and so works while an actor spins, waits for ever or holds the allocator.
class lifeline_watch {
 public:
  // Starts the thread. Either descriptor may be empty.
  // Errors: system, where no thread can be had.
  lifeline_watch(owned_descriptor lifeline, owned_descriptor parent, std::chrono::milliseconds grace)
      : lifeline_(std::move(lifeline)), parent_(std::move(parent)), grace_(grace), parent_pid_(::getppid()) {
    released_ = owned_descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!released_) throw_system_error("eventfd", errno);
    start();
  }
  lifeline_watch(const lifeline_watch&) = delete;
  lifeline_watch& operator=(const lifeline_watch&) = delete;

  // Ends the watch while the parent lives. Once the parent is gone it ends the process instead: what this
  // process forked is in its group and has nobody else. In a fork's copy: nothing.
  ~lifeline_watch() {
    if (!home_.still_here()) return;
    ::eventfd_write(released_.get(), 1);
    ::pthread_join(thread_, nullptr);
  }

  // Tells whether the parent is gone. Threads: any.
  bool orphaned() const noexcept { return orphaned_.load(std::memory_order_relaxed); }

 private:
  void start() {
    pthread_attr_t attributes;
    if (const int failure = ::pthread_attr_init(&attributes))
      throw_system_error("pthread_attr_init", failure);
    ::pthread_attr_setstacksize(&attributes, limit::watch_stack_bytes);
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = ::pthread_create(&thread_, &attributes, &lifeline_watch::run, this);
    // Thread-locals of the program may not fit; the default stack then does.
    if (failure == EINVAL) failure = ::pthread_create(&thread_, nullptr, &lifeline_watch::run, this);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::pthread_attr_destroy(&attributes);
    if (failure != 0) throw_system_error("pthread_create", failure);
    ::pthread_setname_np(thread_, "lifeline");
  }

  static void* run(void* self) noexcept {
    static_cast<lifeline_watch*>(self)->watch();
    return nullptr;
  }

  void watch() noexcept {
    if (!wait_for_parents_end()) return;
    orphaned_.store(true, std::memory_order_relaxed);
    pollfd released{released_.get(), POLLIN, 0};
    const auto end = std::chrono::steady_clock::now() + finite(grace_);
    for (;;) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
      if (left <= 0 || ::poll(&released, 1, static_cast<int>(std::min<std::int64_t>(left, 1'000))) > 0) break;
    }
    end_own_group();
  }

  // Returns false when the watch was released first.
  bool wait_for_parents_end() const noexcept {
    enum { released, lifeline, parent };
    pollfd watched[3] = {
        {released_.get(), POLLIN, 0}, {lifeline_.get(), POLLRDHUP, 0}, {parent_.get(), POLLIN, 0}};
    for (;;) {
      // Code that closes every descriptor it can find takes ours along; asking for the parent is left then.
      const bool blind = watched[lifeline].fd < 0 && watched[parent].fd < 0;
      const int ready = ::poll(watched, 3, blind ? static_cast<int>(limit::orphan_poll.count()) : -1);
      if (blind && ::getppid() != parent_pid_) return true;
      if (ready <= 0) continue;
      if ((watched[released].revents & POLLIN) != 0) return false;
      for (pollfd& one : watched) {
        if ((one.revents & POLLNVAL) != 0) one.fd = -1;
      }
      if (ended(watched[lifeline]) || ended(watched[parent])) return true;
    }
  }

  static bool ended(const pollfd& one) noexcept { return one.fd >= 0 && one.revents != 0; }

  owned_descriptor lifeline_;
  owned_descriptor parent_;
  owned_descriptor released_;
  std::chrono::milliseconds grace_;
  pid_t parent_pid_;
  pthread_t thread_{};
  std::atomic<bool> orphaned_{false};
  process_identity home_;
};

}  // namespace viceroy
