// fake_world: a process that has no loop, no clock and no sockets: what the tests of agents and launchers
// share.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/actor/instance.hpp"
#include "viceroy/base/running.hpp"
#include "viceroy/host/launcher.hpp"
#include "viceroy/proc/application.hpp"
#include "viceroy/proc/resource.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace fake {

namespace vr = viceroy;
using namespace std::chrono_literals;

// Time stands still until a test lets it pass.
struct loop final : vr::executor {
  void post(vr::callback<void()> work) override { posted.push_back(std::move(work)); }
  timer call_at(clock::time_point when, vr::callback<void()> work) override {
    timers.emplace(when, std::pair(++last, std::move(work)));
    return last;
  }
  void cancel(timer which) override {
    std::erase_if(timers, [&](const auto& each) { return each.second.first == which; });
  }
  clock::time_point now() const override { return time; }

  std::multimap<clock::time_point, std::pair<timer, vr::callback<void()>>> timers;
  std::vector<vr::callback<void()>> posted;
  timer last = 0;
  clock::time_point time{};
};

// Roads lead nowhere: what is sent to another process is written down, and comes back where a test says so.
struct roads final : vr::router {
  void post(const vr::envelope& e, const vr::payload_view&) override { sent.push_back(e); }
  std::vector<vr::envelope> sent;
};

struct no_actors {
  using application = vr::application<"nothing", vr::actors<>>;
};

// The core of such a process.
class core final : public vr::runtime_core {
 public:
  core(fake::loop& l, vr::run_queue& q, const vr::application_table& app, vr::limits& bounds)
      : loop_(&l), queue_(&q), app_(&app), limits_(&bounds) {}

  vr::executor& loop() override { return *loop_; }
  vr::run_queue& queue() override { return *queue_; }
  const vr::application_table& application() const override { return *app_; }
  vr::limits& bounds() override { return *limits_; }

  vr::address serve(vr::transport t) override {
    if (t == refused_transport) throw vr::error(vr::errc::refused, "no key, no tcp");
    vr::address& at = served_[t];
    if (at.empty())
      at = t == vr::transport::tcp ? vr::address::tcp("127.0.0.1", 4242) : vr::address::random_unix();
    return at;
  }
  vr::address serve_private(vr::transport) override {
    ++private_addresses;
    return vr::address::random_unix();
  }
  void stop_serving(vr::address) override { --private_addresses; }

  vr::directory& make_proc(vr::address at, vr::label name) override {
    const vr::proc_id id(at, name);
    if (id.home())
      throw vr::error(vr::errc::already_exists, "there is a proc " + std::string(id.text()) + " already");
    procs.push_back(std::make_unique<vr::directory>(id, *queue_));
    procs.back()->set_core(this);
    procs.back()->publish();
    return *procs.back();
  }
  void end_proc(vr::directory& proc, vr::stop_mode how, vr::callback<void()> done) override {
    ends.emplace_back(proc.id().name().text(), how);
    struct ending {
      vr::callback<void()> done;
      std::size_t left = 1;
    };
    auto all = std::make_shared<ending>();
    all->done = std::move(done);
    const auto one_less = [all, &proc] {
      if (--all->left != 0) return;
      proc.withdraw();
      if (all->done) all->done();
    };
    for (vr::mailbox* box = proc.first_root(); box; box = vr::directory::next_root(*box)) {
      ++all->left;
      vr::life::watch(*box, [one_less](vr::status, const vr::error*) { one_less(); });
      vr::life::stop(*box, how);
    }
    one_less();
  }
  void proc_is_gone(const vr::proc_id&, const vr::error&) override {}
  vr::actor_id host_agent() const override { return host_agent_; }
  void set_host_agent(const vr::actor_id& agent) override { host_agent_ = agent; }
  void finish(int code) override { codes.push_back(code); }
  vr::owned<vr::launcher> make_launcher() override { return make(); }
  vr::mesh_operations& meshes() override { throw vr::error(vr::errc::not_here, "no meshes here"); }
  vr::at_end hold(std::string what) override {
    holds.push_back(std::move(what));
    return vr::at_end([this] { holds.pop_back(); });
  }
  void root_failed(const vr::error& cause) override { root_failures.emplace_back(cause.what()); }
  void ended_badly(const vr::error& cause) override { root_failures.emplace_back(cause.what()); }

  vr::callback<vr::owned<vr::launcher>()> make;
  vr::transport refused_transport = vr::transport::simulated;
  int private_addresses = 0;
  std::vector<std::unique_ptr<vr::directory>> procs;
  std::vector<std::pair<std::string, vr::stop_mode>> ends;
  std::vector<int> codes;
  std::vector<std::string> holds;
  std::vector<std::string> root_failures;

 private:
  fake::loop* loop_;
  vr::run_queue* queue_;
  const vr::application_table* app_;
  vr::limits* limits_;
  std::map<vr::transport, vr::address> served_;
  vr::actor_id host_agent_;
};

struct world {
  explicit world(const vr::application_table& app = vr::remote<no_actors::application>::table)
      : queue(clock, bounds), core(clock, queue, app, bounds) {
    queue.set_router(&road);
    before_ = vr::run_queue::exchange_current(&queue);
    vr::runtime_core::exchange_current(&core);
  }
  world(const world&) = delete;
  world& operator=(const world&) = delete;
  ~world() {
    for (auto& proc : core.procs)
      for (vr::mailbox* box = proc->first_root(); box; box = vr::directory::next_root(*box))
        vr::life::stop(*box, vr::stop_mode::kill);
    run();
    for (auto& proc : core.procs) proc->withdraw();
    vr::runtime_core::exchange_current(nullptr);
    vr::run_queue::exchange_current(before_);
  }

  // Does all that can be done now.
  void run() {
    while (queue.has_work() || !clock.posted.empty()) {
      queue.run(1000);
      auto batch = std::exchange(clock.posted, {});
      for (auto& each : batch) each();
    }
  }
  // Lets time pass, and does what becomes due, in order.
  void pass(std::chrono::milliseconds span) {
    run();
    const auto until = clock.time + span;
    while (!clock.timers.empty() && clock.timers.begin()->first <= until) {
      auto due = clock.timers.extract(clock.timers.begin());
      clock.time = due.key();
      due.mapped().second();
      run();
    }
    clock.time = until;
  }

  vr::limits bounds;
  fake::loop clock;
  fake::roads road;
  vr::executor::scope scope{&clock};
  vr::run_queue queue;
  fake::core core;

 private:
  vr::run_queue* before_;
};

// Takes everything out of an inbox that is there.
template <class M>
std::vector<M> all(vr::receiver<M>& from) {
  std::vector<M> out;
  while (auto m = from.try_recv()) out.push_back(std::move(*m));
  return out;
}

// A client with a port for statuses, in a proc of its own.
struct client {
  explicit client(world& w, std::string_view name = "client")
      : home(w.core.make_proc(vr::address::random_unix(), vr::label::parse("root"))),
        cx(home, vr::label::parse(name)),
        port(cx.open_port<vr::rank_status>()) {}

  vr::port_ref<vr::rank_status> bind() const { return port.first.bind(); }
  std::vector<vr::rank_status> heard() { return all(port.second); }

  vr::directory& home;
  vr::instance cx;
  std::pair<vr::port<vr::rank_status>, vr::receiver<vr::rank_status>> port;
};

}  // namespace fake
