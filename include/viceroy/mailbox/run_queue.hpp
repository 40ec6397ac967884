// run_queue: a loop's messages: one plain FIFO inside the loop, one lock-free hand-over from outside.
#pragma once

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/id/proc_id.hpp"
#include "viceroy/mailbox/actor_table.hpp"
#include "viceroy/mailbox/block_cache.hpp"
#include "viceroy/mailbox/cradle.hpp"
#include "viceroy/mailbox/holder.hpp"
#include "viceroy/mailbox/mailbox.hpp"
#include "viceroy/mailbox/message_node.hpp"
#include "viceroy/mailbox/node_chain.hpp"
#include "viceroy/mailbox/node_pool.hpp"
#include "viceroy/mailbox/port_base.hpp"
#include "viceroy/mailbox/port_table.hpp"
#include "viceroy/mailbox/router.hpp"

namespace viceroy {

// Counts of what happened to messages that were not simply handled.
struct message_counters {
  std::uint64_t handled = 0;
  std::uint64_t returned = 0;  // came back to a sender in this process
  std::uint64_t dropped =
      0;  // arrived for a port that was closed or complete, or a full mailbox that drops, with nobody to tell
  std::uint64_t refused = 0;  // a full mailbox
};

// The messages of one loop. Inside the loop a send is a push on a plain list, and memory comes from and goes
// to free lists: no lock, no atomic, no allocation once warm. Other loops hand chains of nodes over through
// one atomic list, and get the memory back the same way. Order: FIFO for all that one loop pushes, FIFO per
// sending loop for what is handed over; what is sent to a newborn stays in order, too, and joins the list
// when the newborn has its first turn.
class run_queue : public node_pool {
 public:
  run_queue(executor& loop, const limits& bounds) : loop_(&loop), limits_(&bounds) {}
  run_queue(const run_queue&) = delete;
  run_queue& operator=(const run_queue&) = delete;
  ~run_queue() { clear(); }

  executor& loop() const { return *loop_; }
  const limits& bounds() const { return *limits_; }
  void set_router(router* r) { router_ = r; }
  router& road() const { return *router_; }
  // What ends its process, where that was nobody of the mesh: a literal, for all who wait for its actors,
  // send to its procs, or have a link to it. Null: nothing does.
  void end_because(const char* why) { why_ending_ = why; }
  const char* why_ending() const { return why_ending_; }
  message_counters& counters() { return counters_; }
  // What this loop is at, for the watchdog.
  viceroy::holder& holder() { return holder_; }

  // Memory that is a mailbox for ever, since queued nodes point there. What was one before gets a generation
  // that no message on its way can know. Returns: the memory, and its next occupant's generation: 0 the first
  // time.
  struct mailbox_memory {
    void* at;
    std::uint32_t generation;
  };
  mailbox_memory take_mailbox(pool::size_class c, bool fresh = false) {
    const auto taken = fresh ? mailboxes_.take_fresh(c) : mailboxes_.take(c);
    return {taken.at, taken.used ? next_generation() : 0};
  }
  void give_mailbox(pool::size_class c, mailbox& box) noexcept {
    holder_.forget(box);
    mailboxes_.give(c, &box);
  }
  std::uint32_t next_generation() {
    if (++generation_ >= gone_generation) generation_ = 1;
    return generation_;
  }
  static constexpr std::uint32_t gone_generation = 0xffffffff;

  // The queue whose loop runs on this thread; null elsewhere.
  static run_queue* current() noexcept { return current_; }
  static run_queue* exchange_current(run_queue* q) noexcept {
    if (current_) {
      current_->left_while_handling_ = handling_;
      current_->flush();
    }
    handling_ = q ? q->left_while_handling_ : nullptr;
    return taken(current_, q);
  }
  // The message that a handler of this thread's loop, which is no task, handles now; null between. Its actor
  // may send without being asked who and where it is.
  static message_node* handling() noexcept { return handling_; }
  static bool is_handling(const mailbox* who) noexcept {
    return __builtin_expect(handling_ && handling_->to == who, true);  // equal pointers are held for rare
  }
  static void set_handling(message_node* n) noexcept { handling_ = n; }
  // Errors: wrong_thread, naming who was used.
  void check_thread(const mailbox& who) const {
    if (current_ != this) [[unlikely]]
      wrong_thread(who);
  }

  // The actors of the proc that was asked for last: found without following its id, so that the address of
  // the next receiver waits for fewer loads one after another.
  [[gnu::always_inline]] bool is_near(const proc_id& proc) const { return proc == near_proc_; }
  const actor_table& near() const { return *near_; }
  // The actors of any proc of this loop; null for another.
  const actor_table* actors_of(const proc_id& proc) { return is_near(proc) ? near_ : find_near(proc); }
  void forget_near(const actor_table& of) noexcept {
    if (near_ != &of) return;
    near_ = &no_actors;
    near_proc_ = {};
  }

  // Gives a node's memory back, its payload being gone already.
  void release(message_node& n) noexcept {
    if (n.is(message_node::foreign)) [[unlikely]] {
      give_back(n);
    } else {
      give_node(n);
    }
  }
  // Destroys the payload, then releases.
  void discard(message_node& n) noexcept {
    n.ops->destroy(n.storage());
    release(n);
  }

  // Appends a message for a mailbox of this loop. Cost: two stores; the last node's `next` is left as it was.
  [[gnu::always_inline]] void push(message_node& n) {
    *tail_ = &n;
    tail_ = &n.next;
  }
  // Appends a message for any mailbox of this loop, which counts it already; one for a newborn stays there
  // until that has its first turn.
  [[gnu::always_inline]] void add(mailbox& to, message_node& n) {
    n.to = &to;
    n.generation = to.generation();
    if (to.is_newborn()) [[unlikely]]
      return keep(to, n);
    push(n);
  }
  // From now on actors begin depth first (see cradle), not in the order in which they are sent to.
  void set_depth_first() { depth_first_ = true; }
  bool is_depth_first() const { return depth_first_; }
  // Lets a newborn have its turn: what waits in it joins the list. Another one is left as it is.
  void bring_up(mailbox& newborn) noexcept;
  // Appends a message of this loop's for another one, whose receiver is looked up there by extra().index; the
  // node is extended. It leaves with the chain that it becomes a part of. Cost: two stores; for the chain an
  // atomic exchange, and a wake-up if that loop sleeps.
  void hand_over(message_node& n, directory& to);
  // Sends off what was put aside for other loops: at the end of each run(), and before its thread turns to
  // something else.
  void flush() noexcept {
    if (leaving_to_ != nullptr) send_off();
    if (going_home_to_ != nullptr) send_home();
  }
  // Appends what was handed over until now; run() does it too.
  void take_inbox();

  bool has_work() const { return tail_ != &head_ || !cradle_.empty() || !inbox_.empty(); }
  // The opposite for a loop that has just said that it sleeps: ordered against that, as a chain is.
  bool is_idle() const {
    return tail_ == &head_ && cradle_.empty() && inbox_.empty(std::memory_order_seq_cst);
  }
  // Handles up to `most` messages. Returns: how many.
  std::size_t run(std::size_t most);

  // Takes all that waits, oldest first, and handles one of those: for a loop that orders them itself
  // (testing/).
  message_node* take_all();
  void handle(message_node& n);

  // Discards what waits, everywhere: what queues hold of each other goes back before the first of them ends.
  void clear() noexcept;
  // All others are gone: whoever is still in a handler of this loop does not get out of the library again.
  void abandon() noexcept { abandoned_.store(true, std::memory_order_release); }
  void stay_if_abandoned() const noexcept {
    while (abandoned_.load(std::memory_order_acquire)) ::pause();
  }

  // Follows the next message that is sent here (see message_trace): until then none takes the shortest way.
  void trace_next(std::uint32_t trace) noexcept { forget_near(*near_), trace_next_ = trace; }
  bool traces_next() const noexcept { return trace_next_ != 0; }
  std::uint32_t take_trace() noexcept { return taken(trace_next_); }

  // Called, on the sender's thread, when a message was handed over to a queue that had none: wakes the loop.
  void set_waker(callback<void()> wake) { wake_ = std::move(wake); }

  // Ports, by number: see port_table. Errors of open: inert for an owner that has ended; busy.
  void open(port_base& p, mailbox& owner);
  void close(port_base& p) noexcept;
  port_base* find_port(std::uint64_t number) const { return ports_.find(number); }
  // Memory for what waits here.
  block_cache& blocks() { return waiting_blocks_; }
  void close_ports_of(mailbox& owner, const error& cause);

  const port_table& ports() const { return ports_; }

  // The one timer of all calls with the default limit, and when it fires (never: max); see pending.hpp.
  executor::timer& pending_timer() { return pending_timer_; }
  executor::clock::time_point& pending_due() { return pending_due_; }

 private:
  const actor_table* find_near(const proc_id& proc);
  std::size_t handle_waiting(std::size_t most);
  std::size_t handle_and_bring_up(std::size_t left);
  void keep(mailbox& newborn, message_node& n) noexcept;
  void take_returned() noexcept;
  void give_back(message_node& n) noexcept;
  std::uint32_t longest_chain() const;
  void send_off() noexcept;
  void send_home() noexcept;
  void return_chain() noexcept;
  void not_open(mailbox& box, message_node& n);
  [[noreturn, gnu::cold]] static void wrong_thread(const mailbox& who);
  [[noreturn, gnu::cold]] static void owner_has_ended(const mailbox& owner);

  message_node* head_ = nullptr;  // stale while nothing waits
  message_node** tail_ = &head_;  // that: nothing waits
  proc_id near_proc_;
  const actor_table* near_ = &no_actors;
  block_pool<mailbox_link> mailboxes_;
  std::uint32_t generation_ = 0;
  executor* loop_;
  router* router_ = nullptr;
  message_node* left_while_handling_ = nullptr;  // by this thread, which will be back
  const limits* limits_;
  message_counters counters_;
  cradle cradle_;
  bool depth_first_ = false;
  port_table ports_;
  block_cache waiting_blocks_;
  executor::timer pending_timer_ = 0;
  executor::clock::time_point pending_due_ = executor::clock::time_point::max();
  callback<void()> wake_;
  std::atomic<bool> abandoned_{false};
  std::uint32_t trace_next_ = 0;
  node_chain leaving_;     // for one proc of another loop
  node_chain going_home_;  // nodes of another loop's
  directory* leaving_to_ = nullptr;
  proc_id leaving_for_;
  run_queue* going_home_to_ = nullptr;
  const char* why_ending_ = nullptr;
  alignas(64) viceroy::holder holder_;  // another thread looks there now and then
  node_list inbox_;
  node_list returned_;  // nodes of ours that another loop is done with
  static inline thread_local constinit run_queue* current_ = nullptr;
  static inline thread_local constinit message_node* handling_ = nullptr;
};

[[gnu::always_inline]] inline void run_queue::handle(message_node& n) {
  mailbox& box = *n.to;
  box.count_out(n.granules);
  holder_.begin(box, *n.ops);
  if (n.key() == box.key()) [[likely]] {
    n.invoke(box, n);
  } else {
    not_open(box, n);
  }
}

inline void run_queue::open(port_base& p, mailbox& owner) {
  if (is_terminal(owner.status())) [[unlikely]]
    owner_has_ended(owner);
  p.number_ = ports_.add(p);
  p.owner_ = &owner;
  p.previous_ = nullptr;
  p.next_ = owner.ports_;
  if (p.next_) p.next_->previous_ = &p;
  owner.ports_ = &p;
}

inline void run_queue::close(port_base& p) noexcept {
  if (!p.owner_) return;
  ports_.remove(p.number_);
  (p.previous_ ? p.previous_->next_ : p.owner_->ports_) = p.next_;
  if (p.next_) p.next_->previous_ = p.previous_;
  if (p.held_ != 0) p.owner_->count_out(taken(p.held_));
  p.owner_ = nullptr;
}

#if defined(VICEROY_SEPARATE_COMPILATION)
extern template class block_pool<plain_link>;  // see turn.hpp
extern template class block_pool<mailbox_link>;
#endif

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/mailbox/turn.hpp"
#endif
