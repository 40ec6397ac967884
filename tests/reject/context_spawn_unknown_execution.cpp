// An actor that no application lists says how it runs by a type that is nothing of the kind.
// expect: write `using execution = viceroy::own_thread;`, or leave it out
// max-lines-g++: 16
// max-lines-clang: 20
#include "viceroy/actor/actor.hpp"

namespace vr = viceroy;

namespace reject_test {

struct thread_pool {};

struct worker {
#ifdef REJECT
  using execution = thread_pool;
#else
  using execution = vr::own_thread;
#endif
  using handles = vr::messages<>;
};

}  // namespace reject_test

inline void start(vr::context<reject_test::worker>& cx) {
  cx.spawn<reject_test::worker>();  // reject-from
}
