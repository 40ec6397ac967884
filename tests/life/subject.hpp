// subject: actors that write down all that happens to them, and the rules that every life keeps.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/worlds.hpp"

namespace life_test {

namespace vr = viceroy;
using namespace std::chrono_literals;
using vr::stop_mode;
using worlds::stage;

struct event {
  vr::actor_id who;
  std::string what;
  int number = 0;
  vr::actor_id from{};
};

// What happened in one run, in order. Threads: any.
class journal {
 public:
  static void clear() {
    const std::lock_guard lock(guard_);
    all_.clear();
  }
  static void note(const vr::actor_id& who, std::string_view what, int number = 0,
                   const vr::actor_id& from = {}) {
    const std::lock_guard lock(guard_);
    all_.push_back({who, std::string(what), number, from});
  }
  static std::vector<event> events() {
    const std::lock_guard lock(guard_);
    return all_;
  }
  static std::size_t count(const vr::actor_id& who, std::string_view what) {
    const std::lock_guard lock(guard_);
    return static_cast<std::size_t>(std::count_if(
        all_.begin(), all_.end(), [&](const event& e) { return e.who == who && e.what == what; }));
  }
  // Where it happened first; far behind everything if it did not.
  static std::size_t first(const vr::actor_id& who, std::string_view what) {
    const std::lock_guard lock(guard_);
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (all_[i].who == who && all_[i].what == what) return i;
    return std::size_t(-1);
  }

 private:
  static inline std::mutex guard_;
  static inline std::vector<event> all_;
};

// Where an actor throws, and where it waits: of init and stop, stop until it is killed.
enum fault : int { none = 0, in_constructor = 1, in_init = 2, in_stop = 4, in_cleanup = 8 };
struct plan {
  int throws = none;
  int waits = none;
};

struct tell {
  int n;
};
struct ask {
  int n;
};
// Handled by waiting for what it sends to a port of its own.
struct hold {
  int n;
};
// Handled by waiting until its gate is opened, or for ever.
struct wait_open {
  vr::port_ref<vr::port_ref<int>> gate;
};
// The same, and then it fails.
struct wait_and_fail {
  vr::port_ref<vr::port_ref<int>> gate;
};
struct boom {};
struct quit {
  stop_mode how;
};
struct grow {
  bool careful;
  plan with;
};
struct end_child {
  vr::actor_id child;
  stop_mode how;
};
struct tell_other {
  vr::actor_id to;
  int times;
};
struct nest {
  vr::actor_id to;
};

inline std::atomic<int> alive{0};

// Its first and last moment.
struct breath {
  vr::actor_id id;
  breath() { ++alive; }
  breath(const breath&) = delete;
  breath& operator=(const breath&) = delete;
  ~breath() {
    if (!id.empty()) journal::note(id, "gone");
    --alive;
  }
};

struct careful;
struct careless;

template <class Self>
struct behaviour {
  using handles =
      vr::messages<tell, ask, hold, wait_open, wait_and_fail, boom, quit, grow, end_child, tell_other, nest>;
  using params = plan;
  breath life;
  plan with;
  bool busy = false;

  explicit behaviour(plan p) : with(p) {
    if (with.throws & in_constructor) throw std::runtime_error("no constructor");
  }

  vr::task<void> init(vr::context<Self>& cx) {
    life.id = cx.id();
    journal::note(life.id, "init");
    if (with.waits & in_init) {
      auto [port, inbox] = cx.template open_once_port<int>();
      port.bind().send(cx, 1);
      co_await inbox.recv();
    }
    if (with.throws & in_init) throw std::runtime_error("no init");
    journal::note(life.id, "ready");
  }
  vr::task<void> stop(vr::context<Self>& cx) {
    journal::note(life.id, "stop");
    if (with.waits & in_stop) {
      auto [port, inbox] = cx.template open_port<int>();
      co_await inbox.recv();
    }
    if (with.throws & in_stop) throw std::runtime_error("no stop");
    journal::note(life.id, "stopped");
  }
  void cleanup(vr::context<Self>&) {
    journal::note(life.id, "cleanup");
    if (with.throws & in_cleanup) throw std::runtime_error("no cleanup");
  }

  void handle(vr::context<Self>& cx, tell m) {
    const undisturbed alone(*this);
    journal::note(life.id, "tell", m.n, cx.sender());
  }
  int handle(vr::context<Self>& cx, ask m) {
    const undisturbed alone(*this);
    journal::note(life.id, "ask", m.n, cx.sender());
    return m.n;
  }
  vr::task<int> handle(vr::context<Self>& cx, hold m) {
    const undisturbed alone(*this);
    const vr::actor_id from = cx.sender();
    auto [port, inbox] = cx.template open_once_port<int>();
    port.bind().send(cx, m.n);
    const int n = co_await inbox.recv();
    if (cx.sender() != from) throw std::logic_error("the sender changed across a suspension");
    journal::note(life.id, "held", n, from);
    co_return n;
  }
  vr::task<int> handle(vr::context<Self>& cx, wait_open m) {
    const undisturbed alone(*this);
    auto [port, inbox] = cx.template open_port<int>();
    m.gate.send(cx, port.bind());
    const int n = co_await inbox.recv();
    journal::note(life.id, "opened", n);
    co_return n;
  }
  vr::task<int> handle(vr::context<Self>& cx, wait_and_fail m) {
    const undisturbed alone(*this);
    auto [port, inbox] = cx.template open_port<int>();
    m.gate.send(cx, port.bind());
    co_await inbox.recv();
    throw std::runtime_error("late bang");
  }
  void handle(vr::context<Self>&, boom) {
    const undisturbed alone(*this);
    throw std::runtime_error("bang");
  }
  void handle(vr::context<Self>& cx, quit m) {
    const undisturbed alone(*this);
    if (m.how == stop_mode::drain) cx.drain();
    if (m.how == stop_mode::stop) cx.stop();
    if (m.how == stop_mode::kill) vr::life::stop(cx.box(), m.how);
  }
  vr::actor_id handle(vr::context<Self>& cx, grow m);
  void handle(vr::context<Self>& cx, end_child m) {
    const undisturbed alone(*this);
    cx.stop(vr::actor_ref<careless>(m.child), m.how);
  }
  void handle(vr::context<Self>& cx, tell_other m);
  vr::task<void> handle(vr::context<Self>& cx, nest m);

 private:
  // Whatever an actor does while a handler of its own is suspended is a mistake.
  struct undisturbed {
    explicit undisturbed(behaviour& b) : whose(&b) {
      if (std::exchange(b.busy, true)) journal::note(b.life.id, "disturbed");
    }
    undisturbed(const undisturbed&) = delete;
    undisturbed& operator=(const undisturbed&) = delete;
    ~undisturbed() { whose->busy = false; }
    behaviour* whose;
  };
};

struct careless : behaviour<careless> {
  using behaviour<careless>::behaviour;
};
// Hears of its children's failures and of what comes back.
struct careful : behaviour<careful> {
  using behaviour<careful>::behaviour;
  using behaviour<careful>::handle;
  void handle(vr::context<careful>& cx, const vr::child_failure& m) {
    journal::note(cx.id(), "child failed: " + m.sentence, 0, m.child);
  }
  void handle(vr::context<careful>& cx, const vr::undeliverable& m) {
    journal::note(cx.id(), "came back", m.kind, m.to);
  }
};

template <class Self>
vr::actor_id behaviour<Self>::handle(vr::context<Self>& cx, grow m) {
  const undisturbed alone(*this);
  const vr::actor_id child =
      m.careful ? cx.template spawn<careful>(m.with).id() : cx.template spawn<careless>(m.with).id();
  journal::note(child, "child of", 0, cx.id());
  return child;
}
template <class Self>
void behaviour<Self>::handle(vr::context<Self>& cx, tell_other m) {
  const undisturbed alone(*this);
  for (int i = 0; i < m.times; ++i) vr::actor_ref<careless>(m.to).send<tell>(cx, i);
}
// Waits for another's answer, whatever becomes of it.
template <class Self>
vr::task<void> behaviour<Self>::handle(vr::context<Self>& cx, nest m) {
  const undisturbed alone(*this);
  try {
    co_await vr::actor_ref<careless>(m.to).call<ask>(cx, 1);
  } catch (const vr::error& e) {
    journal::note(life.id, "nest failed: " + e.sentence(), static_cast<int>(e.kind()));
  }
}

// A suspended handler: its answer, and the gate that lets it go on.
template <class M, class A>
class suspended {
 public:
  static vr::task<suspended> begin(stage& s, vr::actor_ref<A> whom) {
    auto [port, inbox] = s.me().template open_once_port<vr::port_ref<int>>();
    auto answer = whom.template call<M>(s.me(), vr::port_ref<vr::port_ref<int>>(port.id()));
    const vr::port_ref<int> gate = co_await inbox.recv();
    co_return suspended(std::move(answer), gate);
  }
  void open(stage& s, int n = 1) const { gate_.send(s.me(), n); }
  vr::answer<int> answer() { return std::move(answer_); }

 private:
  suspended(vr::answer<int> a, vr::port_ref<int> gate) : answer_(std::move(a)), gate_(gate) {}
  vr::answer<int> answer_;
  vr::port_ref<int> gate_;
};

// How an answer ended: its value, or its sentence and kind.
struct end_of_call {
  end_of_call(bool was_ok, int n, std::string text, vr::errc k)
      : ok(was_ok), value(n), sentence(std::move(text)), kind(k) {}
  bool ok;
  int value;
  std::string sentence;
  vr::errc kind;
};
template <class A>
vr::task<end_of_call> end(A awaited) {
  using T = vr::await_result<A>;
  try {
    if constexpr (std::is_same_v<T, int>) {
      const int n = co_await std::move(awaited);
      co_return end_of_call(true, n, "", vr::errc{});
    } else {
      co_await std::move(awaited);
      co_return end_of_call(true, 0, "", vr::errc{});
    }
  } catch (const vr::error& e) {
    co_return end_of_call(false, 0, e.sentence(), e.kind());
  } catch (const std::exception& e) {
    co_return end_of_call(false, 0, e.what(), vr::errc{});
  }
}

// What holds of every life, whatever a scenario did: hooks at most once and in order, the end after all else,
// children before parents, nobody disturbed, nothing left over.
inline void require_rules() {
  std::map<vr::actor_id, std::vector<std::string>> lives;
  std::map<vr::actor_id, vr::actor_id> parent_of;
  std::map<vr::actor_id, std::size_t> gone;
  const auto all = journal::events();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].what == "child of") {
      parent_of[all[i].who] = all[i].from;
    } else {
      lives[all[i].who].push_back(all[i].what);
    }
    if (all[i].what == "gone") gone[all[i].who] = i;
  }
  for (const auto& [who, life] : lives) {
    const auto times = [&](const char* what) { return std::count(life.begin(), life.end(), what); };
    const auto at = [&](const char* what) {
      return std::find(life.begin(), life.end(), what) - life.begin();
    };
    if (times("init") == 0) continue;  // a client
    const auto end = static_cast<std::ptrdiff_t>(life.size());
    bool kept = at("init") == 0 && times("init") == 1 && times("disturbed") == 0 && times("stop") <= 1 &&
                times("cleanup") == 1 && times("gone") == 1 && at("gone") == end - 1 &&
                at("cleanup") == end - 2;
    if (times("stop")) kept = kept && at("stop") >= end - 4;  // "stopped" may stand between
    if (times("ready") == 0) kept = kept && life[1] != "tell" && life[1] != "ask";
    if (kept) continue;
    std::string text = who.text() + ":";
    for (const auto& each : life) text += " " + each + ";";
    FAIL(text);
  }
  for (const auto& [child, parent] : parent_of) {
    if (gone.contains(child) && (!gone.contains(parent) || gone[child] < gone[parent])) continue;
    FAIL((child.text() + ", a child of " + parent.text() + ", did not go before it"));
  }
  REQUIRE(alive == 0);
}

template <class Scenario>
void in_every_world(Scenario scenario, const worlds::effort& e = {}) {
  worlds::in_every_world(e, scenario, journal::clear, require_rules);
}

}  // namespace life_test
