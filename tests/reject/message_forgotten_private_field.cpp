// The same in a class that is no aggregate, where the size gives the forgotten member away.
// expect: VICEROY_FIELDS leaves a member out: list it, or say using unlisted_members = std::true_type;
// expect: reject_test::account
#include <string>

#include "viceroy/message/message.hpp"

namespace reject_test {

class account {
  std::string owner_;
  long cents_ = 0;

 public:
#ifdef REJECT
  VICEROY_FIELDS(account, cents_);
#else
  VICEROY_FIELDS(account, owner_, cents_);
#endif
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::account>());  // reject-from
