// A request is an immutable value: who drops what a chained call returns has changed nothing.
// expect: (ignoring return value|unused-result)
// max-lines-clang: 6
#include <viceroy/viceroy.hpp>

#pragma GCC diagnostic error "-Wunused-result"

viceroy::alloc_spec request() {
  viceroy::alloc_spec spec(viceroy::dim("hosts", 2));
#if defined(REJECT)
  spec.proc_name("worker");  // reject-here
#else
  spec = spec.proc_name("worker");
#endif
  return spec;
}
