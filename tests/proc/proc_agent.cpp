#include "viceroy/proc/proc_agent.hpp"

#include <coroutine>
#include <stdexcept>
#include <string>
#include <vector>

#include "proc/fake_world.hpp"

using namespace fake;
using vr::status;

namespace agents {

struct add {
  int by;
};
struct fall_over {};
struct end_yourself {};

// The handles by which a test lets a suspended actor go on.
inline std::coroutine_handle<> waiting;
struct wait_for_test {
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) const { waiting = h; }
  void await_resume() const {}
};

struct counter_params {
  int start = 0;
};
struct counter {
  using params = counter_params;
  using handles = vr::messages<add, fall_over, end_yourself>;
  explicit counter(counter_params p) : value(p.start) {
    if (p.start < 0) throw std::runtime_error("a counter begins at 0 or above");
  }
  void handle(vr::context<counter>&, add m) { value += m.by; }
  void handle(vr::context<counter>&, fall_over) { throw std::runtime_error("fell over"); }
  void handle(vr::context<counter>& cx, end_yourself) { cx.stop(); }
  int value;
};

struct slow_start {
  using handles = vr::messages<>;
  vr::task<void> init(vr::context<slow_start>&) {
    co_await wait_for_test();
    if (fails) throw std::runtime_error("no luck");
  }
  static inline bool fails = false;
};

struct unyielding {
  using handles = vr::messages<add>;
  vr::task<void> handle(vr::context<unyielding>&, add) { co_await wait_for_test(); }
};

}  // namespace agents

namespace {

using namespace agents;
using app = vr::application<"agents", vr::actors<counter, slow_start, unyielding>>;

// A proc with its agent, and a client of it.
struct proc_world : world {
  proc_world() : world(vr::remote<app>::table) { run(); }

  template <class A>
  static vr::actor_spec spec() {
    vr::actor_spec s;
    s.type = vr::detail::actor_tag<A>;
    s.type_name = vr::type_name<A>();
    return s;
  }
  static vr::actor_spec counter_from(int start) {
    vr::actor_spec s = spec<counter>();
    s.params = vr::bytes(vr::encode_message(counter_params{start}).body);
    return s;
  }
  void create(const std::string& id, const vr::actor_spec& s, std::uint32_t rank = 0) {
    agent.send<vr::create_or_update<vr::actor_spec>>(owner.cx, vr::label::parse(id), rank, s, owner.bind());
    run();
  }
  void ask(const std::string& id) {
    agent.send<vr::get_rank_status>(asker.cx, vr::label::parse(id), asker.bind());
    run();
  }
  void stop(const std::string& id) {
    agent.send<vr::stop>(asker.cx, vr::label::parse(id), asker.bind());
    run();
  }
  vr::rank_status only_answer() {
    auto got = asker.heard();
    REQUIRE(got.size() == 1);
    return got.front();
  }
  // Asks and returns the answer.
  template <class M, class T, class... F>
  T call(F... fields) {
    std::optional<T> value;
    agent.call<M>(asker.cx, std::move(fields)...).then([&](T v) { value.emplace(std::move(v)); });
    run();
    REQUIRE(value);
    return std::move(*value);
  }
  vr::resource_state state(const std::string& id) {
    return call<vr::get_state<vr::actor_spec>, vr::resource_state>(vr::label::parse(id));
  }

  vr::directory& home = core.make_proc(vr::address::random_unix(), vr::label::parse("p0"));
  vr::actor_ref<vr::proc_agent> agent{vr::make_proc_agent(core, home)};
  client owner{*this, "owner"};
  client asker{*this, "asker"};
};

}  // namespace

TEST_CASE("the agent stands in slot 0 and its id is known without asking") {
  proc_world w;
  CHECK(w.agent.id() == vr::actor_id(w.home.id(), vr::label::parse("proc_agent"), 0));
}

TEST_CASE("an actor is made from bytes and announced as running, with its id") {
  proc_world w;
  w.create("a0", w.counter_from(3), 7);
  w.ask("a0");
  const auto now = w.only_answer();
  CHECK(now.status == status::running);
  CHECK(now.rank == 7);
  CHECK(now.id == vr::label::parse("a0"));
  CHECK(now.actor.proc() == w.home.id());
  CHECK(w.home.find(now.actor.index()) != nullptr);
  CHECK(w.owner.heard().empty());
}

TEST_CASE("the same id twice is one actor") {
  proc_world w;
  w.create("a0", w.counter_from(3));
  const auto living = w.home.living();
  const auto before = w.state("a0");
  w.create("a0", w.counter_from(4));
  CHECK(w.home.living() == living);
  CHECK(w.state("a0").generation == before.generation);
}

TEST_CASE("whoever asks before there is anything is told when it runs") {
  proc_world w;
  w.ask("a0");
  CHECK(w.asker.heard().empty());
  w.create("a0", w.counter_from(0));
  CHECK(w.only_answer().status == status::running);
}

TEST_CASE(
    "a throwing constructor, bytes that are no params and an unknown type fail the spawn with rank and "
    "text") {
  proc_world w;
  w.create("a0", w.counter_from(-1), 5);
  w.ask("a0");
  auto now = w.only_answer();
  CHECK(now.status == status::failed);
  CHECK(now.sentence == "rank 5: a counter begins at 0 or above");
  CHECK(now.actor.empty());

  w.create("a1", w.spec<counter>());
  w.ask("a1");
  now = w.only_answer();
  CHECK(now.status == status::failed);
  CHECK(now.sentence.find("do not decode") != std::string::npos);

  vr::actor_spec foreign;
  foreign.type = 1;
  foreign.type_name = "somebody::elses";
  w.create("a2", foreign);
  w.ask("a2");
  now = w.only_answer();
  CHECK(now.sentence.find("actor somebody::elses is not in application \"agents\"") != std::string::npos);
  CHECK(w.owner.heard().empty());  // none of them ran

  // What never ran does not stand in the way of others.
  w.create("a3", w.counter_from(0));
  w.ask("a3");
  CHECK(w.only_answer().status == status::running);
}

TEST_CASE("an actor is not announced before its init hook is done") {
  proc_world w;
  slow_start::fails = false;
  w.create("a0", w.spec<slow_start>());
  w.ask("a0");
  CHECK(w.asker.heard().empty());
  CHECK(w.state("a0").what.status == status::initializing);
  std::exchange(waiting, nullptr).resume();
  w.run();
  CHECK(w.only_answer().status == status::running);
}

TEST_CASE("an actor whose init hook fails never runs") {
  proc_world w;
  slow_start::fails = true;
  w.create("a0", w.spec<slow_start>());
  w.ask("a0");
  std::exchange(waiting, nullptr).resume();
  w.run();
  const auto now = w.only_answer();
  CHECK(now.status == status::failed);
  CHECK(now.sentence.find("no luck") != std::string::npos);
  CHECK(w.owner.heard().empty());
}

TEST_CASE(
    "the owner hears of a failure after it ran, and the proc refuses new actors until it has dealt with it") {
  proc_world w;
  w.create("a0", w.counter_from(0), 2);
  w.ask("a0");
  const vr::actor_ref<counter> failing(w.only_answer().actor);
  failing.send<fall_over>(w.asker.cx);
  w.run();
  const auto told = w.owner.heard();
  REQUIRE(told.size() == 1);
  CHECK(told.front().status == status::failed);
  CHECK(told.front().rank == 2);
  CHECK(told.front().actor == failing.id());
  CHECK(told.front().sentence.find("fell over") != std::string::npos);

  w.create("a1", w.counter_from(0), 1);
  w.ask("a1");
  const auto refused = w.only_answer();
  CHECK(refused.status == status::failed);
  CHECK(refused.sentence.find("rank 1: proc ") == 0);
  CHECK(refused.sentence.find("until the owner of a0 has dealt with its failure") != std::string::npos);
  CHECK(refused.sentence.find("fell over") != std::string::npos);

  w.stop("a0");
  CHECK(w.only_answer().status == status::failed);  // frozen
  w.create("a2", w.counter_from(0));
  w.ask("a2");
  CHECK(w.only_answer().status == status::running);
}

TEST_CASE("an actor that ends by itself is told as stopped") {
  proc_world w;
  w.create("a0", w.counter_from(0));
  w.ask("a0");
  vr::actor_ref<counter>(w.only_answer().actor).send<end_yourself>(w.asker.cx);
  w.run();
  const auto told = w.owner.heard();
  REQUIRE(told.size() == 1);
  CHECK(told.front().status == status::stopped);
  CHECK(told.front().sentence.empty());
}

TEST_CASE("stop drains, tells when it is done, and tells at once the second time") {
  proc_world w;
  w.create("a0", w.counter_from(0));
  w.stop("a0");
  CHECK(w.only_answer().status == status::stopped);
  w.stop("a0");
  CHECK(w.only_answer().status == status::stopped);
  w.stop("never");
  CHECK(w.only_answer().status == status::not_exist);
  CHECK(w.clock.timers.empty());
}

TEST_CASE("an actor that does not drain is stopped after limits::drain and killed after limits::actor_stop") {
  proc_world w;
  w.create("a0", w.spec<unyielding>());
  w.ask("a0");
  vr::actor_ref<unyielding>(w.only_answer().actor).send<add>(w.asker.cx, 1);
  w.run();
  w.stop("a0");
  CHECK(w.state("a0").what.status == status::stopping);
  w.pass(w.bounds.drain);
  CHECK(w.asker.heard().empty());
  w.pass(w.bounds.actor_stop);
  CHECK(w.only_answer().status == status::stopped);
  waiting = nullptr;  // its frame is gone
}

TEST_CASE("a list has every actor, and a state counts its changes") {
  proc_world w;
  w.create("a0", w.counter_from(0), 0);
  w.create("a1", w.counter_from(-1), 1);
  const auto all = w.call<vr::list, std::vector<vr::rank_status>>();
  CHECK(all.size() == 2);
  const auto first = w.state("a0");
  CHECK(first.what.status == status::running);
  CHECK(first.generation == 2);
  CHECK(first.unix_ms > 1'700'000'000'000);
  w.stop("a0");
  CHECK(w.state("a0").generation == 4);
  CHECK(w.state("none").what.status == status::not_exist);
}

TEST_CASE("a built-in actor type is found before the application's") {
  proc_world w;
  w.core.built_ins().push_back({99, nullptr, [](vr::directory&, vr::label, vr::reader&) -> vr::mailbox& {
                                  throw std::runtime_error("the built-in was asked");
                                }});
  vr::actor_spec s;
  s.type = 99;
  w.create("a0", s);
  w.ask("a0");
  CHECK(w.only_answer().sentence == "rank 0: the built-in was asked");
}

TEST_CASE("an owner or asker that is gone does not hurt the agent") {
  proc_world w;
  {
    client passing(w, "passing");
    w.agent.send<vr::create_or_update<vr::actor_spec>>(passing.cx, vr::label::parse("a0"), 0u,
                                                       w.counter_from(0), passing.bind());
    w.agent.send<vr::get_rank_status>(passing.cx, vr::label::parse("later"), passing.bind());
    w.run();
  }
  w.run();
  w.create("later", w.counter_from(0));
  w.ask("a0");
  vr::actor_ref<counter>(w.only_answer().actor).send<fall_over>(w.asker.cx);
  w.run();
  CHECK(w.state("a0").what.status == status::failed);
  CHECK(w.core.root_failures.empty());
}

TEST_CASE("the agent may end while an actor it made still starts") {
  proc_world w;
  slow_start::fails = false;
  w.create("a0", w.spec<slow_start>());
  vr::life::stop(*w.home.find(w.agent.id().index()), vr::stop_mode::kill);
  w.run();
  std::exchange(waiting, nullptr).resume();
  w.run();
  CHECK(w.home.find(vr::label::parse("a0"))->status() == status::running);
}
