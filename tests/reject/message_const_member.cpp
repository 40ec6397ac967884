// A const member cannot be read back into.
// expect: this_message_has_a_member_that_cannot_be_written_down
// expect: const int
#include "viceroy/message/message.hpp"

namespace reject_test {

struct fixed {
#ifdef REJECT
  const int value;
#else
  int value;
#endif
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::fixed>());  // reject-from
