// participant: who takes part in sending: the context of an actor, or an instance.
#pragma once

#include <type_traits>
#include <utility>
#include <vector>

#include "viceroy/base/task.hpp"
#include "viceroy/id/port_id.hpp"
#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/mailbox/run_queue.hpp"

namespace viceroy {

namespace detail {

// See room.hpp.
template <class Targets>
task<void> await_room(mailbox_handle who, Targets targets);

inline const actor_id& actor_of(const actor_id& id) { return id; }
inline const actor_id& actor_of(const port_id& id) { return id.actor(); }

template <class Target>
concept many_actors = requires(const Target& t) { t.values().front().id(); };

}  // namespace detail

// The `cx` of every verb: the mailbox whose owner sends, opens ports and owns what it spawns.
// Threads: its loop's; elsewhere every verb throws wrong_thread.
class participant {
 public:
  participant(const participant&) = delete;
  participant& operator=(const participant&) = delete;

  actor_id id() const { return box().id(); }

  // Returns: its mailbox. Errors: inert once it has ended.
  mailbox& box() const {
    if (!box_ || box_->generation() != generation_) [[unlikely]]
      has_ended();
    return *box_;
  }
  // The same, for a verb: on the loop's thread only.
  mailbox& sender_box() const {
    mailbox& b = box();
    b.queue().check_thread(b);
    return b;
  }
  // Whether it is the actor whose handler runs, so that nothing has to be checked: see
  // run_queue::is_handling.
  bool is_handling() const { return run_queue::is_handling(box_); }
  mailbox& handling_box() const { return *box_; }

  // Waits until there is room for more messages to an actor, a port, or every actor of a mesh: in its mailbox
  // on this loop, and on the link to its process. For who sends much: `co_await cx.ready(target)` between
  // sends keeps them from coming back busy. Errors: timeout after limits::call, naming what is full;
  // wrong_thread; owner_gone. Cost: a coroutine frame; a look each millisecond while it waits.
  template <class Target>
  task<void> ready(const Target& target) {
    sender_box();
    std::vector<actor_id> all;
    if constexpr (detail::many_actors<Target>) {
      for (const auto& each : target.values()) all.push_back(each.id());
    } else {
      all.push_back(detail::actor_of(target.id()));
    }
    return detail::await_room(handle(), std::move(all));
  }

 protected:
  participant() = default;
  explicit participant(mailbox& b) { bind(b); }
  ~participant() = default;
  void bind(mailbox& b) {
    box_ = &b;
    generation_ = b.generation();
  }
  void bind(const participant& other) {
    box_ = other.box_;
    generation_ = other.generation_;
  }
  void unbind() { box_ = nullptr; }
  bool bound() const { return box_ != nullptr; }
  mailbox_handle handle() const { return box_ ? mailbox_handle(*box_, generation_) : mailbox_handle(); }

 private:
  [[noreturn, gnu::cold]] static void has_ended() {
    detail::throw_error(errc::inert,
                        "this instance has ended (it was stopped, or moved from); make another one");
  }

  mailbox* box_ = nullptr;
  std::uint32_t generation_ = 0;
};

}  // namespace viceroy
