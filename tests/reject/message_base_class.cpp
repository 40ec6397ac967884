// An aggregate with a base class would lose the base's members.
// expect: an aggregate with a base class needs VICEROY_FIELDS
// expect: reject_test::labelled
#include "viceroy/message/message.hpp"

namespace reject_test {

struct labelled_base {
  int label;
};
struct labelled : labelled_base {
  int value;
#ifndef REJECT
  VICEROY_FIELDS(labelled, label, value);
#endif
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::labelled>());  // reject-from
