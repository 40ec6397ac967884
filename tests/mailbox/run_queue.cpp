#include "viceroy/mailbox/run_queue.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <barrier>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace run_queue_test {

struct ball {
  int n;
  std::string text;
  std::vector<int> trail;
};
struct heavy {
  std::array<int, 1000> block;  // larger than the pool's blocks
};
struct question {
  int n;
};
struct unlisted {
  int n;
};

// Counts what arrives, and whether it is in order.
struct counter {
  using handles = vr::messages<ball, heavy, question>;
  int next = 0, out_of_order = 0, heavies = 0;
  void handle(vr::context<counter>&, const ball& m) {
    out_of_order += m.n != next || m.text != std::to_string(m.n) || m.trail.size() != 3;
    ++next;
  }
  void handle(vr::context<counter>&, const heavy& m) { heavies += m.block[999] == heavies; }
  int handle(vr::context<counter>&, question m) {
    if (m.n < 0) throw std::runtime_error("negative");
    return 2 * m.n;
  }
};

// A loop on a thread of its own: messages only, woken by what is handed over.
class threaded {
 public:
  explicit threaded(std::barrier<>& together) : together_(&together) {}
  void start(const char* proc, const char* address, threaded& other) {
    thread_ = std::thread([this, proc, address, &other] { live(proc, address, other); });
  }
  void join() { thread_.join(); }

  vr::actor_id counter_id;
  int received = 0, out_of_order = 0, heavies = 0, answers = 0, failures = 0, unknown = 0;
  bool was_told = false;

  static constexpr int many = 20'000, few = 200, calls = 2'000;

 private:
  void wake() {
    woken_.store(true);
    woken_.notify_one();
  }
  void live(const char* proc, const char* address, threaded& other) {
    by_hand::world w(proc, address);
    w.queue.set_waker([this] { wake(); });
    std::optional<vr::instance> client(std::in_place, w.home, vr::label::parse("client"));
    auto& box = vr::detail::spawn_in<counter>(w.home, vr::label::parse("c"), nullptr, false);
    counter_id = box.id();
    together_->arrive_and_wait();

    const vr::actor_ref<counter> there(other.counter_id);
    for (int i = 0; i < many; ++i) {
      there.send<ball>(*client, i, std::to_string(i), std::vector<int>(3, i));
      if (i % (many / few) == 0) {
        heavy h{};
        h.block[999] = i / (many / few);
        there.send(*client, h);
      }
      if (i % (many / calls) == 0)
        there.call<question>(*client, i % 7 == 0 ? -1 : i).then([this, i](vr::outcome<int> o) {
          if (o.ok()) {
            answers += o.get() == 2 * i;
          } else {
            ++failures;
          }
        });
      if (i % 64 == 0) w.queue.run(1000);
    }
    // To nobody, and what nobody there handles: both come back across the threads.
    vr::actor_ref<counter>(vr::actor_id(there.id().proc(), there.id().name(), 12'345))
        .call<question>(*client, 1)
        .then([this](vr::outcome<int> o) { unknown += !o.ok(); });
    vr::port_ref<unlisted>(vr::port_id(there.id(), vr::type_id<unlisted>())).send(*client, 1);

    const auto done = [&] {
      return box.actor().next == many && box.actor().heavies == few && answers + failures == calls &&
             unknown == 1 && !w.ends().empty();
    };
    // Whoever has everything still serves the other, whose last messages may come later.
    while (!finished_.load() || !other.finished_.load()) {
      if (!finished_.load() && done()) {
        finished_.store(true);
        other.wake();
      }
      woken_.store(false);
      if (w.queue.run(1000) == 0 && w.queue.is_idle() && !other.finished_.load()) woken_.wait(false);
    }
    was_told = w.ends().at(0).name == "client" &&
               w.ends().at(0).cause.find("does not handle run_queue_test::unlisted") != std::string::npos;
    received = box.actor().next;
    out_of_order = box.actor().out_of_order;
    heavies = box.actor().heavies;
    together_->arrive_and_wait();  // nobody sends any more
    w.settle();
    together_->arrive_and_wait();  // nothing of the other's is here any more
    w.settle();
    client.reset();
    together_->arrive_and_wait();
  }

  std::barrier<>* together_;
  std::atomic<bool> woken_{false};
  std::atomic<bool> finished_{false};
  std::thread thread_;
};

}  // namespace run_queue_test

using namespace run_queue_test;

TEST_CASE("Two loops send each other messages, calls and heavy blocks: all arrive, each sender's in order") {
  std::barrier together(2);
  threaded first(together), second(together);
  first.start("first", "inproc:11", second);
  second.start("second", "inproc:12", first);
  first.join();
  second.join();
  for (const threaded* each : {&first, &second}) {
    CHECK(each->received == threaded::many);
    CHECK(each->out_of_order == 0);
    CHECK(each->heavies == threaded::few);
    CHECK(each->answers + each->failures == threaded::calls);
    CHECK(each->failures > threaded::calls / 10);
    CHECK(each->unknown == 1);
    CHECK(each->was_told);
  }
}

TEST_CASE("Messages are handled in the order pushed, up to as many as asked for") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  auto& box = vr::detail::spawn_in<counter>(w.home, vr::label::parse("c"), nullptr, false);
  const vr::actor_ref<counter> ref(box.id());
  for (int i = 0; i < 10; ++i) ref.send<ball>(client, i, std::to_string(i), std::vector<int>(3, i));
  CHECK(w.queue.run(4) == 4);
  CHECK(box.actor().next == 4);
  CHECK(w.queue.has_work());
  CHECK(w.queue.run(100) == 6);
  CHECK_FALSE(w.queue.has_work());
  CHECK(w.queue.is_idle());
  CHECK(box.actor().out_of_order == 0);
  CHECK(w.queue.counters().handled == 10);
}

TEST_CASE("A warm loop takes its messages from the free lists") {
  by_hand::world w;
  vr::instance client(w.home, vr::label::parse("client"));
  auto& box = vr::detail::spawn_in<counter>(w.home, vr::label::parse("c"), nullptr, false);
  const vr::actor_ref<counter> ref(box.id());
  std::vector<const void*> seen;
  for (int i = 0; i < 100; ++i) {
    auto& n = w.queue.make<question>(vr::message_ops_of<question>, false, 1);
    seen.push_back(&n);
    w.queue.discard(n);
    ref.send<question>(client, 1);
    w.settle();
  }
  for (const auto* each : seen) CHECK(each == seen.front());
}
