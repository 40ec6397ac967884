// The actor says how much its mailbox holds by a type that is nothing of the kind.
// expect: the_actor_has_an_unknown_mailbox__write_using_mailbox_bounded_or_leave_it_out
// expect: reject_test::counter
// max-lines-g++: 16
// max-lines-clang: 20
#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct small {};

struct counter {
#ifdef REJECT
  using mailbox = small;
#else
  using mailbox = vr::bounded<4>;
#endif
  using handles = vr::messages<>;
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
