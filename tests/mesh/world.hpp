// world: a machine in one process for tests of meshes: processes that are objects, one loop, a clock that
// jumps.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <coroutine>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "viceroy/base/running.hpp"
#include "viceroy/host/host_trampoline.hpp"
#include "viceroy/host/launcher.hpp"
#include "viceroy/mailbox/arrive.hpp"
#include "viceroy/mesh/host_mesh.hpp"
#include "viceroy/mesh/mesh_core.hpp"
#include "viceroy/proc/application.hpp"
#include "viceroy/proc/proc_agent.hpp"

namespace world {

namespace vr = viceroy;

// Runs what is queued, then what was posted; when there is nothing, time passes to the next timer.
class loop final : public vr::executor {
 public:
  void post(vr::callback<void()> w) override { posted_.push_back(std::move(w)); }
  timer call_at(clock::time_point when, vr::callback<void()> w) override {
    timers_.emplace(when, std::pair(++last_, std::move(w)));
    return last_;
  }
  void cancel(timer which) override {
    for (auto i = timers_.begin(); i != timers_.end(); ++i)
      if (i->second.first == which) return void(timers_.erase(i));
  }
  clock::time_point now() const override { return now_; }

  // Returns: false when there is nothing to do, now or later.
  bool turn(vr::run_queue& q) {
    if (q.run(100) != 0) return true;
    if (!posted_.empty()) {
      auto w = std::move(posted_.front());
      posted_.pop_front();
      w();
      return true;
    }
    if (timers_.empty()) return false;
    auto next = timers_.extract(timers_.begin());
    now_ = std::max(now_, next.key());
    next.mapped().second();
    return true;
  }
  // Without letting time pass.
  bool turn_now(vr::run_queue& q) {
    if (posted_.empty() && !q.has_work()) return false;
    return turn(q);
  }

 private:
  std::multimap<clock::time_point, std::pair<timer, vr::callback<void()>>> timers_;
  std::deque<vr::callback<void()>> posted_;
  timer last_ = 0;
  clock::time_point now_{};
};

enum class fate { runs, exits_at_once, says_nothing, cannot_be_killed };

class machine;

// A process: a core with addresses of its own.
class process final : public vr::runtime_core {
 public:
  process(machine& m, std::uint64_t number);
  ~process() override;

  vr::executor& loop() override;
  vr::run_queue& queue() override;
  const vr::application_table& application() const override;
  vr::limits& bounds() override;
  vr::address serve(vr::transport) override { return vr::address::simulated(number_); }
  vr::address serve_private(vr::transport) override { return vr::address::simulated(number_ + 1'000'000); }
  void stop_serving(vr::address) override {}
  vr::directory& make_proc(vr::address at, vr::label name) override;
  void end_proc(vr::directory& proc, vr::stop_mode how, vr::callback<void()> done) override;
  void proc_is_gone(const vr::proc_id& gone, const vr::error& cause) override;
  vr::actor_id host_agent() const override { return host_agent_; }
  void set_host_agent(const vr::actor_id& a) override { host_agent_ = a; }
  void finish(int) override {}
  vr::owned<vr::launcher> make_launcher() override;
  vr::mesh_operations& meshes() override {
    if (!meshes_) meshes_ = std::make_unique<vr::mesh_core>(*this);
    return *meshes_;
  }
  vr::at_end hold(std::string what) override {
    const auto it = holds.insert(std::move(what));
    return vr::at_end([this, it] { holds.erase(it); });
  }
  void root_failed(const vr::error& cause) override { failures.push_back(cause.sentence()); }
  void ended_badly(const vr::error& cause) override { failures.push_back(cause.sentence()); }

  // SIGKILL: its procs answer nothing any more, and neither do its children's.
  void die();
  bool alive() const { return alive_; }
  void end_meshes() { meshes_.reset(); }
  void kill_actors();

  std::multiset<std::string> holds;
  std::vector<std::string> failures;
  std::vector<process*> children;

 private:
  machine* machine_;
  std::uint64_t number_;
  vr::actor_id host_agent_;
  std::vector<std::unique_ptr<vr::directory>> procs_;
  std::unique_ptr<vr::mesh_core> meshes_;
  bool alive_ = true;
};

// Starts processes that are objects.
class fake_launcher final : public vr::launcher {
 public:
  fake_launcher(machine& m, process& parent)
      : machine_(&m), parent_(&parent), state_(std::make_shared<table>()) {}
  ~fake_launcher() override {
    for (auto& [index, c] : state_->children)
      if (c.runs) c.runs->die();
  }
  vr::address address() const override { return vr::address::simulated(999'999); }
  std::uint32_t start(vr::launch_request what, events tell) override;
  void stop(std::uint32_t index) override;
  // The child's process is killed by somebody else.
  static void killed(machine& m, process& who);

 private:
  struct child {
    events tell;
    process* runs = nullptr;
    fate how = fate::runs;
    std::string name;
    bool over = false;
  };
  struct table {
    std::map<std::uint32_t, child> children;
    void end(std::uint32_t index, bool asked, bool gone, const std::string& sentence) {
      const auto at = children.find(index);
      if (at == children.end() || at->second.over) return;
      at->second.over = true;
      if (at->second.runs && gone) at->second.runs->die();
      vr::launch_event e;
      e.what = vr::launch_event::kind::ended;
      e.asked = asked;
      e.gone = gone;
      e.sentence = sentence;
      at->second.tell(e);
    }
  };
  machine* machine_;
  process* parent_;
  std::shared_ptr<table> state_;
  std::uint32_t last_ = 0;
};

// One process per rank, started when it is driven.
class fake_allocation final : public vr::allocation {
 public:
  fake_allocation(process& parent, vr::extent e)
      : extent_(std::move(e)), launcher_(parent.make_launcher()), in_(std::make_shared<events>()) {}
  const vr::extent& extent() const override { return extent_; }
  vr::transport transport() const override { return vr::transport::simulated; }
  vr::task<vr::alloc_event> next() override {
    begin();
    while (in_->queue.empty()) co_await arrival(*in_);
    vr::alloc_event e = std::move(in_->queue.front());
    in_->queue.pop_front();
    co_return std::move(e);
  }
  vr::task<void> stop() override {
    for (const auto i : indices_) launcher_->stop(i);
    while (in_->ended != indices_.size()) co_await arrival(*in_);
    if (!in_->left.empty()) throw vr::error(vr::errc::timeout, in_->left);
  }

 private:
  struct events {
    std::deque<vr::alloc_event> queue;
    std::coroutine_handle<> waiter;
    std::size_t ended = 0;
    std::string left;
    void wake() {
      if (waiter) std::exchange(waiter, nullptr).resume();
    }
  };
  struct arrival {
    events& in;
    explicit arrival(events& i) : in(i) {}
    ~arrival() { in.waiter = nullptr; }
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> h) { in.waiter = h; }
    void await_resume() const {}
  };
  void begin() {
    if (!indices_.empty()) return;
    for (std::uint32_t rank = 0; rank != extent_.ranks(); ++rank) {
      vr::launch_request what{rank,
                              vr::label::parse("alloc" + std::to_string(rank)),
                              vr::transport::simulated,
                              vr::bootstrap_mode::allocated,
                              vr::bootstrap_command("program"),
                              vr::actor_id()};
      indices_.push_back(launcher_->start(std::move(what), [in = in_, rank](const vr::launch_event& e) {
        vr::alloc_event out;
        out.rank = rank;
        out.pid = e.pid;
        out.agent = e.agent;
        out.sentence = e.sentence;
        if (e.what == vr::launch_event::kind::created) out.what = vr::alloc_event::kind::created;
        if (e.what == vr::launch_event::kind::running) out.what = vr::alloc_event::kind::running;
        if (e.what == vr::launch_event::kind::ended) {
          out.what = e.asked ? vr::alloc_event::kind::stopped : vr::alloc_event::kind::failed;
          ++in->ended;
          if (!e.gone) in->left = e.sentence;
        }
        in->queue.push_back(std::move(out));
        in->wake();
      }));
    }
  }

  vr::extent extent_;
  vr::owned<vr::launcher> launcher_;
  std::shared_ptr<events> in_;
  std::vector<std::uint32_t> indices_;
};

// `encoded`: nothing is typed between procs, as between real processes.
class machine final : public vr::router {
 public:
  machine(const vr::application_table& app, bool encoded)
      : application(&app), encoded_(encoded), queue(clock, limits) {
    queue.set_router(this);
    before_ = vr::run_queue::exchange_current(&queue);
    scope_.emplace(&clock);
    root = &start();
    home = &root->make_proc(root->serve(vr::transport::simulated), vr::label::parse("root"));
    client.emplace(*home, vr::label::parse("client"));
  }
  ~machine() {
    client.reset();
    settle();
    for (const auto& p : processes_) p->end_meshes();
    settle();
    for (const auto& p : processes_) p->kill_actors();
    settle();
    processes_.clear();
    scope_.reset();
    vr::run_queue::exchange_current(before_);
  }
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;

  process& start() { return *processes_.emplace_back(std::make_unique<process>(*this, ++number_)); }
  std::unique_ptr<vr::allocation> allocate(vr::extent e) {
    return std::make_unique<fake_allocation>(*root, std::move(e));
  }

  // Runs a task to its end. Returns: its sentence if it failed.
  template <class T>
  std::string fails(vr::task<T> work) {
    std::optional<vr::outcome<T>> out;
    auto run = vr::running::start<T>(std::move(work), [&](vr::outcome<T> o) { out.emplace(std::move(o)); });
    for (int i = 0; !out && i != 1'000'000 && clock.turn(queue); ++i) {
    }
    if (!out) return "it never ended";
    if (out->ok()) return "";
    return vr::sentence_of(out->failure());
  }
  // Runs what there is to do, and lets no time pass.
  void settle() {
    for (int i = 0; i != 1'000'000 && clock.turn_now(queue); ++i) {
    }
  }
  // Lets time pass, too.
  void run_dry() {
    for (int i = 0; i != 1'000'000 && clock.turn(queue); ++i) {
    }
  }

  void post(const vr::envelope& e, const vr::payload_view& payload) override {
    ++posted;
    const auto at = procs.find(e.to.proc());
    if (const auto why = gone.find(e.to.proc()); why != gone.end())
      return lose(e, payload, why->second.kind(), why->second.sentence());
    if (at == procs.end())
      return lose(e, payload, vr::errc::transport_lost,
                  std::string(e.to.proc().text()) + " cannot be reached");
    if (const vr::encoded* const bytes = payload.bytes()) {
      encodings.insert(bytes);
      return vr::deliver(queue, *at->second, e, vr::arrival{bytes->body, bytes->parts});
    }
    vr::encoded out;
    out.body.resize(payload.ops().encoded_size(payload.object()));
    {
      vr::writer w{std::span(out.body)};
      payload.ops().encode(w, payload.object());
      out.parts = w.take_parts();
    }
    vr::deliver(queue, *at->second, e, vr::arrival{out.body, out.parts});
  }

  std::size_t living() const {
    return static_cast<std::size_t>(
        std::count_if(processes_.begin(), processes_.end(), [](const auto& p) { return p->alive(); }));
  }
  process* of(const vr::proc_id& id) const {
    const auto at = procs.find(id);
    return at == procs.end() ? nullptr : static_cast<process*>(at->second->core());
  }
  bool encoded() const { return encoded_; }

  const vr::application_table* application;

 private:
  bool encoded_;

 public:
  loop clock;
  vr::limits limits;
  vr::run_queue queue;
  std::unordered_map<vr::proc_id, vr::directory*> procs;
  std::unordered_map<vr::proc_id, vr::error> gone;
  std::set<const vr::encoded*> encodings;  // of casts
  std::size_t posted = 0;
  std::function<fate(const vr::launch_request&)> plan = [](const vr::launch_request&) { return fate::runs; };
  std::map<process*, std::function<void(const std::string&)>> on_kill;
  process* root = nullptr;
  vr::directory* home = nullptr;
  std::optional<vr::instance> client;

 private:
  void lose(const vr::envelope& e, const vr::payload_view& payload, vr::errc kind, std::string sentence) {
    vr::return_arrival(queue, e, kind, payload.typed() ? std::string(payload.ops().name) : "a cast",
                       std::move(sentence));
  }

  vr::run_queue* before_ = nullptr;
  std::optional<vr::executor::scope> scope_;
  std::uint64_t number_ = 0;
  std::vector<std::unique_ptr<process>> processes_;
};

inline process::process(machine& m, std::uint64_t number) : machine_(&m), number_(number) {}
inline process::~process() {
  for (const auto& p : procs_) p->withdraw();
}
inline vr::executor& process::loop() { return machine_->clock; }
inline vr::run_queue& process::queue() { return machine_->queue; }
inline const vr::application_table& process::application() const { return *machine_->application; }
inline vr::limits& process::bounds() { return machine_->limits; }
inline vr::directory& process::make_proc(vr::address at, vr::label name) {
  const vr::proc_id id(at, name);
  auto& made = procs_.emplace_back(std::make_unique<vr::directory>(id, queue()));
  made->set_core(this);
  made->on_root_end([this](vr::mailbox&, vr::status, const vr::error* cause) {
    if (cause) root_failed(*cause);
  });
  if (!machine_->encoded()) made->publish();
  machine_->procs[id] = made.get();
  machine_->gone.erase(id);
  return *made;
}
inline void process::end_proc(vr::directory& proc, vr::stop_mode how, vr::callback<void()> done) {
  std::vector<vr::mailbox*> roots;
  for (vr::mailbox* b = proc.first_root(); b; b = vr::directory::next_root(*b)) roots.push_back(b);
  auto left = std::make_shared<std::pair<std::size_t, vr::callback<void()>>>(roots.size(), std::move(done));
  auto last = [this, left, p = &proc] {
    p->withdraw();
    machine_->procs.erase(p->id());
    if (left->second) left->second();
  };
  if (roots.empty()) return last();
  for (vr::mailbox* b : roots) {
    vr::life::watch(*b, [left, last](vr::status, const vr::error*) mutable {
      if (--left->first == 0) last();
    });
    vr::life::stop(*b, how);
  }
}
inline void process::proc_is_gone(const vr::proc_id& id, const vr::error& cause) {
  if (machine_->gone.emplace(id, cause).second) vr::pending::tell_lost(queue(), id, cause);
}
inline vr::owned<vr::launcher> process::make_launcher() {
  return vr::make_owned<fake_launcher>(*machine_, *this);
}
inline void process::die() {
  if (!std::exchange(alive_, false)) return;
  for (const auto& p : procs_) {
    if (!machine_->encoded()) p->withdraw();
    machine_->procs.erase(p->id());
  }
  for (process* const c : children) c->die();
}
inline void process::kill_actors() {
  for (const auto& p : procs_) {
    p->on_root_end({});
    for (vr::mailbox* b = p->first_root(); b; b = vr::directory::next_root(*b))
      vr::life::stop(*b, vr::stop_mode::kill);
  }
}

inline std::uint32_t fake_launcher::start(vr::launch_request what, events tell) {
  const std::uint32_t index = ++last_;
  child& c = state_->children[index];
  c.tell = std::move(tell);
  c.how = machine_->plan(what);
  c.name = "rank " + std::to_string(what.rank) + ": process " + std::to_string(1000 + index) + " (proc " +
           std::string(what.proc.text()) + ")";
  machine_->clock.post([state = state_, index, m = machine_, parent = parent_, what = std::move(what)] {
    child& mine = state->children[index];
    if (mine.over) return;
    vr::launch_event e;
    e.pid = 1000 + index;
    mine.tell(e);
    if (mine.how == fate::says_nothing) return;
    if (mine.how == fate::exits_at_once)
      return state->end(index, false, true, mine.name + " exited with status 3; last lines: oops");
    process& p = m->start();
    mine.runs = &p;
    parent->children.push_back(&p);
    p.set_host_agent(what.host_agent);
    if (what.mode == vr::bootstrap_mode::allocated) p.built_ins().push_back(vr::trampoline_entry());
    e.what = vr::launch_event::kind::running;
    e.agent = vr::make_proc_agent(p, p.make_proc(p.serve(what.transport), what.proc));
    m->on_kill[&p] = [state, index](const std::string& how) {
      state->end(index, false, true, state->children[index].name + " " + how);
    };
    mine.tell(e);
  });
  return index;
}
inline void fake_launcher::stop(std::uint32_t index) {
  machine_->clock.post([state = state_, index] {
    const auto at = state->children.find(index);
    if (at == state->children.end()) return;
    const bool gone = at->second.how != fate::cannot_be_killed;
    state->end(index, true, gone,
               at->second.name + (gone ? " was stopped" : " has not ended 10 s after SIGKILL"));
  });
}

// Kills the process of a proc, as the kernel's watchers will tell.
inline void kill(machine& m, const vr::proc_id& id,
                 const std::string& how = "was killed by signal 9 (SIGKILL)") {
  process* const p = m.of(id);
  REQUIRE(p);
  p->die();
  m.clock.post([&m, p, how] { m.on_kill[p](how); });
}

}  // namespace world
