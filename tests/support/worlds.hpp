// worlds: one scenario, run in every world: on one and two deterministic loops under seeds, on one and two
// real loops with threads of their own.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"
#include "viceroy/proc/loop.hpp"
#include "viceroy/proc/thread_loops.hpp"
#include "viceroy/testing/for_each_seed.hpp"

namespace worlds {

namespace vr = viceroy;

// One or two places, each a loop with a proc. The test lives at the first, its actors at the last.
class world {
 public:
  virtual ~world() = default;
  virtual std::size_t places() const = 0;
  virtual vr::directory& home(std::size_t place) = 0;
  virtual vr::executor& loop(std::size_t place) = 0;
  // What a scenario may choose by; different in each run.
  virtual std::uint64_t seed() const = 0;
  virtual bool is_real() const = 0;
};

// How an actor ended.
struct ending {
  ending(vr::status s, std::string why) : how(s), cause(std::move(why)) {}
  vr::status how;
  std::string cause;
};

// What a scenario acts with. Threads: the first place's, but for what says otherwise.
class stage {
 public:
  explicit stage(world& w) : world_(&w) {}
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  // Made and gone on the first place's thread.
  void enter() { me_.emplace(world_->home(0), vr::label::parse("client")); }
  void leave() { me_.reset(); }

  vr::instance& me() { return *me_; }
  vr::instance client(const char* name) { return {world_->home(0), vr::label::parse(name)}; }
  std::uint64_t seed() const { return world_->seed(); }
  bool is_real() const { return world_->is_real(); }
  // Whether messages between test and actors cross from loop to loop.
  bool crosses() const { return world_->places() > 1; }

  // Calls f(directory&) where the actors are. Returns: what it returns. Errors: what it throws.
  template <class F>
  auto there(F f) {
    return elsewhere<F>(*this, std::move(f));
  }
  // Starts a root where the actors are. (No lambda in a co_await has what must be destroyed: g++ 12 does it
  // twice.)
  template <class A, class... F>
  vr::task<vr::actor_ref<A>> spawn(const char* name, F... fields) {
    co_return co_await there([this, name, fields...](vr::directory& home) {
      auto& box = vr::detail::spawn_in<A>(home, vr::label::parse(name), nullptr, false, fields...);
      watch(box);
      return vr::actor_ref<A>(box.id());
    });
  }
  // Ends an actor from outside, as its proc's agent does.
  auto stop(const vr::actor_id& who, vr::stop_mode how) {
    return there([who, how](vr::directory& home) {
      if (auto* const box = home.find(who.index())) vr::life::stop(*box, how);
    });
  }
  // Waits for the end of what spawn() started, or of what watch() was called for.
  vr::task<ending> end_of(vr::actor_id who) {
    while (!ends_.contains(who)) co_await told(*this);
    co_return ends_.at(who);
  }
  bool has_ended(const vr::actor_id& who) const { return ends_.contains(who); }
  auto lives(const vr::actor_id& who) {
    return there([who](vr::directory& home) { return home.find(who.index()) != nullptr; });
  }
  // Threads: those of the mailbox's loop.
  void watch(vr::mailbox& box) {
    vr::life::watch(box, [this, who = box.id()](vr::status how, const vr::error* why) {
      world_->loop(0).post([this, who, end = ending(how, why ? why->sentence() : std::string())] {
        CHECK(ends_.emplace(who, end).second);
        for (auto waiting = std::exchange(waiting_, {}); auto* const each : waiting) each->handle.resume();
      });
    });
  }

 private:
  template <class F>
  class elsewhere {
   public:
    using result = std::invoke_result_t<F&, vr::directory&>;
    elsewhere(stage& s, F f) : stage_(&s), f_(std::move(f)) {}
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      const std::size_t place = stage_->world_->places() - 1;
      stage_->world_->loop(place).post([this, place, h] {
        try {
          if constexpr (std::is_void_v<result>) {
            f_(stage_->world_->home(place));
            result_.emplace(vr::unit{});
          } else {
            result_.emplace(f_(stage_->world_->home(place)));
          }
        } catch (...) {
          result_.emplace(std::current_exception());
        }
        stage_->world_->loop(0).post([h] { h.resume(); });
      });
    }
    result await_resume() { return result_->get(); }

   private:
    stage* stage_;
    F f_;
    std::optional<vr::outcome<result>> result_;
  };
  struct told {
    explicit told(stage& s) : of(&s) {}
    told(const told&) = delete;
    told& operator=(const told&) = delete;
    ~told() { std::erase(of->waiting_, this); }
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      handle = h;
      of->waiting_.push_back(this);
    }
    void await_resume() const {}
    stage* of;
    std::coroutine_handle<> handle{};
  };

  world* world_;
  std::optional<vr::instance> me_;
  std::map<vr::actor_id, ending> ends_;
  std::vector<told*> waiting_;
};

// Deterministic loops.
template <class Loops>
class seeded final : public world {
 public:
  explicit seeded(Loops& l) : loops_(&l) {}
  std::size_t places() const override {
    if constexpr (one)
      return 1;
    else
      return loops_->size();
  }
  vr::testing::loop& at(std::size_t place) {
    if constexpr (one)
      return *loops_;
    else
      return (*loops_)[place];
  }
  vr::directory& home(std::size_t place) override { return at(place).home(); }
  vr::executor& loop(std::size_t place) override { return at(place).clock(); }
  std::uint64_t seed() const override { return loops_->seed(); }
  bool is_real() const override { return false; }

  template <class Scenario>
  void run(Scenario& scenario) {
    stage s(*this);
    s.enter();
    std::exception_ptr failed;
    try {
      loops_->finish(scenario(s));
    } catch (...) {
      failed = std::current_exception();
    }
    s.leave();
    loops_->run();
    for (std::size_t i = 0; i < places(); ++i) on(i, [&] { vr::life::end_all(home(i)); });
    loops_->run();
    if (failed) std::rethrow_exception(failed);
    for (std::size_t i = 0; i < places(); ++i) {
      REQUIRE(home(i).living() == 0);
      REQUIRE(at(i).clock().waiting_timers() <= 1);  // the common one of all calls
    }
  }

 private:
  static constexpr bool one = std::is_same_v<Loops, vr::testing::loop>;
  template <class F>
  void on(std::size_t place, F f) {
    if constexpr (one)
      f();
    else
      loops_->on(place, f);
  }
  Loops* loops_;
};

// Real loops, each on a thread of its own.
class threads final : public world {
 public:
  threads(std::size_t places, std::uint64_t seed, const vr::limits& bounds) : seed_(seed), bounds_(bounds) {
    for (std::size_t i = 0; i < places; ++i) all_.push_back(std::make_unique<one>(i, bounds_));
  }
  std::size_t places() const override { return all_.size(); }
  vr::directory& home(std::size_t place) override { return all_[place]->home; }
  vr::executor& loop(std::size_t place) override { return all_[place]->loop; }
  std::uint64_t seed() const override { return seed_; }
  bool is_real() const override { return true; }

  template <class Scenario>
  void run(Scenario& scenario) {
    stage s(*this);
    vr::running going;
    std::optional<vr::outcome<void>> end;
    for (auto& each : all_) each->thread = std::thread([&each] { each->loop.run(); });
    loop(0).post([&] {
      s.enter();
      going = vr::running::start<void>(scenario(s), [&](vr::outcome<void> o) { tell(end, std::move(o)); });
    });
    wait_for(end);
    std::optional<vr::outcome<void>> left;
    loop(0).post([&] {
      going.reset();
      s.leave();
      tell(left, vr::unit{});
    });
    wait_for(left);
    for (std::size_t i = 0; i < places(); ++i) loop(i).post([this, i] { vr::life::end_all(home(i)); });
    for (auto& each : all_) each->loop.post([&each] { each->stop_when_idle(); });
    for (auto& each : all_) each->thread.join();
    for (auto& each : all_) {
      const vr::loop::attached here(each->loop);
      each->own.end();
    }
    // What each still has of the other goes back before either goes.
    const auto has_work = [](const auto& each) { return each->loop.queue().has_work(); };
    while (std::any_of(all_.begin(), all_.end(), has_work))
      for (auto& each : all_) {
        const vr::loop::attached here(each->loop);
        each->loop.queue().run(1000);
      }
    end->get();
    for (auto& each : all_) REQUIRE(each->home.living() == 0);
  }

 private:
  struct one {
    one(std::size_t i, const vr::limits& bounds)
        : loop(vr::identity(), bounds),
          home(vr::proc_id(vr::address::in_process(9000 + i), vr::label::parse("root")), loop.queue()) {
      home.set_threads(&own);
      home.publish();
    }
    ~one() { home.withdraw(); }
    // Actors with a thread of their own may end after their proc.
    void stop_when_idle() {
      if (own.idle()) return loop.stop();
      loop.post([this] { stop_when_idle(); });
    }
    vr::loop loop;
    vr::thread_loops own{loop};
    vr::directory home;
    std::thread thread;
  };
  void tell(std::optional<vr::outcome<void>>& what, vr::outcome<void> o) {
    const std::lock_guard lock(guard_);
    what.emplace(std::move(o));
    changed_.notify_one();
  }
  void wait_for(const std::optional<vr::outcome<void>>& what) {
    std::unique_lock lock(guard_);
    if (changed_.wait_for(lock, std::chrono::minutes(1), [&] { return what.has_value(); })) return;
    std::fprintf(stderr, "viceroy: a scenario on %zu real loops did not end within a minute\n", all_.size());
    std::abort();  // its threads cannot be ended
  }

  std::uint64_t seed_;
  vr::limits bounds_;
  std::vector<std::unique_ptr<one>> all_;
  std::mutex guard_;
  std::condition_variable changed_;
};

// How often a scenario is run, and with which limits.
struct effort {
  std::uint64_t seeds = 10'000;  // half of them on one deterministic loop, half on two
  std::uint64_t rounds = 20;     // on real loops, of one and of two threads each
  vr::limits bounds{};
};

// Runs `scenario(stage&)`, a task, in every world; `before()` and `after()` around each run.
template <class Scenario, class Before, class After>
void in_every_world(const effort& e, Scenario scenario, Before before, After after) {
  const auto seeds = [&](auto& l) {
    before();
    seeded world(l);
    world.run(scenario);
    after();
  };
  vr::testing::for_each_seed(e.seeds / 2, [&](vr::testing::loop& l) { seeds(l); }, e.bounds);
  vr::testing::for_each_seed(e.seeds / 2, [&](vr::testing::loops& l) { seeds(l); }, e.bounds);
  if (std::getenv("VICEROY_TEST_SEED")) return;  // one seed was asked for
  for (const std::size_t places : {1u, 2u})
    for (std::uint64_t round = 0; round < e.rounds; ++round) {
      CAPTURE(places);
      CAPTURE(round);
      before();
      threads world(places, round, e.bounds);
      world.run(scenario);
      after();
    }
}

}  // namespace worlds
