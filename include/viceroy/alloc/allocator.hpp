// allocator: what can start bootstrap processes: the concept, and that of what it returns.
#pragma once

#include <concepts>
#include <utility>

#include "viceroy/alloc/alloc_spec.hpp"
#include "viceroy/base/task.hpp"
#include "viceroy/mesh/allocation.hpp"

namespace viceroy {

// One request that was granted: a move-only allocation. Nothing is started until it is driven.
template <class T>
concept allocation_type = std::derived_from<T, allocation> && std::movable<T> && !std::copyable<T>;

// What grants requests: `co_await a.allocate(spec)` on a runtime's loop gives an allocation.
template <class A>
concept allocator = requires(A& a, alloc_spec spec) {
  typename decltype(a.allocate(std::move(spec)))::value_type;
  requires allocation_type<typename decltype(a.allocate(std::move(spec)))::value_type>;
};

}  // namespace viceroy
