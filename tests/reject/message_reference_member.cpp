// A reference cannot be read back.
// expect: a message may not have a reference as a member: hold the value, or an id
// expect: reject_test::view
#include <string>

#include "viceroy/message/message.hpp"

namespace reject_test {

struct view {
  int length;
#ifdef REJECT
  std::string& text;
#else
  std::string text;
#endif
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::view>());  // reject-from
