// router: where a message goes that is not for this loop; the seam between sending and roads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "viceroy/wire/envelope.hpp"
#include "viceroy/wire/payload.hpp"

namespace viceroy {

// Sends to other processes. Implemented over links by proc/, and by the simulated network of testing/.
// Threads: the loop's.
class router {
 public:
  // Sends a message to a proc that does not live in this process. Order: as posted, per receiving proc. What
  // cannot be sent comes back to its sender with the cause, never as an exception.
  virtual void post(const envelope& header, const payload_view& payload) = 0;

  // Returns: how much was posted to a proc's process and waits here, because the process is slower than its
  // senders.
  virtual std::size_t waiting_bytes(const proc_id&) const { return 0; }

  // Returns: what a type of message is called, if this process knows it; for errors.
  virtual std::string_view name_of(std::uint64_t) const { return {}; }

 protected:
  ~router() = default;
};

}  // namespace viceroy
