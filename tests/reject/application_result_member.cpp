// An answer has a member that cannot be written down.
// expect: a message's members are numbers
// expect: reject_test::total
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct get {};
struct total {
#ifdef REJECT
  long* n;
#else
  long n;
#endif
};
struct counter {
  using handles = vr::messages<get>;
  total handle(vr::context<counter>&, get) { return {}; }
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
