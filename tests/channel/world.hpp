// world: what the channel tests share: two processes in one, who write down what their links told them.
#pragma once

#include <dirent.h>
#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "channel/io_loop.hpp"
#include "viceroy/channel/network.hpp"

namespace world {

namespace vr = viceroy;

inline vr::mesh_key key_of(int seed) {
  vr::mesh_key key{};
  for (std::size_t i = 0; i < key.size(); ++i)
    key[i] = static_cast<std::byte>(static_cast<std::size_t>(seed) + i);
  return key;
}

template <int Hash>
std::string manifest() {
  return "manifest of " + std::to_string(Hash);
}

inline vr::identity someone(std::string application = "test", std::uint64_t hash = 7) {
  vr::identity who;
  who.application = std::move(application);
  who.manifest_hash = hash;
  who.manifest_text = hash == 1 ? manifest<1> : manifest<2>;
  who.explain = [](std::string_view ours, std::string_view theirs) {
    return "message add differs in field n: " + std::string(theirs) + " against " + std::string(ours);
  };
  who.key = key_of(1);
  return who;
}

inline vr::series<vr::address> only(const vr::address& one) {
  vr::series<vr::address> all;
  all.push_back(one);
  return all;
}
inline bool is_only(const vr::series<vr::address>& all, const vr::address& one) {
  return all.size() == 1 && all[0] == one;
}

inline vr::encoded text_message(std::string_view text) {
  vr::encoded out;
  const auto content = std::as_bytes(std::span(text));
  out.body.assign(content.begin(), content.end());
  return out;
}

inline std::string text_of(std::span<const std::byte> body) {
  return {reinterpret_cast<const char*>(body.data()), body.size()};
}

inline vr::envelope to_actor(std::string_view name = "echo", std::uint64_t index = 1) {
  const auto here = vr::proc_id::parse("unix:@here,a");
  const auto there = vr::proc_id::parse("unix:@there,b");
  vr::envelope e;
  e.to = vr::actor_id(there, vr::label::parse(name), index);
  e.from = vr::actor_id(here, vr::label::parse("client"), 0);
  e.port = 0x8000'0000'0000'0001;
  e.type = 3;
  return e;
}

// Writes down what happened, in words where that is enough; a test may do more when something arrives.
struct diary final : vr::link_events {
  struct message {
    vr::envelope header;
    std::string body;
    std::vector<vr::bytes> parts;
  };

  void opened(vr::link& road) override {
    ++opens;
    last = &road;
    if (on_opened) on_opened(road);
  }
  void arrived(vr::link& road, const vr::envelope& header, const vr::arrival& payload) override {
    ++arrivals;
    last = &road;
    if (keep)
      messages.push_back({header, text_of(payload.body), {payload.parts.begin(), payload.parts.end()}});
    if (on_arrived) on_arrived(road, header, payload);
  }
  void returned(const vr::envelope& header, const vr::arrival& payload, const vr::error& cause) override {
    back.push_back({header, text_of(payload.body), {payload.parts.begin(), payload.parts.end()}});
    back_cause = cause.what();
    if (on_returned) on_returned();
  }
  void closed(vr::link& road, const vr::error& cause) override {
    ends.emplace_back(cause.what());
    kinds.push_back(cause.kind());
    if (on_closed) on_closed(road);
  }

  int opens = 0;
  std::size_t arrivals = 0;
  bool keep = true;
  vr::link* last = nullptr;
  std::vector<message> messages;
  std::vector<message> back;
  std::string back_cause;
  std::vector<std::string> ends;
  std::vector<vr::errc> kinds;
  std::function<void(vr::link&)> on_opened;
  std::function<void(vr::link&, const vr::envelope&, const vr::arrival&)> on_arrived;
  std::function<void()> on_returned;
  std::function<void(vr::link&)> on_closed;
};

// Runs a loop and its networks until something is so. A test that waits for what never comes ends after 20 s.
template <class... Networks>
bool run_until(io_loop& io, const std::function<bool()>& so, Networks&... networks) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  (networks.flush(), ...);
  while (!so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    io.run_one_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(100));
    (networks.flush(), ...);
  }
  return true;
}

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* const all = ::opendir("/proc/self/fd");
  while (::readdir(all) != nullptr) ++count;
  ::closedir(all);
  return count;
}

// Two processes' ends, in one loop.
struct two_ends {
  explicit two_ends(vr::identity a = someone(), vr::identity b = someone())
      : left(io, std::move(a), heard_left), right(io, std::move(b), heard_right) {}

  bool until(const std::function<bool()>& so) { return run_until(io, so, left, right); }

  io_loop io;
  diary heard_left;
  diary heard_right;
  vr::network left;
  vr::network right;
};

}  // namespace world
