// loop_thread: the thread of a loop.
#pragma once

#include <pthread.h>

#include <cstdio>
#include <exception>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/errno_text.hpp"
#include "viceroy/base/error.hpp"

namespace viceroy {

// Runs one function at a time, and is joined or left behind before it goes; left behind, it stays in memory.
// (What is used here of std::thread, whose header brings what stops and what waits.)
class loop_thread {
 public:
  loop_thread() noexcept = default;
  loop_thread(const loop_thread&) = delete;
  loop_thread& operator=(const loop_thread&) = delete;

  // Begins. Errors: system, where no thread can be had.
  void start(callback<void()> work, const char* name = nullptr) {
    work_ = std::move(work);
    const int failure = ::pthread_create(&thread_, nullptr, &loop_thread::run, this);
    if (failure != 0) throw error(errc::system, "a thread could not be started: " + errno_text(failure));
    runs_ = true;
    if (name) ::pthread_setname_np(thread_, name);
  }
  bool runs() const noexcept { return runs_; }
  // Waits for its end. One that would wait for itself ends the process: nothing it stands on may go.
  void join() noexcept {
    if (const int failure = ::pthread_join(thread_, nullptr)) {
      std::fprintf(stderr,
                   "viceroy: a runtime was destroyed on its own loop's thread (%s); destroy it where it was "
                   "made\n",
                   errno_text(failure).c_str());
      std::terminate();
    }
    runs_ = false;
  }
  void leave_behind() noexcept {
    ::pthread_detach(thread_);
    runs_ = false;
  }

 private:
  static void* run(void* self) noexcept {
    static_cast<loop_thread*>(self)->work_();
    return nullptr;
  }

  callback<void()> work_;
  pthread_t thread_{};
  bool runs_ = false;  // has begun, and was neither joined nor left behind
};

}  // namespace viceroy
