// Two messages have one name.
// expect: two_types_of_the_application_have_the_same_name_or_id__give_one_a_name_of_its_own
// expect: reject_test::add
// expect: reject_test::plus
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct add {
  static constexpr auto name = "test::add";
  long n;
};
struct plus {
#ifdef REJECT
  static constexpr auto name = "test::add";
#else
  static constexpr auto name = "test::plus";
#endif
  long n;
  long m;
};
struct counter {
  using handles = vr::messages<add, plus>;
  void handle(vr::context<counter>&, add) {}
  void handle(vr::context<counter>&, plus) {}
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
