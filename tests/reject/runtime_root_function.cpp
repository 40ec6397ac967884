// The root function of a program is no task.
// expect: the root function of a program is task<void> f\(runtime<App>&\) or task<int> f\(runtime<App>&\)
// max-lines-g++: 16
// max-lines-clang: 20
#include "viceroy/viceroy.hpp"

namespace vr = viceroy;

namespace reject_test {

struct counter {
  using handles = vr::messages<>;
};
using app = vr::application<"reject", vr::actors<counter>>;
#ifdef REJECT
inline void run(vr::runtime<app>&) {}
#else
inline vr::task<void> run(vr::runtime<app>&) { co_return; }
#endif

}  // namespace reject_test

VICEROY_MAIN(reject_test::app, reject_test::run)  // reject-from
