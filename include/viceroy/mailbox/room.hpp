// room: waiting until a receiver, or the link that leads to it, takes more messages.
#pragma once

#include <coroutine>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/task.hpp"
#include "viceroy/mailbox/participant.hpp"

namespace viceroy::detail {

// Suspends until each of some actors' mailboxes and links is at most half full. It looks once a millisecond:
// room comes by megabytes, and a notice of each would stand on every message's path.
class room_awaiter {
 public:
  room_awaiter(mailbox& who, const std::vector<actor_id>& targets)
      : who_(who), queue_(&who.queue()), targets_(&targets) {}
  room_awaiter(const room_awaiter&) = delete;
  room_awaiter& operator=(const room_awaiter&) = delete;
  ~room_awaiter();

  bool await_ready() { return !full(); }
  void await_suspend(std::coroutine_handle<> waiting);
  // Errors: timeout, naming what is full; owner_gone.
  void await_resume() const;

 private:
  // Notes the first that is full.
  bool full();
  void look_later();

  mailbox_handle who_;
  run_queue* queue_;
  const std::vector<actor_id>* targets_;
  std::coroutine_handle<> waiting_;
  executor::timer timer_ = 0;
  executor::clock::time_point until_{};
  std::string fullest_;
  bool given_up_ = false;
};

// A template, so that g++ compiles it only where it is called: every other coroutine it emits into every
// file.
template <class Targets>
task<void> await_room(mailbox_handle who, Targets targets) {
  mailbox* const box = who.before_end();
  if (!box) throw_error(errc::owner_gone, "whoever waits for room to send has ended");
  co_await room_awaiter(*box, targets);
}

}  // namespace viceroy::detail

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/rooms.hpp"
#endif
