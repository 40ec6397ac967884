// root_task: the task that a program's root function makes, with its exit status.
#pragma once

#include "viceroy/base/task.hpp"
#include "viceroy/bootstrap/process_runtime.hpp"

namespace viceroy::detail {

// Calls the root function when it is awaited. Returns: its value, 0 for one that has none. Errors: what it
// throws.
inline task<int> root_task(root_function root) {
  if (root.valued) co_return co_await root.valued(root.with);
  co_await root.plain(root.with);
  co_return 0;
}

}  // namespace viceroy::detail
