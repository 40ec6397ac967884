// A member of a message lists its own members, in its private part.
// expect: classes with VICEROY_FIELDS in their public part
// expect: reject_test::amount
// expect: reject_test::add
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

class amount {
#ifndef REJECT
 public:
#endif
  VICEROY_FIELDS(amount, cents_)

 private:
  long cents_ = 0;
};
struct add {
  amount n;
};
struct counter {
  using handles = vr::messages<add>;
  void handle(vr::context<counter>&, add) {}
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
