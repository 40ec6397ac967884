// testing::loop: a deterministic loop with one proc: one message at a time, a virtual clock, any legal order
// by seed.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // as in viceroy.hpp
#endif

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"
#include "viceroy/id/random.hpp"
#include "viceroy/testing/departures.hpp"
#include "viceroy/testing/driven.hpp"
#include "viceroy/testing/in_flight.hpp"
#include "viceroy/testing/step_log.hpp"
#include "viceroy/testing/unexpected.hpp"
#include "viceroy/testing/virtual_clock.hpp"

namespace viceroy::testing {

// How a root of the proc ended.
struct end_of_root {
  std::string name;
  viceroy::status how;
  std::string cause;  // empty if it did not fail
};

// Runs real actors, refs, ports, answers, tasks and supervision; only the order of arrival and the time are
// its own. Seed 0 is the order of sending; any other seed draws one of all legal orders (see in_flight),
// of due timers and posted work, too, and the same one each time. Messages take no time: the clock moves in
// advance() and finish() only, when nothing is left to do. Threads: one, whose current loop this is as long
// as it lives; the last one made is the first to go. Several that talk to each other: see loops.
class loop : public driven<loop> {
 public:
  explicit loop(std::uint64_t seed = 0, const limits& bounds = {})
      : loop(seed, bounds, free_address(), label::parse("root")) {}
  loop(std::uint64_t seed, const limits& bounds, address at, label proc)
      : bounds_(bounds),
        seed_(seed),
        random_(seed),
        queue_(clock_, bounds_),
        flight_(queue_, seed == 0),
        here_(*this),
        home_(proc_id(at, proc), queue_) {
    queue_.set_router(&departures_);
    home_.publish();
    home_.on_root_end([this](mailbox& box, status how, const error* cause) {
      ends_.push_back({std::string(box.name().text()), how, cause ? cause->sentence() : std::string()});
    });
  }
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;
  ~loop() { home_.withdraw(); }

  // Makes a participant for the test itself. Errors: already_exists.
  viceroy::instance client(std::string_view name = "client") { return {home_, label::parse(name)}; }
  // Starts an actor as a root. Errors: already_exists; what its constructor throws.
  template <class A, class... F>
    requires can_spawn<A, F...>
  actor_ref<A> spawn(std::string_view name, F&&... fields) {
    return actor_ref<A>(
        detail::spawn_actor<A>(home_, label::parse(name), nullptr, std::forward<F>(fields)...).id());
  }

  // Handles one message, or does one thing that is due or was posted. Returns: false when nothing is left to
  // do now.
  bool step() {
    flight_.take_over();
    const bool posted = clock_.has_posted(), due = clock_.timer_due();
    if (seed_ == 0) {
      if (message_node* const n = flight_.oldest()) return handle(*n);
      return (posted && run_posted()) || (due && fire());
    }
    const std::size_t choices = flight_.choices() + (posted ? 1 : 0) + (due ? 1 : 0);
    if (choices == 0) return false;
    std::uint64_t dice = random_u64() % choices;
    if (posted && dice-- == 0) return run_posted();
    if (due && dice-- == 0) return fire();
    return handle(*flight_.any(dice));
  }
  // Hands the first message of this sender to this receiver over, now. Errors: unexpected when it is not an
  // M, there is none, `check(m)` says no, or it would not be legal: a drain of its receiver stands before it.
  template <class M, class Check>
  void expect(const whom& from, const whom& to, Check check) {
    message_node* const n = peek_node<M>(from, to);
    if (!check(std::as_const(*static_cast<M*>(n->payload()))))
      fail("expected another " + std::string(type_name<M>()) + " from " + from.text() + " to " + to.text() +
           " than the one that is there");
    arrive(*n);
  }
  template <class M>
  void expect(const whom& from, const whom& to) {
    arrive(*peek_node<M>(from, to));
  }
  // Returns: the same message, which stays on its way.
  template <class M>
  const M& peek(const whom& from, const whom& to) {
    return *static_cast<const M*>(peek_node<M>(from, to)->payload());
  }
  // Errors: unexpected when an M is on its way.
  template <class M>
  void disallow(const whom& from, const whom& to) {
    flight_.take_over();
    if (flight_.find_anywhere([&](const message_node& n) {
          return n.ops->type_id == type_id<M>() && from.is(n.from) && to.is(receiver_of(n));
        }))
      fail("expected no " + std::string(type_name<M>()) + " from " + from.text() + " to " + to.text());
  }
  // Errors: unexpected when something is left to do now.
  void expect_rest() {
    flight_.take_over();
    if (flight_.size() != 0 || clock_.has_posted() || clock_.timer_due())
      fail("expected that nothing is left to do");
  }

  // Ends an actor, as its parent would.
  void stop(const actor_id& who, stop_mode how = stop_mode::stop) {
    if (mailbox* const box = home_.find(who.index())) life::stop(*box, how);
  }
  template <class A>
  void stop(const actor_ref<A>& who, stop_mode how = stop_mode::stop) {
    stop(who.id(), how);
  }
  // Returns: the actor itself. Errors: unexpected when it is gone.
  template <class A>
  A& actor(const actor_ref<A>& who) {
    mailbox* const box = home_.find(who.id().index());
    if (!box || box->tag() != detail::actor_tag<A>) fail("expected that " + who.id().text() + " lives");
    return static_cast<actor_box<A>*>(box)->actor();
  }
  bool lives(const whom& who) const { return home_.find(who.id().index()) != nullptr; }
  // Returns: how a root ended; null while it lives, and if there was none.
  const end_of_root* end_of(std::string_view name) const {
    for (const auto& each : ends_)
      if (each.name == name) return &each;
    return nullptr;
  }
  const std::vector<end_of_root>& ends() const { return ends_; }

  // Makes this thread the loop's while it lives, where it is not the last one made.
  class scope {
   public:
    explicit scope(loop& l) : executor_(&l.clock_), before_(run_queue::exchange_current(&l.queue_)) {}
    ~scope() { run_queue::exchange_current(before_); }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

   private:
    viceroy::executor::scope executor_;
    run_queue* before_;
  };

  std::uint64_t seed() const { return seed_; }
  // How far it is, and what it did.
  const step_log& steps() const { return *log_; }
  // Writes what it does there from now on.
  void log_to(step_log& l) { log_ = &l; }
  // What would have gone to other processes.
  departures& departed() { return departures_; }
  limits& bounds() { return bounds_; }
  virtual_clock& clock() { return clock_; }
  run_queue& queue() { return queue_; }
  directory& home() { return home_; }
  // Throws unexpected(sentence), with the seed, the step, and what is on its way.
  [[noreturn]] void fail(const std::string& sentence) {
    flight_.take_over();
    throw unexpected(seed_, log_->size(), sentence + "; " + flight_.text());
  }
  // Returns: what is on its way, in words.
  std::string in_flight_text() {
    flight_.take_over();
    return flight_.text();
  }
  // Handles the messages that are on their way, and nothing else.
  void handle_messages() {
    for (flight_.take_over(); flight_.size() != 0; flight_.take_over()) handle(*flight_.any(0));
  }

 private:
  friend driven<loop>;
  executor::clock::time_point now() const { return clock_.now(); }
  executor::clock::time_point next_timer() const { return clock_.next_timer(); }
  void move_to(executor::clock::time_point when) { clock_.move_to(when); }

  // An address whose proc "root" does not live now, the same in each run.
  static address free_address() {
    for (int i = 1;; ++i)
      if (const auto at = address::parse("inproc:" + std::to_string(i));
          !proc_id(at, label::parse("root")).home())
        return at;
  }

  bool handle(message_node& n) {
    log_->message(n);
    ++queue_.counters().handled;
    queue_.handle(n);
    return true;
  }
  bool run_posted() {
    log_->work("posted work");
    return clock_.run_one_posted();
  }
  bool fire() {
    log_->work("a timer");
    return clock_.fire_one();
  }
  template <class M>
  message_node* peek_node(const whom& from, const whom& to) {
    flight_.take_over();
    message_node* const n = flight_.find([&](const message_node& each) {
      return each.ops->type_id == type_id<M>() && from.is(each.from) && to.is(receiver_of(each));
    });
    if (!n) fail("expected " + std::string(type_name<M>()) + " from " + from.text() + " to " + to.text());
    return n;
  }
  void arrive(const message_node& n) {
    for (message_node* next = nullptr; next != &n; handle(*next)) {
      next = flight_.take_or_before(n);
      if (!next)
        fail("expected " + std::string(n.ops->name) + " for " + receiver_of(n).text() +
             ", which may not arrive yet: a drain that has to wait for other messages stands before it");
    }
  }

  limits bounds_;
  std::uint64_t seed_;
  seeded_random random_;
  virtual_clock clock_;
  departures departures_;
  run_queue queue_;
  in_flight flight_;
  step_log steps_;
  step_log* log_ = &steps_;
  scope here_;  // from before the proc is made until after it is gone
  directory home_;
  std::vector<end_of_root> ends_;
};

}  // namespace viceroy::testing

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
