// A base class's VICEROY_FIELDS says nothing of the members that were added to it.
// expect: VICEROY_FIELDS
// expect: reject_test::more
#include "viceroy/message/message.hpp"

namespace reject_test {

struct less {
  int a;
  VICEROY_FIELDS(less, a);
};
struct more : less {
  int b;
#ifndef REJECT
  VICEROY_FIELDS(more, a, b);
#endif
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::more>());  // reject-from
