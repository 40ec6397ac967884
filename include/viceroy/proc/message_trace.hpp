// message_trace: what became of one message: its hops, with times, as they happen.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/mailbox/tracer.hpp"

namespace viceroy {

namespace detail {
class message_traces;

// What is noted of one.
struct traced_message : counted {
  virtual ~traced_message() = default;
  virtual std::vector<std::string> hops() = 0;
};
}  // namespace detail

// The hops of one message, and of its answer, that this process has seen. Each is printed on stderr as it
// happens, too, in every process it comes through. A value; copies tell the same. Threads: any.
class message_trace {
 public:
  using number = tracer::number;

  message_trace() = default;

  // Returns: the hops so far, a line each.
  std::vector<std::string> hops() const;

  // Begins one; its name in other processes is the time of its beginning.
  static std::pair<message_trace, number> begin();
  // Returns: the process's notes, for tracer::use.
  static tracer& notes();

 private:
  friend class detail::message_traces;
  shared<detail::traced_message> record_;
};

// Follows the next message that is sent on a loop. Threads: the loop's.
VICEROY_DECL message_trace follow_next(run_queue& q);

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/proc/message_traces.hpp"
#endif
