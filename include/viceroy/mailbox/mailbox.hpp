// mailbox: the receiving end of one actor or instance: who it is, whether it takes messages, what waits while
// it is busy.
#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/error.hpp"
#include "viceroy/base/executor.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/id/actor_id.hpp"
#include "viceroy/mailbox/allowance.hpp"
#include "viceroy/mailbox/bounded.hpp"
#include "viceroy/mailbox/message_node.hpp"

namespace viceroy {

class directory;
class port_base;
class roots_end;
class run_queue;

// The life of an actor, in order; the last three are final.
enum class status : std::uint8_t { not_exist, initializing, running, stopping, stopped, failed, timeout };

inline std::string_view text_of(status s) {
  constexpr std::string_view names[] = {"not_exist", "initializing", "running", "stopping",
                                        "stopped",   "failed",       "timeout"};
  return s <= status::timeout ? names[static_cast<std::size_t>(s)] : "no status";  // it may have travelled
}
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, status s) {
  return out << text_of(s);
}
inline bool is_terminal(status s) { return s >= status::stopped; }

// How one message type is handled by one actor type: made at compile time, one per pair.
struct handler_entry {
  std::uint64_t type_id;
  invoke_function invoke;
  const message_ops* ops;
};

// What the untyped core knows of an actor type: one constexpr table per type.
struct actor_ops {
  std::string_view name;
  std::uint64_t tag;                                    // type_id of the class's name
  const handler_entry* (*find)(std::uint64_t type_id);  // null: not handled
  void (*initialize)(mailbox&);                         // runs the init hook, then mailbox::started
  void (*stop)(mailbox&);                               // runs the stop hook, then mailbox::drained
  void (*destroy)(mailbox&) noexcept;  // cleanup hook and destructor of the actor, not of the mailbox
  bool (*supervise)(mailbox&, const void* event,
                    std::uint64_t type_id);  // hands an event to a handler if there is one
  mailbox_bound bound{};
};

// A handler of a reentrant actor that has begun and not ended: in its mailbox's list.
struct suspended_handler {
  std::coroutine_handle<> frame;
  mailbox* box = nullptr;
  message_node* node = nullptr;
  suspended_handler* next = nullptr;
  suspended_handler* previous = nullptr;
};

// What few mailboxes have: kept apart so that an idle actor stays small.
struct affairs {
  std::coroutine_handle<> suspended;          // the handler that is waiting; destroying it ends it
  suspended_handler* side_by_side = nullptr;  // those of a reentrant actor, which keep nobody waiting
  enum class ending : std::uint8_t { none, drain, stop, kill, fail } end = ending::none;
  bool in_hook = false;      // its stop hook has begun
  bool hook_begins = false;  // it is being called
  bool hook_ran = false;
  bool hook_failed = false;               // the cause is a stop hook's, its own or a child's
  bool failed = false;                    // by its own fault, not a child's: its stop hook does not run
  bool giving_up = false;                 // its suspended handlers are being destroyed
  std::uint32_t waiting = 0;              // messages that a bounded mailbox holds
  std::uint64_t turned_away = 0;          // those that it did not take, or dropped
  executor::timer deadline = 0;           // of a stop
  owned<const error> cause;               // of a failure
  callback<void()> on_started;            // called once, when its init hook is done
  message_node* deferred_head = nullptr;  // what waits while the handler is suspended
  message_node* deferred_tail = nullptr;
  series<callback<void(status, const error*)>> watchers;  // called once, at the end
};

// One actor's or instance's receiving end. Lives in memory that is a mailbox for ever (only the generation
// changes), so that a queued message may hold its address. Threads: its loop's.
class mailbox {
 public:
  // What its key says beside the generation of its slot, which a node is compared with as it stands.
  enum gate : std::uint64_t {
    open = 0,
    busy = std::uint64_t{1} << 32,
    closed = std::uint64_t{2} << 32,
    newborn = std::uint64_t{4} << 32
  };

  mailbox(run_queue& q, directory& d, const actor_ops* type);
  mailbox(const mailbox&) = delete;
  mailbox& operator=(const mailbox&) = delete;

  std::uint64_t key() const { return key_; }
  run_queue& queue() const { return *queue_; }
  directory& home() const { return *home_; }
  const actor_ops* ops() const { return ops_; }
  std::uint64_t tag() const { return ops_ ? ops_->tag : 0; }
  viceroy::label name() const { return id_.name(); }
  std::uint32_t slot() const { return slot_; }
  std::uint32_t generation() const { return static_cast<std::uint32_t>(key_); }
  viceroy::status status() const { return status_; }
  bool is_closed() const { return (key_ & closed) != 0; }
  bool is_busy() const { return (key_ & busy) != 0; }
  mailbox* parent() const { return parent_; }
  // Why it failed; null if it did not.
  const error* cause() const { return affairs_ ? affairs_->cause.get() : nullptr; }
  const actor_id& id() const { return id_; }
  std::string text() const { return id().text(); }

  // It has had no turn yet: until then what is sent to it waits in it, see run_queue::add.
  // It admits none, so that each sender asks it: that costs other mailboxes nothing.
  bool is_newborn() const { return (key_ & newborn) != 0; }
  void set_newborn(bool on) {
    key_ = on ? key_ | newborn : key_ & ~newborn;
    room_.withhold(on);
  }

  // What is being handled; null between messages. A suspended handler keeps its own. Not of a newborn.
  message_node* current() const { return current_; }
  void set_current(message_node* n) { current_ = n; }

  // The memory of waiting messages, those in its open ports included: at most limits::mailbox_bytes as it was
  // when this began, what was asked for apart. Of what came from another process all counts, else the node.
  std::uint64_t waiting_bytes() const { return room_.taken_bytes(); }
  std::uint64_t most_bytes() const { return room_.most_bytes(); }
  bool has_room(allowance::granules n) const { return room_.has(n); }
  allowance::granules room() const { return room_.left(); }
  // Returns: whether there was room.
  [[gnu::always_inline]] bool count_in(allowance::granules n) { return room_.take(n); }
  void count_out(allowance::granules n) { room_.give(n); }
  // A mailbox bounded in messages admits none either, from the beginning: it is no newborn.
  bool is_bounded() const { return room_.withheld() && !is_newborn(); }
  void set_bounded(bool on) { room_.withhold(on); }
  // How full a bounded one is; both 0 for others.
  std::uint32_t waiting_messages() const { return affairs_ ? affairs_->waiting : 0; }
  std::uint64_t turned_away() const { return affairs_ ? affairs_->turned_away : 0; }

  // While a handler is suspended messages wait here, in order.
  void set_busy(bool on) { key_ = on ? key_ | busy : key_ & ~busy; }
  void defer(message_node& n);
  message_node* undefer();
  message_node* undefer_oldest_counted();
  bool has_deferred() const { return affairs_ && affairs_->deferred_head; }

 private:
  friend class directory;
  friend class run_queue;
  friend class life;
  friend struct mailbox_link;
  friend class roots_end;

  std::uint64_t key_ = 0;
  run_queue* queue_;
  const actor_ops* ops_;
  allowance room_;
  union {
    message_node* current_ = nullptr;
    message_node* last_;  // of what waits in a newborn, whose `next` is the first
  };
  directory* home_;
  actor_id id_;
  viceroy::status status_ = status::initializing;
  pool::size_class memory_ = 0;
  bool is_instance_ = false;
  bool left_over_ = false;  // gone, and kept as long as messages are on their way to it
  std::uint32_t slot_ = 0;  // in its directory; its id's, unless it stands for an actor on another loop
  mailbox* parent_ = nullptr;
  mailbox* children_ = nullptr;
  mailbox* next_sibling_ = nullptr;
  mailbox* previous_sibling_ = nullptr;
  port_base* ports_ = nullptr;
  owned<affairs> affairs_;
};

// How a pool chains mailboxes that are nobody's: each stays what it is, and keeps its generation.
struct mailbox_link {
  using block = mailbox;
  static constexpr bool any_size = false;
  static constexpr bool may_be_new = false;
  static mailbox* next(const mailbox& b) { return b.next_sibling_; }
  static mailbox* chain(void* memory, mailbox* next) noexcept {
    auto* const b = static_cast<mailbox*>(memory);
    b->next_sibling_ = next;
    return b;
  }
};

// A mailbox that may be gone: checked by generation at each use.
class mailbox_handle {
 public:
  mailbox_handle() = default;
  explicit mailbox_handle(mailbox& b) : mailbox_handle(b, b.generation()) {}
  mailbox_handle(mailbox& b, std::uint32_t generation) : box_(&b), generation_(generation) {}
  mailbox* get() const {
    return box_ && box_->generation() == generation_ && !box_->is_closed() ? box_ : nullptr;
  }
  // The same, also while it is being ended: its last handler and its stop hook still ask and wait.
  mailbox* before_end() const {
    return box_ && box_->generation() == generation_ && !is_terminal(box_->status()) ? box_ : nullptr;
  }

 private:
  mailbox* box_ = nullptr;
  std::uint32_t generation_ = 0;
};

}  // namespace viceroy
