// caf_peer: what the games need that CAF plays too, when Meson was told -Dpeers=true: CAF 0.17, as Debian
// packs it (libcaf-dev), with one worker or two. Its actors are statically typed where that is possible (3 %
// faster here than untyped ones), its scheduler steals (for one worker as fast as the sharing one, for two
// faster), it logs nothing, and what is sent are numbers and constant atoms, which it need not allocate by
// themselves.
#pragma once

#include <pthread.h>
#include <sched.h>

#include <caf/all.hpp>
#include <cstdint>
#include <string>

#include "harness_awaited.hpp"

namespace caf_peer {

static_assert(CAF_VERSION / 100 == 17, "written for the CAF 0.17 of Debian 12; later ones have other atoms");
inline std::string version() {
  return "caf_0." + std::to_string(CAF_VERSION / 100) + '.' + std::to_string(CAF_VERSION % 100);
}

// An actor system on all cores, and the clock of one game on it. One worker: the processor time of that
// worker, not of CAF's other threads, which work beside it. Two: the time that passes.
class workers {
 public:
  explicit workers(std::size_t count) : count_(count), system_(configure(count)) {
    ::sched_setaffinity(0, sizeof home_, &home_);  // its threads have started, on all cores
    if (count == 1) {
      caf::scoped_actor self{system_};
      system_.spawn([this, me = caf::actor_cast<caf::actor>(self)](caf::event_based_actor* worker) {
        ::pthread_getcpuclockid(::pthread_self(), &clock_);
        worker->send(me, caf::ok_atom::value);
      });
      self->receive([](caf::ok_atom) {});
    }
  }

  std::size_t count() const { return count_; }
  caf::actor_system& system() { return system_; }
  void begin() { began_ = now(); }
  double end(std::uint64_t operations) const { return (now() - began_) / static_cast<double>(operations); }

 private:
  caf::actor_system_config& configure(std::size_t count) {
    ::sched_getaffinity(0, sizeof home_, &home_);
    cpu_set_t all;
    CPU_ZERO(&all);
    for (std::size_t core = 0; core != CPU_SETSIZE; ++core) CPU_SET(core, &all);
    ::sched_setaffinity(0, sizeof all, &all);
    configuration_.set("scheduler.max-threads", count);
    configuration_.set("scheduler.policy", caf::atom("stealing"));
    return configuration_;
  }
  double now() const { return viceroy::benchmark::ns_of(clock_); }

  std::size_t count_;
  clockid_t clock_ = CLOCK_MONOTONIC;
  double began_ = 0;
  cpu_set_t home_{};
  caf::actor_system_config configuration_;
  caf::actor_system system_;
};

// Measures a game of Viceroy's, as compare_awaited does, against CAF's with one worker and with two:
// `game(workers&)` returns its own time for an operation, having checked its result. Viceroy is to be so many
// `times` as fast; 0: no goal is set.
template <class Candidate, class Game>
viceroy::task<void> compare(viceroy::benchmark::suite& all, std::string name, Candidate candidate, Game game,
                            double times = 0) {
  const auto limit = viceroy::benchmark::ratio_within(times > 0 ? 1 / times : 0);
  const std::string one = name + "_to_caf_1_worker", two = name + "_to_caf_2_workers";
  if (all.wants(one)) {
    workers caf(1);
    co_await viceroy::benchmark::compare_awaited(
        all, one, "cpu_ns", version(), candidate, [&] { return game(caf); }, limit);
  }
  if (all.wants(two)) {
    workers caf(2);
    viceroy::benchmark::passing_time passes;
    co_await viceroy::benchmark::compare_awaited(
        all, two, "ns", version(), candidate, [&] { return game(caf); }, limit);
  }
}

// What the games' actors take: a number, and who the other is.
using number = std::uint64_t;
using partner = caf::typed_actor<caf::reacts_to<number>, caf::reacts_to<caf::link_atom, caf::actor>>;
inline void introduce(const partner& who, const partner& other) {
  caf::anon_send(who, caf::link_atom::value, caf::actor_cast<caf::actor>(other));
}
// Passes a number on to the other, less one, until it is zero; tells `done` then who it is.
struct partner_state {
  partner other;
};
inline partner::behavior_type passes_on(partner::stateful_pointer<partner_state> self, caf::actor done,
                                        number place) {
  return {
      [=](number left) {
        if (left != 0) {
          self->send(self->state.other, left - 1);
        } else {
          caf::anon_send(done, place);
        }
      },
      [=](caf::link_atom, const caf::actor& other) { self->state.other = caf::actor_cast<partner>(other); }};
}
// Waits for the number that ends a game.
inline number receive(caf::scoped_actor& self) {
  number got = 0;
  self->receive([&](number n) { got = n; });
  return got;
}
template <class Actor>
void end(const Actor& who) {
  caf::anon_send_exit(who, caf::exit_reason::kill);
}

}  // namespace caf_peer
