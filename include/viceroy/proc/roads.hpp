// roads: how a loop reaches other processes: one link per process, dialled on demand; what is lost comes
// back.
#pragma once

#include <chrono>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/lookup.hpp"
#include "viceroy/channel/network.hpp"
#include "viceroy/mailbox/arrive.hpp"
#include "viceroy/mailbox/pending.hpp"
#include "viceroy/mailbox/router.hpp"
#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/proc/application_table.hpp"
#include "viceroy/proc/lost_processes.hpp"

namespace viceroy {

// A message that is kept for longer than the call.
inline encoded copy_of(const arrival& payload) {
  encoded copy;
  copy.body.resize(payload.body.size());
  if (!copy.body.empty()) std::memcpy(copy.body.data(), payload.body.data(), copy.body.size());
  for (const bytes& part : payload.parts) copy.parts.push_back(part);
  return copy;
}

// The router of a real loop. A message for another process goes over the link that leads to its address, the
// first one that was there, dialled or accepted, so that all messages between two processes take one road. A
// link that breaks ends the answers awaited over it, after a grace in which whoever watches the process may
// say why.
class roads final : public router, public link_events {
 public:
  roads(boost::asio::io_context& io, identity self, run_queue& q)
      : queue_(&q), network_(io, std::move(self), *this) {}

  network& links() { return network_; }
  // Who is told when a process can be reached no more; it outlives this. Null: nobody.
  void set_lost(const lost_processes* told) { lost_ = told; }

  void post(const envelope& e, const payload_view& payload) override {
    const proc_id to = e.to.proc();
    if (const error* const gone = gone_.empty() ? nullptr : gone_.find(to.whole()))
      return lose(e, payload, gone->kind(), e.to.text() + " is gone: " + gone->sentence());
    if (e.reply != 0 && e.from.proc().address().transport() == transport::in_process)
      return lose(e, payload, errc::not_here,
                  "an answer from another process cannot reach " + std::string(e.from.proc().text()) +
                      ", whose transport is in_process; make that proc with unix_domain or tcp");
    link* road = find(to);
    if (!road)
      return lose(e, payload, errc::transport_lost, std::string(to.text()) + " cannot be reached: " + why_);
    switch (road->post(e, payload)) {
      case post_result::posted:
        if (has(e.flags, envelope_flags::traced)) note_frame(e, *road);
        return;
      case post_result::busy:
        return lose(e, payload, errc::busy,
                    "the link to " + std::string(to.text()) + " is full (" +
                        std::to_string(road->waiting_bytes()) + " bytes wait); the peer reads too slowly");
      case post_result::closed:
        return lose(e, payload, errc::transport_lost, "the link to " + std::string(to.text()) + " is closed");
      case post_result::too_large:
        return lose(e, payload, errc::frame_too_large,
                    "a message to " + e.to.text() + " is larger than limit::frame_bytes (" +
                        std::to_string(limit::frame_bytes) + "); send it in parts");
    }
  }

  // Calls `f` with what ends the answers that are awaited here from a proc: for other loops of this process.
  void on_lost_proc(callback<void(const proc_id&, const error&)> f) { lost_elsewhere_ = std::move(f); }

  // Whose messages it can name; it outlives this.
  void set_application(const application_table& app) { application_ = &app; }
  std::string_view name_of(std::uint64_t type) const override {
    if (!application_) return {};
    for (const remote_entry& actor : application_->actors)
      if (const handler_entry* const entry = actor.ops->find(type)) return entry->ops->name;
    return {};
  }

  std::size_t waiting_bytes(const proc_id& to) const override {
    link* const* const road = by_proc_.find(to);
    return road ? (*road)->waiting_bytes() : 0;
  }

  // See runtime_core::proc_is_gone.
  void proc_is_gone(const proc_id& gone, const error& cause) {
    if (!gone_.add(gone, cause)) return;
    by_proc_.erase(gone);
    lose_answers(gone, cause);
    give_back_to([&](const proc_id& to) { return to.whole() == gone; }, cause);
  }

  void opened(link& road) override {
    for (const address& at : road.peer()) by_address_.add(at, &road);
  }
  void arrived(link&, const envelope& e, const arrival& payload) override {
    auto* const home = static_cast<directory*>(e.to.proc().home());
    if (home && &home->queue() == queue_) return deliver(*queue_, *home, e, payload);
    if (home) {  // an actor's own thread
      std::size_t bytes = sizeof e + payload.body.size();
      for (const viceroy::bytes& part : payload.parts) bytes += part.size();
      if ((e.port & port_id::handler_bit) == 0) bytes = 0;  // an answer was asked for
      if (!home->admits(bytes))
        return return_arrival(*queue_, e, errc::mailbox_full, detail::type_text(*queue_, e.type),
                              home->full_text(e.to));
      return home->queue().loop().post([home, e, bytes, copy = copy_of(payload)] {
        home->took(bytes);
        deliver(home->queue(), *home, e, arrival{copy.body, copy.parts});
      });
    }
    if (serves(e.to.proc().address())) {
      const char* const why = queue_->why_ending();
      return return_arrival(*queue_, e, why ? errc::receiver_stopping : errc::no_such_actor,
                            detail::type_text(*queue_, e.type),
                            "there is no proc " + std::string(e.to.proc().text()) +
                                " (any more) in its process" + (why ? ": " : "") + (why ? why : ""));
    }
    if (e.hops == 0)
      return return_arrival(*queue_, e, errc::transport_lost, detail::type_text(*queue_, e.type),
                            "a message to " + e.to.text() + " was forwarded more than " +
                                std::to_string(limit::hops) + " times");
    envelope onward = e;
    --onward.hops;
    const encoded copy = copy_of(payload);
    post(onward, payload_view(copy));
  }
  void returned(const envelope& e, const arrival&, const error& cause) override {
    if (const error* const gone = gone_.find(e.to.proc().whole())) return give_back(e, *gone);
    if (cause.kind() == errc::transport_lost && e.from.proc().home() && by_proc_.contains(e.to.proc())) {
      unsent_.push_back(e);  // closed() comes next
      return;
    }
    give_back(e, cause);
  }
  void closed(link& road, const error& cause) override {
    series<address> unreachable;
    by_address_.erase_if([&](auto& at) {
      if (at.value != &road || (at.value = network_.find(at.key)) != nullptr) return false;
      unreachable.push_back(at.key);
      return true;
    });
    series<proc_id> cut;
    by_proc_.erase_if([&](auto& proc) {
      if (proc.value != &road) return false;
      cut.push_back(proc.key);
      return true;
    });
    // What waits for a proc that has another link by now: of that one nobody tells more.
    give_back_to([&](const proc_id& to) { return by_proc_.contains(to); }, cause);
    if (cut.empty() && unreachable.empty()) return;
    give_grace(looks, std::move(cut), std::move(unreachable), cause);
  }

 private:
  static constexpr std::chrono::milliseconds grace{250};
  static constexpr int looks = 5;

  static bool contains(const series<proc_id>& all, const proc_id& one) {
    for (const proc_id& each : all)
      if (each == one) return true;
    return false;
  }

  void give_back(const envelope& e, const error& cause) {
    return_arrival(*queue_, e, cause.kind(), detail::type_text(*queue_, e.type), cause.sentence());
  }
  // Returns what had not left this process when the link to its receiver broke.
  template <class Predicate>
  void give_back_to(Predicate&& receiver, const error& cause) {
    series<envelope> back;
    unsent_.erase_if([&](const envelope& e) {
      if (!receiver(e.to.proc())) return false;
      back.push_back(e);
      return true;
    });
    for (const envelope& e : back) give_back(e, cause);
  }

  // Whoever watches the process knows better why: its exit or signal, its last lines. The grace is given in
  // parts, between which the loop looks at what it hears: a handler may hold it for longer than the whole.
  void give_grace(int left, series<proc_id> cut, series<address> unreachable, const error& cause) {
    queue_->loop().call_at(
        queue_->loop().exact_now() + grace / looks,
        [this, left, cut = std::move(cut), unreachable = std::move(unreachable), cause]() mutable {
          if (left > 1) return give_grace(left - 1, std::move(cut), std::move(unreachable), cause);
          for (const proc_id& proc : cut)
            if (!gone_.contains(proc) && !by_proc_.contains(proc)) lose_answers(proc, cause);
          give_back_to([&](const proc_id& to) { return contains(cut, to); }, cause);
          for (const address& at : unreachable)
            if (lost_ && !by_address_.contains(at)) lost_->tell(at, cause);
        });
  }

  [[gnu::cold]] static void note_frame(const envelope& e, const link& road) {
    if (tracer* const t = tracer::of_process())
      t->note(t->adopt(e.trace), "write: a frame on the link to " +
                                     std::string(e.to.proc().address().text()) + ", " +
                                     std::to_string(road.waiting_bytes()) + " bytes leave with this turn");
  }

  void lose_answers(const proc_id& gone, const error& cause) {
    pending::tell_lost(*queue_, gone, cause);
    if (lost_elsewhere_) lost_elsewhere_(gone, cause);
  }

  bool serves(const address& at) const {
    for (const address& mine : network_.served())
      if (mine == at) return true;
    return false;
  }

  link* find(const proc_id& to) {
    if (link* const* const known = by_proc_.find(to)) return *known;
    link* road = nullptr;
    if (link* const* const known = by_address_.find(to.address())) {
      road = *known;
    } else if (serves(to.address())) {
      why_ = "its process is this one, and the proc has ended";
      return nullptr;
    } else {
      try {
        road = network_.dial(to.address()).get();
      } catch (const error& e) {
        why_ = e.sentence();
        return nullptr;
      }
      by_address_.add(to.address(), road);
    }
    by_proc_.add(to, road);
    return road;
  }

  void lose(const envelope& e, const payload_view& payload, errc kind, std::string sentence) {
    return_arrival(*queue_, e, kind,
                   payload.typed() ? std::string(payload.ops().name) : detail::type_text(*queue_, e.type),
                   std::move(sentence));
  }

  run_queue* queue_;
  lookup<proc_id, link*> by_proc_;
  lookup<address, link*> by_address_;
  lookup<proc_id, error> gone_;
  series<envelope> unsent_;  // when a link broke, while the grace lasts
  std::string why_;
  callback<void(const proc_id&, const error&)> lost_elsewhere_;
  const lost_processes* lost_ = nullptr;
  const application_table* application_ = nullptr;
  network network_;  // last: its links call back while it ends
};

}  // namespace viceroy
