// process_identity: tells a process from the copy that a fork made of it.
#pragma once

#include <sys/types.h>
#include <unistd.h>

namespace viceroy {

// Remembers the process it was made in. A destructor that would stop, wait for or deregister something asks
// it first: in a fork's copy those things belong to the original, and the copy must leave them alone.
class process_identity {
 public:
  process_identity() noexcept : pid_(::getpid()) {}

  // Tells whether this is still the process it was made in. Cost: one system call.
  bool still_here() const noexcept { return ::getpid() == pid_; }

 private:
  pid_t pid_;
};

}  // namespace viceroy
