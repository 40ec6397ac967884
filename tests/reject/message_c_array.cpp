// A C array cannot be taken apart like other members.
// expect: a message may not have a C array as a member: make it a std::array
// expect: reject_test::samples
#include <array>

#include "viceroy/message/message.hpp"

namespace reject_test {

struct samples {
#ifdef REJECT
  double values[3];
#else
  std::array<double, 3> values;
#endif
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::samples>());  // reject-from
