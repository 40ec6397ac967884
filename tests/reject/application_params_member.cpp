// The params have a member that cannot be written down.
// expect: a message's members are numbers
// expect: reject_test::settings
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct settings {
#ifdef REJECT
  long* start;
#else
  long start;
#endif
};
struct counter {
  using handles = vr::messages<>;
  using params = settings;
  explicit counter(settings) {}
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
