// session: one link's handshake, numbering and frames, without a socket: posts into an outbox, reads what it
// is given.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/owned.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/channel/farewell.hpp"
#include "viceroy/channel/hello.hpp"
#include "viceroy/channel/identity.hpp"
#include "viceroy/channel/link.hpp"
#include "viceroy/channel/message_frame.hpp"
#include "viceroy/channel/outbox.hpp"

namespace viceroy {

// The protocol of one link, the same for every carrier (docs/wire.md). Whoever owns it moves the outbox's
// bytes to the peer and the peer's bytes here; it tells link_events what was opened and what arrived, never
// what ended.
class session {
 public:
  enum class side { dialler, acceptor };

  // `self` outlives the session; `peer` names the other side in errors; `key` is what it must prove, none
  // where the kernel vouches for it.
  session(side which, const identity& self, std::optional<mesh_key> key, std::string peer,
          series<address> served, link& road, link_events& events)
      : side_(which),
        self_(self),
        key_(std::move(key)),
        name_(std::move(peer)),
        served_(std::move(served)),
        road_(road),
        events_(events) {
    if (side_ == side::dialler) say_hello();
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  // As link::post, except that `busy` is never about the outbox's size: that is its owner's to judge.
  post_result post(const envelope& header, const payload_view& payload) {
    if (state_ >= state::stopped) return post_result::closed;
    return writing_.write(header, payload);
  }

  // Takes whole frames from the beginning of `in`, which lies in `owner`, if that is given. Returns: how many
  // bytes were used. Never throws for what they say: see ended().
  std::size_t consume(std::span<const std::byte> in, const bytes& owner = {}) {
    std::size_t used = 0;
    wanted_ = 0;
    if (state_ == state::greeting) used = greet(in);
    while (state_ == state::open || state_ == state::explaining) {
      if (in.size() - used < sizeof(frame_header)) break;
      const auto header = load_struct<frame_header>(in.data() + used);
      if (!plausible(header)) break;
      const std::size_t whole = sizeof header + header.length;
      if (in.size() - used < whole) {
        wanted_ = whole;
        break;
      }
      const auto content = in.subspan(used + sizeof header, header.length);
      used += whole;
      take(header, content, owner);
    }
    return used;
  }

  // The size of the frame whose beginning consume() left over, once that is known; otherwise 0.
  std::size_t wanted() const noexcept { return wanted_; }

  outbox& out() noexcept { return out_; }
  const outbox& out() const noexcept { return out_; }
  bool opened() const noexcept { return state_ == state::open; }
  bool greeted() const noexcept { return greeted_; }  // the peer has proved itself
  const std::string& name() const noexcept { return name_; }
  const link_hello& peer() const noexcept { return peer_; }

  // Why the session ended, or null. Nothing is posted or delivered from then on.
  const error* ended() const noexcept { return end_.get(); }
  void end(errc kind, std::string sentence) {
    if (!end_) end_ = make_owned<const error>(kind, std::move(sentence));
    state_ = state::ended;
  }

  // Ends the session with a peer that the kernel does not vouch for.
  void turn_away(link_refusal why, const std::string& sentence) {
    farewell_.refuse(why);
    end(errc::refused, name_ + " is no peer: " + sentence);
  }

  // Ends posting and delivery; what was posted still leaves, and after it, to an open peer, the reason.
  void stop(std::string_view reason) {
    if (state_ == state::open) out_.append_frame(count_.header(frame_kind::close), reason_bytes(reason));
    if (state_ < state::stopped) state_ = state::stopped;
  }

  // What the peer should still hear when the session has ended by an error; it may follow any whole frame.
  std::span<const std::byte> last_words() const noexcept { return farewell_.bytes(); }

  // Visits each message that was posted and has not left: `visit(envelope, arrival)`.
  template <class Visit>
  void unsent(Visit&& visit) const {
    envelope to;
    out_.frames([&](bool has_left, const frame_header& header, std::span<const std::byte> content,
                    std::span<const bytes> parts) {
      if (header.kind == frame_kind::message) {
        const auto message = load_struct<message_header>(content.data());
        if (!read_envelope(message, writing_.names(), to)) return;
        content = content.subspan(sizeof message, message.body);
      } else if (header.kind != frame_kind::again) {
        return;
      }
      if (!has_left) visit(to, arrival{content, parts});
    });
  }

 private:
  enum class state { greeting, explaining, open, stopped, ended };

  void say_hello() {
    link_hello mine{id_, self_.incarnation, self_.manifest_hash, self_.application, served_};
    const auto written = written_hello(mine, key_);
    out_.append(written.data(), written.size());
    out_.skip_to_here();
    if (side_ == side::acceptor) return;
    out_.keep();
    if (key_) out_.hold_from_here();  // a peer that must prove itself is told nothing before
  }

  std::size_t greet(std::span<const std::byte> in) {
    greeting first;
    if (!guarded([&] { first = read_greeting(in, key_); })) return 0;
    if (!first.wrong.empty()) {
      reject(first);
      return first.used;
    }
    if (first.used == 0) return 0;
    peer_ = std::move(first.value);
    greeted_ = true;
    if (side_ == side::acceptor) {
      id_ = peer_.session;
      if (!peer_.addresses.empty()) name_ = peer_.addresses[0].text();
      say_hello();
    } else if (peer_.session != id_) {
      malformed("it answers another session");
      return first.used;
    }
    if (peer_.application != self_.application) {
      refuse("its application is " + in_quotes(peer_.application) + ", this process's " +
             in_quotes(self_.application));
    } else if (peer_.manifest_hash != self_.manifest_hash) {
      state_ = state::explaining;
      if (side_ == side::acceptor) out_.append_frame(count_.header(frame_kind::manifest_request), {});
    } else {
      state_ = state::open;
      out_.release();
      events_.opened(road_);
    }
    return first.used;
  }

  void reject(const greeting& first) {
    if (first.refused_us) return end(errc::refused, name_ + " refused this process: " + first.wrong);
    const bool no_sense = first.answer == link_refusal::none || first.answer == link_refusal::malformed;
    if (side_ == side::dialler) {
      farewell_.say(count_.header(frame_kind::close), first.wrong);
    } else if (first.answer != link_refusal::none) {
      farewell_.refuse(first.answer);
    }
    end(no_sense ? errc::bad_input : errc::refused, name_ + " is no peer: " + first.wrong);
  }

  bool plausible(const frame_header& header) {
    if (header.length > limit::frame_bytes) {
      return ill(errc::frame_too_large, "a frame of " + std::to_string(header.length) +
                                            " bytes is larger than " + std::to_string(limit::frame_bytes));
    }
    if (const char* wrong = problem(header)) return malformed(wrong);
    const bool is_end = header.kind == frame_kind::refuse || header.kind == frame_kind::close;
    if (is_end || state_ != state::open) return true;  // the end, and the way to a refusal, count nothing
    return count_.accept(header) || malformed(count_.complaint(header));
  }

  void take(const frame_header& header, std::span<const std::byte> content, const bytes& owner) {
    if (is_message(header.kind) && state_ == state::open) [[likely]]
      return take_message(header.kind, content, owner);
    if (header.kind == frame_kind::refuse) {
      end(errc::refused, name_ + " refused this process: " + foreign_reason(content));
    } else if (header.kind == frame_kind::close) {
      end(errc::transport_lost, "the peer " + name_ + " closed the link: " + foreign_reason(content));
    } else if (state_ == state::explaining) {
      explain(header, content);
    } else if (header.kind == frame_kind::define) {
      const char* wrong = nullptr;
      if (guarded([&] { wrong = theirs_.define(content); }) && wrong != nullptr) malformed(wrong);
    } else if (header.kind == frame_kind::forget) {
      theirs_.clear();
    } else {
      malformed("a frame that has no place on an open link");
    }
  }

  void take_message(frame_kind kind, std::span<const std::byte> content, const bytes& owner) {
    message_reader reading(content, theirs_, owner, parts_);
    if (kind == frame_kind::again) {
      if (count_.received == 0) {
        malformed("a message without an envelope, and none before it");
        return;
      }
      reading.read_again();
    } else {
      const char* wrong = nullptr;
      if (!guarded([&] { wrong = reading.read(arriving_); })) return;
      if (wrong != nullptr) {
        malformed(wrong);
        return;
      }
    }
    ++count_.received;
    events_.arrived(road_, arriving_, reading.payload());
    parts_.clear();
  }

  void explain(const frame_header& header, std::span<const std::byte> content) {
    if (header.kind == frame_kind::manifest_request && side_ == side::dialler && !told_manifest_) {
      told_manifest_ = true;
      std::string text;
      if (self_.manifest_text && !guarded([&] { text = self_.manifest_text(); })) return;
      out_.let_go();
      out_.append_frame(count_.header(frame_kind::manifest),
                        std::as_bytes(std::span(text)).first(std::min(text.size(), limit::manifest_bytes)));
    } else if (header.kind == frame_kind::manifest && side_ == side::acceptor) {
      std::string difference, to_tell;  // "here" is this process, and the other one where it is told
      if (self_.explain && self_.manifest_text && !guarded([&] {
            const std::string ours = self_.manifest_text();
            const std::string_view theirs(reinterpret_cast<const char*>(content.data()), content.size());
            difference = self_.explain(ours, theirs);
            to_tell = self_.explain(theirs, ours);
          }))
        return;
      if (difference.empty()) difference = to_tell = "its application's manifest differs from this process's";
      refuse(difference, to_tell);
    }
  }

  // Ends the session, both sides knowing why.
  void refuse(const std::string& why) { refuse(why, why); }
  void refuse(const std::string& why, const std::string& to_tell) {
    farewell_.say(count_.header(frame_kind::refuse), to_tell);
    end(errc::refused, "refused " + name_ + ": " + why);
  }
  bool malformed(const std::string& what) { return ill(errc::bad_input, what); }
  bool ill(errc kind, const std::string& what) {
    farewell_.say(count_.header(frame_kind::close), what);
    end(kind, "the link to " + name_ + " was closed: " + what);
    return false;
  }
  // Runs what foreign bytes may make throw: no memory, no room for another name.
  template <class Run>
  bool guarded(Run run) {
    try {
      run();
      return true;
    } catch (const std::exception& trouble) {
      return malformed(trouble.what());
    }
  }
  side side_;
  state state_ = state::greeting;
  const identity& self_;
  std::optional<mesh_key> key_;
  std::string name_;
  series<address> served_;
  link& road_;
  link_events& events_;
  outbox out_;
  number_names theirs_;
  counters count_;
  message_writer writing_{out_, count_};
  envelope arriving_;                // the message being delivered
  series<bytes> parts_;              // and its parts
  std::uint64_t id_ = random_u64();  // the dialler's holds
  std::size_t wanted_ = 0;
  bool greeted_ = false;
  bool told_manifest_ = false;
  link_hello peer_;
  owned<const error> end_;
  farewell farewell_;
};

}  // namespace viceroy
