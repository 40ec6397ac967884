// A class that is no aggregate must say what its fields are.
// expect: a message must be an aggregate, or list its members with VICEROY_FIELDS in its public part
// expect: reject_test::account
#include "viceroy/message/message.hpp"

namespace reject_test {

class account {
  [[maybe_unused]] long cents_ = 0;

#ifndef REJECT
 public:
#endif
  VICEROY_FIELDS(account, cents_);
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::account>());  // reject-from
