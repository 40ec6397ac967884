// A message that cannot be copied, repeated.
// expect: a_periodic_message_is_copied_each_time__this_one_cannot_be_copied__use_after_again_from_its_handler
// max-lines-g++: 10
// max-lines-clang: 20
#include <memory>

#include "viceroy/actor/actor.hpp"

namespace vr = viceroy;

namespace reject_test {

struct boxed {
  using local = std::true_type;
  std::unique_ptr<int> n;
};
struct owner {
  using handles = vr::messages<boxed>;
  void handle(vr::context<owner>&, boxed) {}
};

void run(vr::context<owner>& cx) {
#ifdef REJECT
  cx.every<boxed>(std::chrono::milliseconds(5), std::make_unique<int>(1));  // reject-here
#else
  cx.after<boxed>(std::chrono::milliseconds(5), std::make_unique<int>(1));
#endif
}

}  // namespace reject_test
