// in_process: two links joined in memory: the frames of a socket without one, moved step by step.
#pragma once

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/series.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/channel/session.hpp"

namespace viceroy {

// Both ends of a road within one loop, for tests: everything is written down, sent, checked and read as over
// a socket, nothing is lost, and nothing moves but in step(). Both owners hear only from step().
class in_process_pair {
 public:
  in_process_pair(identity left, link_events& left_events, identity right, link_events& right_events)
      : left_(session::side::dialler, std::move(left), address::in_process(1), address::in_process(2),
              left_events),
        right_(session::side::acceptor, std::move(right), address::in_process(2), address::in_process(1),
               right_events) {
    left_.flush();
  }

  link& left() noexcept { return left_; }
  link& right() noexcept { return right_; }

  // Moves what one side has flushed to the other, at most `bytes` of it, the sides taking turns; then tells
  // of an end that was reached. Returns: whether anything moved or ended.
  bool step(std::size_t bytes = static_cast<std::size_t>(-1)) {
    std::swap(next_, other_);
    return next_->move_to(*other_, bytes) || other_->move_to(*next_, bytes) || next_->finish(*other_) ||
           other_->finish(*next_);
  }

  // Steps and flushes both sides until nothing moves.
  void settle() {
    do {
      left_.flush();
      right_.flush();
    } while (step());
  }

 private:
  class end final : public link {
   public:
    end(session::side side, identity self, const address& here, const address& there, link_events& events)
        : dialled_(only(there)),
          events_(events),
          self_(std::move(self)),
          session_(side, self_, std::nullopt, std::string(there.text()), only(here), *this, events) {}

    post_result post(const envelope& header, const payload_view& payload) override {
      if (finished_) return post_result::closed;
      if (waiting_bytes() > limit::link_buffer_bytes) return post_result::busy;
      return session_.post(header, payload);
    }
    void flush() override {
      if (!finished_) flush_everything();
    }
    void close(const std::string& reason) override {
      if (finished_ || session_.ended()) return;
      const std::string sentence = "this process closed the link to " + session_.name() + ": " + reason;
      if (session_.opened()) {
        session_.stop(reason);
        flush_everything();
      }
      session_.end(errc::cancelled, sentence);
    }
    bool connected() const override { return session_.opened(); }
    std::size_t waiting_bytes() const override { return session_.out().waiting_bytes() + sent_.size(); }
    const series<address>& peer() const override {
      return session_.greeted() ? session_.peer().addresses : dialled_;
    }

    bool move_to(end& peer, std::size_t most) {
      const std::size_t n = std::min(most, sent_.size());
      if (n == 0) return false;
      peer.got_.insert(peer.got_.end(), sent_.begin(), sent_.begin() + static_cast<std::ptrdiff_t>(n));
      sent_.erase(sent_.begin(), sent_.begin() + static_cast<std::ptrdiff_t>(n));
      if (peer.finished_ || peer.session_.ended()) {
        peer.got_.clear();
        return true;
      }
      const std::vector<std::byte> input = taken(peer.got_);
      const std::size_t used = peer.session_.consume(input);
      peer.got_.assign(input.begin() + static_cast<std::ptrdiff_t>(used), input.end());
      return true;
    }

    // Tells the owner that the session ended, and the peer why.
    bool finish(end& peer) {
      if (finished_ || !session_.ended()) return false;
      finished_ = true;
      const error cause = *session_.ended();
      session_.unsent(
          [&](const envelope& header, const arrival& payload) { events_.returned(header, payload, cause); });
      if (session_.out().drop_unsent()) {
        session_.out().append(session_.last_words().data(), session_.last_words().size());
        flush_everything();
      }
      if (!sent_.empty()) move_to(peer, sent_.size());
      if (!peer.session_.ended())
        peer.session_.end(errc::transport_lost,
                          "the link to " + peer.session_.name() + " was lost: its other end was closed");
      events_.closed(*this, cause);
      return true;
    }

   private:
    static series<address> only(const address& one) {
      series<address> all;
      all.push_back(one);
      return all;
    }

    void flush_everything() {
      std::array<iovec, 16> pieces;
      while (const int count = session_.out().gather(pieces)) {
        std::size_t moved = 0;
        for (int i = 0; i < count; ++i) {
          const iovec& piece = pieces[static_cast<std::size_t>(i)];
          const auto* const from = static_cast<const std::byte*>(piece.iov_base);
          sent_.insert(sent_.end(), from, from + piece.iov_len);
          moved += piece.iov_len;
        }
        session_.out().sent(moved);
      }
    }

    series<address> dialled_;
    link_events& events_;
    identity self_;
    session session_;
    std::vector<std::byte> sent_;  // flushed, not yet moved
    std::vector<std::byte> got_;   // moved, not yet a whole frame
    bool finished_ = false;
  };

  end left_;
  end right_;
  end* next_ = &right_;
  end* other_ = &left_;
};

}  // namespace viceroy
