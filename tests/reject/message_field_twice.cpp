// A member that is listed twice would be written twice, and the second reading win.
// expect: VICEROY_FIELDS lists a member twice
// expect: reject_test::point
#include "viceroy/message/message.hpp"

namespace reject_test {

class point {
  int x_ = 0;
  int y_ = 0;

 public:
#ifdef REJECT
  VICEROY_FIELDS(point, x_, y_, x_);
#else
  VICEROY_FIELDS(point, x_, y_);
#endif
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::point>());  // reject-from
