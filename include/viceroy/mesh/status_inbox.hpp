// status_inbox: where the control plane waits for its agents: what they report, who is lost, and silence.
#pragma once

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <string>
#include <utility>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/fifo.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mailbox/message_ops.hpp"
#include "viceroy/mailbox/pending.hpp"
#include "viceroy/mailbox/post.hpp"
#include "viceroy/proc/resource.hpp"

namespace viceroy {

// A port that closes itself, for what the control plane listens to.
class control_port : public port_base {
 public:
  void listen(mailbox& owner) { owner.queue().open(*this, owner); }
  void shut() {
    if (owner()) owner()->queue().close(*this);
  }
  void deliver(message_node&) override {}
  const message_ops& takes() const override { return message_ops_of<unit>; }
  void lost(const actor_id&, std::uint32_t, const error&) override {}
  void orphaned(const error&) override {}

 protected:
  control_port() = default;
  ~control_port() { shut(); }
};

// A port that has a number, and takes nothing.
class deaf_port final : public control_port {};

// One step of a mesh's life, between a mailbox that asks and one agent per rank that reports. What an agent
// cannot be told comes back here, and never fails the asker. Threads: the loop's.
class status_inbox {
 public:
  enum class kind : std::uint8_t { status, lost, silence, owner_gone };
  struct word {
    explicit word(kind k, std::uint32_t r = 0) : what(k), rank(r) {}
    kind what;
    std::uint32_t rank;
    rank_status status;
    owned<const error> cause;  // lost, owner_gone
  };

  // `agents` and `ids` by rank: whom to ask, about what. The end of `owner`, if there is one, ends the wait.
  status_inbox(mailbox& asker, mailbox* owner, series<actor_id> agents, series<label> ids)
      : asker_(&asker),
        agents_(std::move(agents)),
        ids_(std::move(ids)),
        statuses_(*this),
        losses_(*this),
        owner_end_(*this) {
    statuses_.listen(asker);
    losses_.listen(asker);
    if (owner) owner_end_.listen(*owner);
  }
  status_inbox(const status_inbox&) = delete;
  status_inbox& operator=(const status_inbox&) = delete;
  ~status_inbox() {
    if (timer_) loop().cancel(timer_);
  }

  std::size_t ranks() const { return agents_.size(); }
  const actor_id& agent(std::size_t rank) const { return agents_[rank]; }
  label id(std::size_t rank) const { return ids_[rank]; }

  // Where agents report to.
  port_ref<rank_status> port() const {
    return port_ref<rank_status>(port_id(asker_->id(), statuses_.number()));
  }

  // Sends M(fields...) to a rank's agent.
  template <class M, class... F>
  void send(std::uint32_t rank, F&&... fields) {
    detail::attachments a;
    a.reply = losses_.number();
    a.rank = rank;
    detail::post_elsewhere<M>(*asker_, detail::destination{agents_[rank], type_id<M>(), nullptr, 0}, a,
                              std::forward<F>(fields)...);
  }

  // Notes what is known from elsewhere.
  void told(std::uint32_t rank, rank_status s) {
    word w(kind::status, rank);
    w.status = std::move(s);
    add(std::move(w));
  }
  void lose(std::uint32_t rank, const error& cause) {
    word w(kind::lost, rank);
    w.cause = make_owned<const error>(cause);
    add(std::move(w));
  }

  // Waits for the next word, or for silence of `limit`.
  auto next(std::chrono::milliseconds limit) {
    struct awaiter {
      status_inbox* in;
      std::chrono::milliseconds limit;
      awaiter(status_inbox* i, std::chrono::milliseconds l) : in(i), limit(l) {}
      bool await_ready() const { return in->has_word(); }
      void await_suspend(std::coroutine_handle<> h) const {
        in->waiter_ = h;
        in->timer_ = in->loop().call_at(in->loop().exact_now() + finite(limit), [i = in] {
          i->timer_ = 0;
          i->add(word(kind::silence));
        });
      }
      word await_resume() const {
        if (in->timer_) in->loop().cancel(taken(in->timer_));
        if (!in->owner_gone_) return in->words_.pop();
        word gone(kind::owner_gone);
        gone.cause = make_owned<const error>(*in->owner_gone_);
        return gone;
      }
    };
    return awaiter(this, limit);
  }

 private:
  class status_port final : public control_port {
   public:
    explicit status_port(status_inbox& in) : in_(in) {}
    void deliver(message_node& n) override {
      if (n.is(message_node::failure)) return;
      in_.report(n.from, std::move(*static_cast<rank_status*>(n.payload())));
    }
    const message_ops& takes() const override { return message_ops_of<rank_status>; }
    void orphaned(const error& cause) override { in_.end(cause); }

   private:
    status_inbox& in_;
  };
  // Hears that an agent took a message, threw over it, or could not be reached.
  class loss_port final : public pending {
   public:
    explicit loss_port(status_inbox& in) : in_(in) {}
    void listen(mailbox& owner) { enter(owner); }
    void deliver(message_node& n) override {
      if (n.is(message_node::failure))
        in_.lose_known(n.extra().rank, static_cast<failure*>(n.payload())->to_error());
    }
    const message_ops& takes() const override { return message_ops_of<unit>; }
    void lost(const actor_id&, std::uint32_t rank, const error& cause) override {
      in_.lose_known(rank, cause);
    }
    void orphaned(const error& cause) override { in_.end(cause); }
    bool awaits(const proc_id& from) const override {
      for (const actor_id& agent : in_.agents_)
        if (agent.proc() == from) return true;
      return false;
    }
    void lost_proc(const proc_id& from, const error& cause) override {
      series<std::uint32_t> hit;
      for (std::uint32_t rank = 0; rank != in_.agents_.size(); ++rank)
        if (in_.agents_[rank].proc() == from) hit.push_back(rank);
      for (const std::uint32_t rank : hit) in_.note_lost(rank, cause);
      in_.wake();
    }
    void expired(std::chrono::milliseconds) override {}  // next() has a limit of its own

   private:
    status_inbox& in_;
  };
  class owner_port final : public control_port {
   public:
    explicit owner_port(status_inbox& in) : in_(in) {}
    void orphaned(const error& cause) override { in_.end(cause); }

   private:
    status_inbox& in_;
  };

  executor& loop() const { return asker_->queue().loop(); }

  // The rank that a report is about: as it says itself, or, of a resource its agent does not know, by agent.
  void report(const actor_id& from, rank_status s) {
    auto about = [&](std::size_t rank) { return ids_[rank] == s.id && agents_[rank].proc() == from.proc(); };
    if (s.rank < agents_.size() && about(s.rank)) return told(s.rank, std::move(s));
    for (std::uint32_t rank = 0; rank != agents_.size(); ++rank)
      if (about(rank)) return told(rank, std::move(s));
  }
  void lose_known(std::uint32_t rank, const error& cause) {
    if (rank < agents_.size()) lose(rank, cause);
  }
  void note_lost(std::uint32_t rank, const error& cause) {
    word w(kind::lost, rank);
    w.cause = make_owned<const error>(cause);
    words_.push(std::move(w));
  }
  void end(const error& cause) {
    owner_gone_ = make_owned<const error>(errc::owner_gone, cause.sentence());
    wake();
  }
  bool has_word() const { return owner_gone_ || !words_.empty(); }
  void add(word w) {
    words_.push(std::move(w));
    wake();
  }
  // May destroy this: nothing after it.
  void wake() {
    if (waiter_ && has_word()) taken(waiter_).resume();
  }

  mailbox* asker_;
  series<actor_id> agents_;
  series<label> ids_;
  fifo<word> words_;
  owned<const error> owner_gone_;  // comes before all words, for ever
  std::coroutine_handle<> waiter_;
  executor::timer timer_ = 0;
  status_port statuses_;
  loss_port losses_;
  owner_port owner_end_;
};

}  // namespace viceroy
