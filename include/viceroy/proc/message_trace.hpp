// message_trace: what became of one message: its hops, with times, as they happen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/base/small_mutex.hpp"
#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/mailbox/tracer.hpp"

namespace viceroy {

namespace detail {

// What is noted of one.
struct trace_record : counted {
  trace_record(tracer::number n, std::uint64_t its) : which(n), name(its) {}
  const tracer::number which;
  const std::uint64_t name;  // nanoseconds of the steady clock, which a machine's processes share
  small_mutex guard;
  std::vector<std::string> lines;  // under guard
};

}  // namespace detail

// The hops of one message, and of its answer, that this process has seen. Each is printed on stderr as it
// happens, too, in every process it comes through. A value; copies tell the same. Threads: any.
class message_trace {
 public:
  message_trace() = default;

  // Returns: the hops so far, a line each.
  std::vector<std::string> hops() const;

 private:
  friend message_trace follow_next(run_queue& q);
  explicit message_trace(shared<detail::trace_record> of) : record_(of) {}

  shared<detail::trace_record> record_;
};

// Lets the process note what is followed elsewhere.
VICEROY_DECL void note_messages();

// Follows the next message that is sent on a loop. Threads: the loop's.
VICEROY_DECL message_trace follow_next(run_queue& q);

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/proc/message_traces.hpp"
#endif
