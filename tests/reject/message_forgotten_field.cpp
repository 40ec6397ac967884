// A member that VICEROY_FIELDS does not list would silently stay behind.
// expect: VICEROY_FIELDS leaves a member out: list it, or say using unlisted_members = std::true_type;
// expect: reject_test::echo
#include <string>

#include "viceroy/message/message.hpp"

namespace reject_test {

struct echo {
  std::string text;
  int times;
#ifdef REJECT
  VICEROY_FIELDS(echo, text);
#else
  VICEROY_FIELDS(echo, text, times);
#endif
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::echo>());  // reject-from
