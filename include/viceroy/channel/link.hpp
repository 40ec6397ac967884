// link: one ordered road between two processes, whatever carries it; no Asio here.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>

#include "viceroy/base/error.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/id/address.hpp"
#include "viceroy/wire/bytes.hpp"
#include "viceroy/wire/envelope.hpp"
#include "viceroy/wire/payload.hpp"

namespace viceroy {

// What became of a message that was given to a link. Everything but `posted` leaves the message with the
// caller.
enum class post_result { posted, busy, closed, too_large };

// One ordered road to another process. Used on its loop's thread only.
class link : public counted {
 public:
  virtual ~link() = default;

  // Appends one message to what leaves with the next flush. Order: as posted. Cost: one encoding, straight
  // into the link's buffer; never blocks, never throws for a reason of the network. While connecting,
  // messages wait here.
  virtual post_result post(const envelope& header, const payload_view& payload) = 0;

  // Writes what waits without blocking; what the peer does not take yet leaves when it can.
  virtual void flush() = 0;

  // Ends the link; `reason` reaches the other side where it still can, and link_events::closed here.
  virtual void close(const std::string& reason) = 0;

  virtual bool connected() const = 0;               // the handshake is complete, and it is not closed
  virtual std::size_t waiting_bytes() const = 0;    // posted, not yet taken by the kernel
  virtual const series<address>& peer() const = 0;  // what the other process serves, as it said in its
                                                    // handshake; until then, the address that was dialled
};

// A message that arrived. Body and parts live as long as the call; what wants to stay copies, or shares
// `owner`.
struct arrival {
  std::span<const std::byte> body;
  std::span<const bytes> parts;
};

// What a link tells its owner; all on the link's loop.
class link_events {
 public:
  virtual void opened(link& road) = 0;  // handshake complete
  virtual void arrived(link& road, const envelope& header, const arrival& payload) = 0;
  virtual void returned(const envelope& header, const arrival& payload,
                        const error& cause) = 0;            // never left this process
  virtual void closed(link& road, const error& cause) = 0;  // once, last; the cause names the peer

 protected:
  ~link_events() = default;
};

}  // namespace viceroy
