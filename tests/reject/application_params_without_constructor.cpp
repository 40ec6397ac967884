// The actor has params and no constructor that takes them.
// expect: the_actor_is_not_constructible_from_its_params__add_that_constructor
// expect: reject_test::counter
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct settings {
  long start;
};
struct counter {
  using handles = vr::messages<>;
  using params = settings;
#ifdef REJECT
  explicit counter(std::string) {}
#else
  explicit counter(settings) {}
#endif
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
