// Two actors have one name.
// expect: two_types_of_the_application_have_the_same_name_or_id__give_one_a_name_of_its_own
// expect: reject_test::counter
// expect: reject_test::totals
// max-lines-g++: 16
// max-lines-clang: 20
#include <string>

#include "viceroy/proc/application.hpp"

namespace vr = viceroy;

namespace reject_test {

struct counter {
  static constexpr auto name = "test::counter";
  using handles = vr::messages<>;
};
struct totals {
#ifdef REJECT
  static constexpr auto name = "test::counter";
#else
  static constexpr auto name = "test::totals";
#endif
  using handles = vr::messages<>;
};

}  // namespace reject_test

using app = vr::application<"reject", vr::actors<reject_test::counter, reject_test::totals>>;
inline const auto& table = viceroy::remote<app>::table;  // reject-from
