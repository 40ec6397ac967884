// tracer: who notes the hops of a message that is followed; nobody, and no hop, unless one is.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace viceroy {

// The process's notes of messages that are followed (message_trace). Threads: any.
class tracer {
 public:
  // This process's number for a message that is followed; 0: none. Its name is the same in every process.
  using number = std::uint32_t;

  virtual void note(number which, const std::string& hop) = 0;
  virtual number adopt(std::uint64_t name) = 0;
  virtual std::uint64_t name_of(number which) = 0;

  static void use(tracer& t) noexcept { current_.store(&t, std::memory_order_release); }
  // Returns: null before a runtime has been made.
  static tracer* of_process() noexcept { return current_.load(std::memory_order_acquire); }

 protected:
  ~tracer() = default;

 private:
  static inline constinit std::atomic<tracer*> current_{nullptr};
};

inline void note_hop(tracer::number which, const std::string& hop) {
  if (tracer* const t = tracer::of_process()) t->note(which, hop);
}

}  // namespace viceroy
