// An actor whose name compilers would spell differently: a class in a function.
// expect: compilers spell this type's name differently: give it one, static constexpr auto name
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

#ifdef REJECT
inline auto make() {
  struct here {
    using handles = vr::messages<>;
  };
  return here();
}
using counter = decltype(make());
#else
struct counter {
  using handles = vr::messages<>;
};
#endif

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
