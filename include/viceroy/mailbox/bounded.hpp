// bounded: how many messages an actor's mailbox holds, and what becomes of one more.
#pragma once

#include <cstddef>
#include <cstdint>

namespace viceroy {

// What a full mailbox does with one more message. A call that is lost so always hears of it: mailbox_full.
enum class when_full : std::uint8_t {
  reject,       // it goes back to its sender, who is told (undeliverable)
  drop_oldest,  // the one that has waited longest is dropped, and this one waits
  drop_newest,  // this one is dropped
  suspend,      // a call waits all the same, and with it the coroutine that awaits it; a send goes back
};

// Says in an actor, `using mailbox = vr::bounded<100, vr::when_full::drop_oldest>;`, how many messages may
// wait for its handlers. Answers, messages to its ports and what supervision tells do not count. Whatever the
// policy, `co_await cx.ready(target)` waits until one on the same loop is at most half full; of one in
// another process it sees the link only.
template <std::size_t Most, when_full Then = when_full::reject>
struct bounded {
  static_assert(Most > 0 && Most <= 0xffffffff,
                "a bounded mailbox holds at least one message: bounded<N, policy>");
  static constexpr std::uint32_t most = static_cast<std::uint32_t>(Most);
  static constexpr when_full then = Then;
};

// Whether A::mailbox, if there is one, is something that this version knows.
template <class A>
inline constexpr bool knows_mailbox = !requires { typename A::mailbox; } || requires { A::mailbox::most; };

// The same for the untyped core.
struct mailbox_bound {
  std::uint32_t most = 0;  // 0: bounded in bytes only
  when_full then = when_full::reject;
};

template <class A>
consteval mailbox_bound bound_of() {
  if constexpr (requires { A::mailbox::most; }) {
    return {A::mailbox::most, A::mailbox::then};
  } else {
    return {};
  }
}

}  // namespace viceroy
