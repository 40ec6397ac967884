// task_errors: how what leaves a task's coroutine gets to who awaits it. Compiled once on request.
#pragma once

#include <exception>

#include "viceroy/base/config.hpp"
#include "viceroy/base/task.hpp"

namespace viceroy::detail {

VICEROY_DECL void task_promise_base::unhandled_exception() noexcept { error_ = std::current_exception(); }

VICEROY_DECL void task_promise_base::rethrow() const { std::rethrow_exception(error_); }

}  // namespace viceroy::detail
