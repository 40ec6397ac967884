// stream: a link over a Unix or TCP socket: connecting, flushing, reading, and ending it in order.
#pragma once

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "viceroy/base/loop_timer.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/channel/connector.hpp"
#include "viceroy/channel/linger.hpp"
#include "viceroy/channel/link_pool.hpp"
#include "viceroy/channel/stream_socket.hpp"

namespace viceroy {

// One implementation for both transports. link_events hears of it only from the loop or network::poll(),
// never from within post, flush, close or dial. Callbacks may do anything to any link, and
// end the network.
class stream_link final : public link {
 public:
  // Call start() or accept() next.
  stream_link(shared<link_pool> pool, session::side side, transport over, std::string name)
      : pool_(std::move(pool)),
        over_(over),
        socket_(pool_->io),
        session_(side, pool_->self, over == transport::tcp ? pool_->self.key : std::nullopt, std::move(name),
                 pool_->served, *this, *pool_->events) {}

  // Begins to connect. A failure is told later.
  void start(const address& where) {
    dialled_.push_back(where);
    pool_->links.push_back(handle());
    wake_after(pool_->self.limits.connect);
    try {
      if (over_ == transport::tcp && !pool_->self.key)
        throw error(errc::refused, "this process has no mesh key, so it cannot dial " + session_.name());
      const auto connecting = make_counted<connector>(
          pool_->io, where, [self = handle()](owned_descriptor connected, const std::string& failure) {
            self->connector_.reset();
            if (connected) return self->attach(std::move(connected));
            self->end_later(errc::transport_lost, failure);
          });
      connector_ = connecting;
      connecting->start();
    } catch (const error& trouble) {
      end_later(trouble.kind(), trouble.sentence());
    }
  }

  // Takes over a connection that was accepted.
  void accept(owned_descriptor connected) {
    pool_->links.push_back(handle());
    half_open_ = true;
    ++pool_->half_open;
    wake_after(pool_->self.limits.connect);
    attach(std::move(connected));
  }

  post_result post(const envelope& header, const payload_view& payload) override {
    if (phase_ != phase::running) return post_result::closed;
    if (waiting_bytes() > limit::flush_bytes) {
      write_out();
      if (waiting_bytes() > limit::link_buffer_bytes) return post_result::busy;
    }
    const post_result result = session_.post(header, payload);
    if (result == post_result::posted) mark_dirty();
    return result;
  }

  void flush() override { write_out(); }

  // Stops: an open link when all that was posted has left, at the latest after limits::drain; any other soon.
  void close(const std::string& reason) override {
    if (phase_ != phase::running || finishing_) return;
    reason_ = "this process closed the link to " + session_.name() + ": " + reason;
    phase_ = phase::draining;
    if (!session_.opened()) return finish_later();
    session_.stop(reason);
    wake_after(pool_->self.limits.drain);
    write_out();
  }

  bool connected() const override { return phase_ == phase::running && session_.opened(); }
  std::size_t waiting_bytes() const override { return session_.out().waiting_bytes(); }
  const series<address>& peer() const override {
    return session_.greeted() ? session_.peer().addresses : dialled_;
  }
  // What the peer said of itself; empty until it did.
  const link_hello& peer_hello() const noexcept { return session_.peer(); }

  // For the network: says whether there is nothing left to do for this link's messages.
  bool settled() const noexcept {
    return phase_ == phase::gone || (phase_ == phase::running && session_.opened() && session_.out().empty());
  }

  // For the network: reads what is there, once. Returns: whether anything came, or the link ended by it.
  bool read_once() {
    if (!socket_.is_open() || phase_ == phase::gone) return false;
    const ssize_t got = socket_.read(inbox_.room(pool_->buffer));
    if (got < 0) {
      if (stream_socket::nothing_yet(errno)) return false;
      lost(errno_text(errno));
    } else if (got == 0) {
      peer_is_gone_ = true;
      lost("its other end was closed");
    } else if (phase_ == phase::running) {
      pool_->hot.heard(*this);
      take(static_cast<std::size_t>(got));
    }
    return true;
  }

  // For the network: sends what made this link a dirty one.
  void flush_marked() {
    dirty_ = false;
    write_out();
  }

  // For the network: ends everything silently; it is going itself.
  void abandon() {
    phase_ = phase::gone;
    session_.end(errc::inert, "the network is gone");
    if (connector_) connector_->cancel();
    timer_.cancel();
    socket_.close();
  }

 private:
  enum class phase { running, draining, gone };  // connecting and greeting are running

  shared<stream_link> handle() { return shared<stream_link>::of(*this); }

  void attach(owned_descriptor connected) {
    if (over_ == transport::unix_domain) {
      const std::string foreign = foreign_user(connected.get());
      if (!foreign.empty()) session_.turn_away(link_refusal::user, foreign);
    } else {
      set_nodelay(connected.get());
    }
    if (const int why = socket_.open(std::move(connected)))
      return end_later(errc::system, session_.name() + " could not be watched: " + errno_text(why));
    if (session_.ended()) return finish_later();
    wait_readable();
    if (!session_.out().empty()) mark_dirty();
  }

  void mark_dirty() {
    if (!taken(dirty_, true)) pool_->dirty.push_back(this);
  }

  void write_out() {
    if (!socket_.is_open() || write_blocked_ || write_failed_) return;
    const int why = socket_.write(session_.out());
    if (why == EAGAIN) {
      write_blocked_ = true;
      socket_.wait_writable([self = handle()](const async_error& failed) {
        if (failed || !self->socket_.is_open()) return;
        self->write_blocked_ = false;
        self->write_out();
      });
    } else if (why != 0) {
      write_failed_ = true;
      // What the peer said before it went is still to be read, and is the better reason.
      executor::current()->post([self = handle(), why] {
        while (!self->session_.ended() && self->read_once()) {
        }
        self->lost(errno_text(why));
      });
    } else if (phase_ == phase::draining) {
      finish_later();
    }
  }

  void wait_readable() {
    socket_.wait_readable([self = handle()](const async_error& failed) {
      if (failed || !self->socket_.is_open()) return;
      if (self->read_once()) {
        // A large frame is read while it comes, though not so long that other links starve.
        for (int more = 0; more < 32 && self->inbox_.inside_large() && self->read_once(); ++more) {
        }
      }
      if (self->socket_.is_open()) self->wait_readable();
    });
  }

  void take(std::size_t bytes) {
    const bool was_open = session_.opened();
    const reading_scope reading(*pool_);
    try {
      inbox_.received(bytes, pool_->buffer, session_);
    } catch (const std::bad_alloc&) {
      session_.end(errc::transport_lost, "the link to " + session_.name() +
                                             " was lost: no memory for a frame of " +
                                             std::to_string(session_.wanted()) + " bytes");
    }
    if (phase_ == phase::gone) return;
    if (session_.greeted()) leave_half_open();
    if (session_.ended()) return finish();
    if (phase_ != phase::running || was_open) return;
    if (session_.opened()) timer_.cancel();
    write_out();  // the answer to the hello
  }

  void lost(const std::string& how) {
    if (phase_ == phase::gone) return;
    const std::size_t unfinished = inbox_.unfinished_bytes();
    const std::string where =
        unfinished == 0 ? "" : " within a frame, after " + std::to_string(unfinished) + " bytes of it";
    if (reason_.empty())
      session_.end(errc::transport_lost, "the link to " + session_.name() + " was lost: " + how + where);
    finish();
  }
  // Until the owner has heard, the link takes messages, and returns them with the cause.
  void end_later(errc kind, const std::string& sentence) {
    if (!pending_end_) pending_end_ = make_owned<const error>(kind, sentence);
    finish_later();
  }
  void finish_later() {
    if (taken(finishing_, true)) return;
    executor::current()->post([self = handle()] { self->finish(); });
  }

  // Returns what did not leave, says the last words and tells the owner: once.
  void finish() {
    if (phase_ == phase::gone) return;
    const auto self = handle();
    phase_ = phase::gone;
    if (pending_end_) session_.end(pending_end_->kind(), pending_end_->sentence());
    if (!session_.ended()) session_.end(errc::cancelled, reason_);
    const error cause = *session_.ended();
    leave_half_open();
    pool_->hot.forget(*this);
    if (taken(dirty_)) pool_->dirty.erase(this);
    if (connector_) connector_->cancel();
    timer_.cancel();
    session_.unsent([&](const envelope& header, const arrival& payload) {
      if (pool_->events != nullptr) pool_->events->returned(header, payload, cause);
    });
    say_farewell();
    pool_->links.erase(self);
    if (pool_->events != nullptr) pool_->events->closed(*this, cause);
  }

  void say_farewell() {
    if (!socket_.is_open()) return;
    if (write_failed_ || peer_is_gone_) return socket_.close();
    if (session_.out().drop_unsent()) {
      session_.out().append(session_.last_words().data(), session_.last_words().size());
      socket_.write(session_.out());
    }
    socket_.end_writing();
    owned_descriptor spoken(socket_.release());
    if (over_ == transport::tcp) lingering_socket::keep(pool_->io, std::move(spoken));
  }

  void wake_after(std::chrono::milliseconds limit) {
    timer_.wait(limit, [self = handle(), limit] {
      if (self->phase_ == phase::draining) return self->finish();
      if (self->phase_ != phase::running || self->session_.opened()) return;
      const char* const what =
          self->socket_.is_open() ? " did not complete the handshake" : " did not accept";
      self->session_.end(errc::timeout,
                         self->session_.name() + what + " within " + std::to_string(limit.count()) + " ms");
      self->finish();
    });
  }

  void leave_half_open() {
    if (taken(half_open_)) --pool_->half_open;
  }

  shared<link_pool> pool_;
  transport over_;
  phase phase_ = phase::running;
  stream_socket socket_;
  loop_timer timer_;
  shared<connector> connector_;
  session session_;
  inbox inbox_;
  series<address> dialled_;
  std::string reason_;  // set: why this process closes it
  owned<const error> pending_end_;
  bool dirty_ = false;
  bool half_open_ = false;
  bool write_blocked_ = false, write_failed_ = false;
  bool finishing_ = false;
  bool peer_is_gone_ = false;
};

inline link_pool::link_pool(boost::asio::io_context& loop, identity who, link_events& owner)
    : io(loop), self(std::move(who)), events(&owner) {}
inline link_pool::~link_pool() = default;

}  // namespace viceroy
