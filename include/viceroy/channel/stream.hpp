// stream: a link over a Unix or TCP socket; writes and reads the socket itself, and asks Asio only to wait.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/channel/connector.hpp"
#include "viceroy/channel/link_pool.hpp"

namespace viceroy {

// One implementation for both transports. link_events hears of it only from the io_context or
// network::poll(), never from within post, flush, close or dial. Callbacks may do anything to any link, and
// end the network.
class stream_link final : public link, public std::enable_shared_from_this<stream_link> {
 public:
  // Use start() or accept() at once.
  stream_link(std::shared_ptr<link_pool> pool, session::side side, transport over, std::string name)
      : pool_(std::move(pool)),
        over_(over),
        descriptor_(pool_->io),
        timer_(pool_->io),
        session_(side, pool_->self, over == transport::tcp ? pool_->self->key : std::nullopt, std::move(name),
                 pool_->served, *this, *pool_->events) {}

  // Begins to connect. A failure is told later.
  void start(const address& where) {
    dialled_ = {where};
    pool_->links.emplace(this, shared_from_this());
    wake_after(pool_->self->limits.connect);
    try {
      if (over_ == transport::tcp && !pool_->self->key)
        throw error(errc::refused, "this process has no mesh key, so it cannot dial " + session_.name());
      connector_ = std::make_shared<connector>(
          pool_->io, where, [self = shared_from_this()](unique_fd connected, const std::string& failure) {
            self->connector_.reset();
            if (connected) return self->attach(std::move(connected));
            self->end_later(errc::transport_lost, failure);
          });
      const auto connecting = connector_;
      connecting->start();
    } catch (const error& trouble) {
      end_later(trouble.kind(), trouble.sentence());
    }
  }

  // Takes over a connection that was accepted.
  void accept(unique_fd connected) {
    pool_->links.emplace(this, shared_from_this());
    half_open_ = true;
    ++pool_->half_open;
    wake_after(pool_->self->limits.connect);
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

  void close(const std::string& reason) override {
    if (phase_ != phase::running || finishing_) return;
    reason_ = "this process closed the link to " + session_.name() + ": " + reason;
    if (!session_.opened()) return end_later(errc::cancelled, reason_);
    session_.stop(reason);
    phase_ = phase::draining;
    wake_after(pool_->self->limits.drain);
    write_out();
  }

  bool connected() const override { return phase_ == phase::running && session_.opened(); }
  std::size_t waiting_bytes() const override { return session_.out().waiting_bytes(); }
  const std::vector<address>& peer() const override {
    return session_.greeted() ? session_.peer().addresses : dialled_;
  }
  // What the peer said of itself; empty until it did.
  const hello& peer_hello() const noexcept { return session_.peer(); }

  // For the network: says whether there is something left to do for this link's messages.
  bool settled() const noexcept {
    return phase_ > phase::draining ||
           (phase_ == phase::running && session_.opened() && session_.out().empty());
  }
  bool half_open() const noexcept { return half_open_; }

  // For the network: reads what is there, once. Returns whether anything came, or the link ended by it.
  bool read_once() {
    if (!descriptor_.is_open() || phase_ > phase::draining) return false;
    const auto room = inbox_.room(pool_->buffer);
    const ssize_t got = ::recv(descriptor_.native_handle(), room.data(), room.size(), MSG_DONTWAIT);
    if (got < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return false;
      lost(errno_text(errno));
    } else if (got == 0) {
      peer_is_gone_ = true;
      lost(inbox_.unfinished_bytes() == 0 ? "its other end was closed"
                                          : "its other end was closed within a frame, after " +
                                                std::to_string(inbox_.unfinished_bytes()) + " bytes of it");
    } else if (phase_ == phase::running) {
      note_active();
      take(static_cast<std::size_t>(got));
    }
    return true;
  }

  // For the network: sends what it was told to when it had posted.
  void flush_marked() {
    dirty_ = false;
    write_out();
  }
  void note_missed() {
    if (++missed_polls_ > patience) cool_down();
  }

  // For the network: ends everything silently; it is going itself.
  void abandon() {
    phase_ = phase::gone;
    if (connector_) connector_->cancel();
    timer_.cancel();
    session_.end(errc::inert, "the network is gone");
    if (descriptor_.is_open()) descriptor_.close();
  }

 private:
  enum class phase { running, draining, lingering, gone };  // connecting and greeting are running
  static constexpr int patience = 256;              // polls without a byte before a link is left to epoll
  static constexpr std::chrono::seconds linger{1};  // for a TCP peer to read our last words

  void attach(unique_fd connected) {
    if (over_ == transport::unix_domain) {
      const ucred who = peer_credentials(connected.get());
      if (who.uid != ::geteuid()) {
        session_.turn_away(refusal::user, "it runs as user " + std::to_string(who.uid) +
                                              ", this process as " + std::to_string(::geteuid()));
      }
    } else {
      set_nodelay(connected.get());
    }
    boost::system::error_code failed;
    descriptor_.assign(connected.get(), failed);
    if (failed)
      return end_later(errc::system, session_.name() + " could not be watched: " + failed.message());
    static_cast<void>(connected.release());
    if (session_.ended()) return finish_later();
    wait_readable();
    if (!session_.out().empty()) mark_dirty();
  }

  void mark_dirty() {
    if (std::exchange(dirty_, true)) return;
    pool_->dirty.push_back(this);
  }

  void write_out() {
    while (descriptor_.is_open() && !write_blocked_ && !write_failed_) {
      std::array<iovec, 64> pieces;
      const int count = session_.out().gather(pieces);
      if (count == 0) break;
      ssize_t written = 0;
      if (count == 1) {
        written = ::send(descriptor_.native_handle(), pieces[0].iov_base, pieces[0].iov_len,
                         MSG_NOSIGNAL | MSG_DONTWAIT);
      } else {
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = static_cast<std::size_t>(count);
        written = ::sendmsg(descriptor_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
      }
      if (written >= 0) {
        session_.out().sent(static_cast<std::size_t>(written));
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        wait_writable();
      } else if (errno != EINTR) {
        write_failed_ = true;
        // What the peer said before it went is still to be read, and is the better reason.
        boost::asio::post(pool_->io, [self = shared_from_this(), why = errno] {
          while (!self->session_.ended() && self->phase_ <= phase::draining && self->read_once()) {
          }
          self->lost(errno_text(why));
        });
      }
    }
    if (phase_ == phase::draining && session_.out().empty()) finish_later();
  }

  void wait_writable() {
    write_blocked_ = true;
    descriptor_.async_wait(async_descriptor::wait_write, [self = shared_from_this()](const auto& failed) {
      self->write_blocked_ = false;
      if (!failed) self->write_out();
    });
  }

  void wait_readable() {
    descriptor_.async_wait(async_descriptor::wait_read, [self = shared_from_this()](const auto& failed) {
      if (failed || !self->descriptor_.is_open()) return;
      if (self->phase_ == phase::lingering) {
        self->read_and_forget();
      } else if (self->read_once()) {
        for (int more = 0; more < 32 && self->inbox_.inside_large() && self->read_once(); ++more) {
        }
      }
      if (self->descriptor_.is_open()) self->wait_readable();
    });
  }

  void take(std::size_t bytes) {
    const bool was_open = session_.opened();
    const reading_scope reading(*pool_);
    try {
      inbox_.received(bytes, pool_->buffer, session_);
    } catch (const std::bad_alloc&) {
      session_.end(errc::transport_lost, "there is no memory for a frame of " +
                                             std::to_string(session_.wanted()) + " bytes from " +
                                             session_.name());
    }
    if (phase_ > phase::draining) return;
    if (session_.greeted()) leave_half_open();
    if (session_.ended()) return finish();
    if (phase_ != phase::running || was_open) return;
    if (session_.opened()) timer_.cancel();
    if (!session_.out().empty()) mark_dirty();
  }

  void lost(const std::string& how) {
    if (phase_ > phase::draining) return;
    session_.end(errc::transport_lost,
                 reason_.empty() ? "the link to " + session_.name() + " was lost: " + how : reason_);
    finish();
  }
  void end_later(errc kind, const std::string& sentence) {
    session_.end(kind, sentence);
    finish_later();
  }
  void finish_later() {
    if (std::exchange(finishing_, true)) return;
    boost::asio::post(pool_->io, [self = shared_from_this()] { self->finish(); });
  }

  // Returns what did not leave, says the last words and tells the owner: once.
  void finish() {
    if (phase_ > phase::draining) return;
    const auto self = shared_from_this();
    phase_ = phase::lingering;
    if (!session_.ended()) session_.end(errc::cancelled, reason_);
    const error cause = *session_.ended();
    leave_half_open();
    cool_down();
    if (dirty_) std::erase(pool_->dirty, this);
    timer_.cancel();
    if (connector_) connector_->cancel();
    session_.unsent([&](const envelope& header, const arrival& payload) {
      if (pool_->events != nullptr) pool_->events->returned(header, payload, cause);
    });
    const bool must_linger = say_farewell() && over_ == transport::tcp && !peer_is_gone_;
    if (must_linger) {
      wake_after(linger);
    } else {
      vanish();
    }
    if (pool_->events != nullptr) pool_->events->closed(*this, cause);
  }

  // Returns whether the peer may still be reading. Closing with bytes unread would make TCP drop what was
  // written.
  bool say_farewell() {
    if (!descriptor_.is_open() || write_failed_ || peer_is_gone_) return false;
    if (session_.out().drop_unsent()) {
      session_.out().append(session_.farewell().data(), session_.farewell().size());
      write_out();
    }
    ::shutdown(descriptor_.native_handle(), SHUT_WR);
    return true;
  }

  void read_and_forget() {
    for (int reads = 0; reads < 8; ++reads) {
      const ssize_t got =
          ::recv(descriptor_.native_handle(), pool_->buffer.data(), limit::read_bytes, MSG_DONTWAIT);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (got <= 0) return vanish();
    }
  }

  void vanish() {
    phase_ = phase::gone;
    timer_.cancel();
    if (descriptor_.is_open()) descriptor_.close();
    pool_->links.erase(this);
  }

  void wake_after(std::chrono::milliseconds limit) {
    timer_.expires_after(limit);
    timer_.async_wait([self = shared_from_this(), limit](const auto& failed) {
      if (failed || self->timer_.expiry() > std::chrono::steady_clock::now()) return;
      if (self->phase_ == phase::lingering) return self->vanish();
      if (self->phase_ == phase::draining) return self->finish();
      if (self->phase_ != phase::running || self->session_.opened()) return;
      const char* const what =
          self->descriptor_.is_open() ? " did not complete the handshake" : " did not accept";
      self->session_.end(errc::timeout,
                         self->session_.name() + what + " within " + std::to_string(limit.count()) + " ms");
      self->finish();
    });
  }

  void leave_half_open() {
    if (!std::exchange(half_open_, false)) return;
    --pool_->half_open;
  }
  void note_active() {
    missed_polls_ = 0;
    if (hot_ || phase_ != phase::running) return;
    stream_link** coolest = &pool_->hot.front();
    for (stream_link*& candidate : pool_->hot) {
      if (candidate == nullptr) {
        coolest = &candidate;
        break;
      }
      if (candidate->missed_polls_ > (*coolest)->missed_polls_) coolest = &candidate;
    }
    if (*coolest != nullptr) (*coolest)->hot_ = false;
    *coolest = this;
    hot_ = true;
  }
  void cool_down() {
    if (!std::exchange(hot_, false)) return;
    for (stream_link*& candidate : pool_->hot)
      if (candidate == this) candidate = nullptr;
  }

  std::shared_ptr<link_pool> pool_;
  transport over_;
  phase phase_ = phase::running;
  async_descriptor descriptor_;
  async_timer timer_;
  std::shared_ptr<connector> connector_;
  session session_;
  inbox inbox_;
  std::vector<address> dialled_;
  std::string reason_;  // set: why this process closes it
  int missed_polls_ = 0;
  bool hot_ = false;
  bool dirty_ = false;
  bool half_open_ = false;
  bool write_blocked_ = false;
  bool write_failed_ = false;
  bool finishing_ = false;
  bool peer_is_gone_ = false;
};

}  // namespace viceroy
