// A message that never leaves its process cannot be part of one that does.
// expect: this_message_has_a_member_that_cannot_be_written_down
// expect: reject_test::stays
#include "viceroy/message/message.hpp"

namespace reject_test {

struct stays {
  int value;
#ifdef REJECT
  using local = std::true_type;
#endif
};
struct leaves {
  stays one;
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::leaves>());  // reject-from
