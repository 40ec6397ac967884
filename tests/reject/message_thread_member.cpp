// Neither can a thread be sent; a message that stays in its process may hold one.
// expect: this_message_has_a_member_that_cannot_be_written_down
// expect: reject_test::work(;|,)
// expect: std::thread
#include <thread>

#include "viceroy/message/message.hpp"

namespace reject_test {

struct work {
  std::thread runner;
#ifndef REJECT
  using local = std::true_type;
#endif
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::work>());  // reject-from
