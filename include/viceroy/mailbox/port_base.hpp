// port_base: the receiving end of one ephemeral port, without its type.
#pragma once

#include <cstdint>

#include "viceroy/base/error.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/mailbox/allowance.hpp"
#include "viceroy/mailbox/message_node.hpp"

namespace viceroy {

class mailbox;
class port_base;
class reader;
class run_queue;

// Where a port stands among its owner's ports and in the loop's table. It is a class of its own because a
// polymorphic class with a friend has, for g++, a destructor that anybody may reach.
class port_place {
 public:
  port_place(const port_place&) = delete;
  port_place& operator=(const port_place&) = delete;

  std::uint64_t number() const { return number_; }
  mailbox* owner() const { return owner_; }

 protected:
  port_place() = default;
  ~port_place() = default;

  allowance::granules held_ = 0;  // by what was delivered and not received yet; its owner counts them too

 private:
  friend class run_queue;
  std::uint64_t number_ = 0;
  mailbox* owner_ = nullptr;
  port_base* next_ = nullptr;
  port_base* previous_ = nullptr;
};

// Something with a number to which messages of one type can be sent: an open port, or an answer that is
// waited for. Threads: its loop's. It is in its owner's list and in the loop's table while it is open.
class port_base : public port_place {
 public:
  // Takes the payload out of a node of this port's type, or the `failure` that came instead. May destroy the
  // port.
  virtual void deliver(message_node& n) = 0;
  // The table of the messages that it takes.
  virtual const message_ops& takes() const = 0;
  // Hears that what was sent to `whom` (at `rank`) will have no answer. May destroy the port.
  virtual void lost(const actor_id& whom, std::uint32_t rank, const error& cause) = 0;
  // Hears that its owner ended; it is closed already. May destroy the port.
  virtual void orphaned(const error& cause) = 0;
  // Whether what arrives is an answer that was asked for: a full mailbox takes it all the same.
  virtual bool is_answer() const { return false; }

 protected:
  port_base() = default;
  ~port_base() = default;
};

}  // namespace viceroy
