// resource_table: what an agent knows of the resources it manages: how each is, who waits for it, who owns
// it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/fifo.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/lookup.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/proc/resource.hpp"

namespace viceroy {

// The bookkeeping that host agents and proc agents share. A status only ever goes up, and a terminal one is
// frozen; whoever has to hear of a change hears of it here, in the order waiters, stoppers, owner.
// Threads: the agent's. Cost: what has ended is remembered up to limit::ended_resources, the oldest goes
// first.
class resource_table {
 public:
  using reply = port_ref<rank_status>;

  struct entry {
    rank_status what;
    std::uint64_t generation = 0;
    std::int64_t unix_ms = 0;
    reply owner;
    bool ran = false;  // its owner has been told that it runs, and hears of its end
    series<reply> waiters;
    series<reply> stoppers;
  };

  // Returns: a new resource that initialises; null when the id is taken, which makes creation idempotent.
  entry* create(label id, std::uint32_t rank, const reply& owner) {
    entry* const at = entries_.add(id);
    if (!at) return nullptr;
    entry& made = *at;
    made.what.id = id;
    made.what.rank = rank;
    made.what.status = status::initializing;
    made.owner = owner;
    if (series<reply>* const early = early_.find(id)) {
      made.waiters = std::move(*early);
      early_.erase(id);
    }
    stamp(made);
    return &made;
  }

  entry* find(label id) { return entries_.find(id); }
  const entry* find(label id) const { return entries_.find(id); }

  // Whether a resource may go from one status to another.
  static constexpr bool legal(status from, status to) {
    return to > from && from < status::stopped && from != status::not_exist;
  }

  // Gives a resource another status and tells whom it concerns. Returns: false, and nothing changes, where
  // that is not legal.
  bool advance(participant& cx, entry& of, status to, std::string sentence = {}) {
    if (!legal(of.what.status, to)) return false;
    of.what.status = to;
    of.what.sentence = std::move(sentence);
    stamp(of);
    const bool over = is_terminal(to);
    if (over || to == status::running) tell(cx, of.what, of.waiters);
    if (over) {
      tell(cx, of.what, of.stoppers);
      if (of.ran && !of.owner.empty()) of.owner.send(cx, of.what);
      remember(of.what.id);
    }
    if (to == status::running) of.ran = true;
    return true;
  }

  // Tells `whom` once, when the resource runs or has ended: now, if that is so. Before it exists, too.
  void wait(participant& cx, label id, const reply& whom) {
    if (whom.empty()) return;
    entry* const of = find(id);
    if (of && (of->what.status == status::running || is_terminal(of->what.status)))
      return whom.send(cx, of->what);
    if (waiting_ >= limit::resource_waiters) return whom.send(cx, too_many(id, of));
    ++waiting_;
    (of ? of->waiters : early_[id]).push_back(whom);
  }

  // Notes that `whom` wants to hear of the end. Returns: the resource that has to be ended; null when it has
  // ended, or never was, and `whom` knows already.
  entry* end(participant& cx, label id, const reply& whom) {
    entry* const of = find(id);
    if (!of || is_terminal(of->what.status)) {
      if (!whom.empty()) whom.send(cx, of ? of->what : nobody(id));
      return nullptr;
    }
    if (whom.empty()) return of;
    if (waiting_ >= limit::resource_waiters) {
      whom.send(cx, too_many(id, of));
    } else {
      ++waiting_;
      of->stoppers.push_back(whom);
    }
    return of;
  }

  // Calls f(entry&) for each resource that has not ended. `f` may advance it.
  template <class F>
  void for_each_living(F f) {
    series<label> living;
    for (const auto& [id, of] : entries_)
      if (!is_terminal(of.what.status)) living.push_back(id);
    for (const label id : living)
      if (entry* const of = find(id)) f(*of);
  }
  // The same for those whose owner lived in the process that served `lost`: nobody will end them now.
  template <class F>
  void for_each_owned_by(const address& lost, F f) {
    for_each_living([&](entry& of) {
      if (owned_by(of.what.id, lost)) f(of);
    });
  }
  // Who waited for an end in that process hears of it no more.
  void forget_stoppers(const address& lost) {
    for (auto& [id, of] : entries_) {
      const std::size_t before = of.stoppers.size();
      of.stoppers.erase_if([&](const reply& r) { return r.id().actor().proc().address() == lost; });
      waiting_ -= before - of.stoppers.size();
    }
  }
  // Returns: the proc, living or not, whose process serves or served `at`; null if there is none.
  const entry* process_at(const address& at) const {
    for (const auto& [id, of] : entries_)
      if (!of.what.actor.empty() && of.what.actor.proc().address() == at) return &of;
    return nullptr;
  }
  bool owned_by(label id, const address& lost) const {
    const entry* const of = find(id);
    return of && !of->owner.empty() && of->owner.id().actor().proc().address() == lost;
  }
  bool all_ended() const { return ended_.size() == entries_.size(); }

  resource_state state(label id) const {
    const entry* const of = find(id);
    return of ? resource_state{of->what, of->generation, of->unix_ms} : resource_state{nobody(id), 0, 0};
  }
  std::vector<rank_status> list() const {
    std::vector<rank_status> all;
    all.reserve(entries_.size());
    for (const auto& [id, of] : entries_) all.push_back(of.what);
    return all;
  }

 private:
  static rank_status nobody(label id) {
    rank_status none;
    none.id = id;
    return none;
  }
  static rank_status too_many(label id, const entry* of) {
    rank_status now = of ? of->what : nobody(id);
    now.sentence = "more than limit::resource_waiters wait at one agent; ask again";
    return now;
  }

  void tell(participant& cx, const rank_status& what, series<reply>& whom) {
    waiting_ -= whom.size();
    for (const reply& each : taken(whom)) each.send(cx, what);
  }

  void stamp(entry& of) {
    using namespace std::chrono;
    ++of.generation;
    of.unix_ms = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  }

  void remember(label ended) {
    ended_.push(ended);
    if (ended_.size() > limit::ended_resources) entries_.erase(ended_.pop());
  }

  lookup<label, entry> entries_;
  lookup<label, series<reply>> early_;  // who waits for what is not there yet
  fifo<label> ended_;
  std::size_t waiting_ = 0;
};

}  // namespace viceroy
