// descriptor_limit: the soft limit of open files, raised for a parent of many and restored in its children.
#pragma once

#include <sys/resource.h>

#include <mutex>
#include <optional>

namespace viceroy {

namespace detail {

struct descriptor_limit_record {
  std::mutex mutex;
  std::optional<rlim_t> soft_before;
};

inline descriptor_limit_record& descriptor_limit_before() {
  static descriptor_limit_record record;
  return record;
}

}  // namespace detail

// Raises the soft limit of open files to the hard one, once: each child costs five descriptors, so the usual
// 1 024 end at two hundred children. Returns the limit in force. Threads: any.
inline rlim_t raise_descriptor_limit() noexcept {
  auto& before = detail::descriptor_limit_before();
  const std::lock_guard lock(before.mutex);
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return 0;
  if (before.soft_before || now.rlim_cur == now.rlim_max) return now.rlim_cur;
  const rlim_t soft = now.rlim_cur;
  now.rlim_cur = now.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &now) != 0) return soft;
  before.soft_before = soft;
  return now.rlim_cur;
}

// Returns the soft limit as it was before raise_descriptor_limit(), or nothing where that changed nothing.
inline std::optional<rlim_t> descriptor_limit_before_raise() {
  auto& before = detail::descriptor_limit_before();
  const std::lock_guard lock(before.mutex);
  return before.soft_before;
}

// Lowers the soft limit of a child to what its parent started with: select() breaks above 1 024, and loops
// that close every possible descriptor crawl.
inline void restore_descriptor_limit(rlim_t soft) noexcept {
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) != 0 || soft >= now.rlim_cur) return;
  now.rlim_cur = soft;
  ::setrlimit(RLIMIT_NOFILE, &now);
}

}  // namespace viceroy
