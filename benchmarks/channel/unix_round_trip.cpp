// A Unix link between two processes against blocking read and write of the same bytes between the same cores:
// 64-byte round trips, 64-byte messages one way in batches of 128, and 1 MiB one way.
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "channel/io_loop.hpp"
#include "harness.hpp"
#include "other_process.hpp"
#include "viceroy/channel/network.hpp"

namespace {

namespace vr = viceroy;
using vr::benchmark::ns_per;
using vr::benchmark::other_process;
using vr::benchmark::raw_round_trip;
using vr::benchmark::read_all;
using vr::benchmark::socket_pair;
using vr::benchmark::write_all;

constexpr std::size_t message_bytes = 64;
constexpr std::size_t batch = 128;
constexpr std::size_t large_bytes = 1u << 20;

// What the other process does with a message.
enum class port : std::uint64_t { echo = 1, count = 2, tell = 3 };

// One process's end: a loop as the design describes it.
class end final : public vr::link_events {
 public:
  end() : net_(io_, who(), *this) {}

  vr::address serve() { return net_.serve(vr::transport::unix_domain); }
  void dial(const vr::address& where) {
    road_ = net_.dial(where);
    net_.flush();
    while (!road_->connected()) turn();
  }

  // One turn: what the sockets have, what it led to; a short poll before sleeping.
  void turn() {
    const auto begin = std::chrono::steady_clock::now();
    for (;;) {
      if (net_.poll()) break;
      ::sched_yield();
      if (std::chrono::steady_clock::now() - begin < std::chrono::microseconds(50)) continue;
      io_.run_one();
      break;
    }
    net_.flush();
  }

  void post(port to, const vr::encoded& content) {
    vr::envelope e;
    e.to = vr::actor_id(there_, name_, 1);
    e.from = vr::actor_id(here_, name_, 0);
    e.port = static_cast<std::uint64_t>(to);
    while (road_->post(e, vr::payload_view(content)) == vr::post_result::busy) turn();
  }
  void flush() { net_.flush(); }
  // Lets what the kernel did not take leave.
  void drain_to(std::size_t bytes) {
    while (road_->waiting_bytes() > bytes) {
      io_.run_one();
      net_.flush();
    }
  }
  void wait_for_answers(std::size_t count) {
    while (answers_ < count) turn();
    answers_ = 0;
  }
  void serve_until_closed() {
    while (!closed_) turn();
  }

 private:
  static vr::identity who() {
    vr::identity self;
    self.application = "benchmark";
    return self;
  }

  void opened(vr::link&) override {}
  void arrived(vr::link& road, const vr::envelope& header, const vr::arrival& payload) override {
    vr::benchmark::keep(payload.body.data());
    switch (static_cast<port>(header.port)) {
      case port::count:
        ++answers_;
        return;
      case port::tell:
      case port::echo:
        break;
    }
    vr::envelope answer = header;
    std::swap(answer.to, answer.from);
    answer.port = static_cast<std::uint64_t>(port::count);
    echoed_.body.assign(payload.body.begin(), payload.body.end());
    road.post(answer, vr::payload_view(echoed_));
  }
  void returned(const vr::envelope&, const vr::arrival&, const vr::error&) override {}
  void closed(vr::link&, const vr::error&) override { closed_ = true; }

  io_loop io_;
  vr::network net_;
  vr::shared<vr::link> road_;
  vr::proc_id here_ = vr::proc_id::parse("unix:@client,p");
  vr::proc_id there_ = vr::proc_id::parse("unix:@server,p");
  vr::label name_ = vr::label::parse("actor");
  vr::encoded echoed_;
  std::size_t answers_ = 0;
  bool closed_ = false;
};

// `count` units of `unit` bytes in writes of `at_once`, then one byte back.
double raw_one_way(std::size_t count, std::size_t unit, std::size_t at_once, int core) {
  const auto pair = socket_pair();
  std::vector<std::byte> room(std::max<std::size_t>(unit * at_once, 128u << 10));
  const other_process sink(core, [&] {
    ::close(pair[0]);
    for (std::size_t left = count * unit; left != 0;) {
      const ssize_t got = ::read(pair[1], room.data(), room.size());
      if (got <= 0) return;
      left -= static_cast<std::size_t>(got);
    }
    write_all(pair[1], room.data(), 1);
  });
  ::close(pair[1]);
  const double ns = ns_per(count, [&] {
    for (std::size_t i = 0; i < count; i += at_once) write_all(pair[0], room.data(), unit * at_once);
    read_all(pair[0], room.data(), 1);
  });
  ::close(pair[0]);
  return ns;
}

// Runs `measure(end)` with a link to a process on that core.
template <class Measure>
double over_link(int core, Measure&& measure) {
  const auto pair = socket_pair();
  const other_process server(core, [&] {
    ::close(pair[0]);
    end here;
    const std::string where(here.serve().text());
    write_all(pair[1], reinterpret_cast<const std::byte*>(where.data()), where.size());
    ::close(pair[1]);
    here.serve_until_closed();
  });
  ::close(pair[1]);
  std::array<char, 256> where{};
  const ssize_t got = ::read(pair[0], where.data(), where.size());
  ::close(pair[0]);
  if (got <= 0) throw std::runtime_error("the server did not start");
  end here;
  here.dial(vr::address::parse({where.data(), static_cast<std::size_t>(got)}));
  return measure(here);
}

double link_round_trip(std::size_t count, int core) {
  vr::encoded message;
  message.body.resize(message_bytes);
  return over_link(core, [&](end& here) {
    return ns_per(count, [&] {
      for (std::size_t i = 0; i < count; ++i) {
        here.post(port::echo, message);
        here.flush();
        here.wait_for_answers(1);
      }
    });
  });
}

double link_one_way(std::size_t count, std::size_t at_once, const vr::encoded& message, int core) {
  return over_link(core, [&](end& here) {
    return ns_per(count, [&] {
      for (std::size_t i = 0; i < count; ++i) {
        here.post(port::count, message);
        if ((i + 1) % at_once != 0) continue;
        here.flush();
        here.drain_to(1u << 20);
      }
      here.post(port::tell, {});
      here.flush();
      here.drain_to(0);
      here.wait_for_answers(1);
    });
  });
}

}  // namespace

int main(int argc, char** argv) {
  vr::benchmark::suite suite(argc, argv);
  vr::benchmark::pin(0);
  vr::encoded small;
  small.body.resize(message_bytes);
  vr::encoded large;
  large.parts.push_back(vr::bytes(std::vector<std::byte>(large_bytes)));
  for (const int core : {0, 1}) {
    const std::string cores = core == 0 ? "one_core" : "two_cores";
    const std::size_t trips = core == 0 ? 30'000 : 10'000;
    suite.compare(
        "unix_round_trip_64B_" + cores, "ns", "blocking_read_write",
        [&] { return link_round_trip(trips, core); }, [&] { return raw_round_trip(trips, core); });
    suite.compare(
        "unix_one_way_64B_" + cores, "ns", "write_of_128_messages",
        [&] { return link_one_way(1'000'000 / batch * batch, batch, small, core); },
        [&] { return raw_one_way(1'000'000 / batch * batch, message_bytes, batch, core); });
    suite.compare(
        "unix_one_way_1MiB_" + cores, "ns", "write_of_1MiB",
        [&] { return link_one_way(1'000, 1, large, core); },
        [&] { return raw_one_way(1'000, large_bytes, 1, core); });
  }
  return suite.finish();
}
