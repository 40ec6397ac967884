// fake_processes: processes that a test starts, ends and speaks for by hand, and a launcher that does the
// same.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "proc/fake_world.hpp"
#include "viceroy/host/child_configuration.hpp"
#include "viceroy/host/launcher.hpp"
#include "viceroy/host/process_environment.hpp"
#include "viceroy/host/process_starter.hpp"

namespace fake {

// What a test sees of one process; it stays when the launcher has let go of it.
struct process_record {
  vr::process_options options;
  vr::callback<void(const vr::process_exit&)> on_exit;
  std::int64_t pid = 0;
  int terminated = 0;
  int killed = 0;
  bool held = true;  // by its launcher
  std::vector<std::string> lines;

  void exit(vr::process_exit how) {
    if (auto tell = std::exchange(on_exit, {}); held) tell(how);
  }
  std::string variable(const std::string& name) const {
    for (const auto& [key, value] : options.environment)
      if (key == name) return value;
    return {};
  }
  vr::child_configuration configuration() const {
    return vr::decode_configuration(std::span(options.secret));
  }
};

class fake_process final : public vr::started_process {
 public:
  explicit fake_process(std::shared_ptr<process_record> r) : record_(std::move(r)) {}
  ~fake_process() override { record_->held = false; }
  std::int64_t pid() const override { return record_->pid; }
  void terminate() override { ++record_->terminated; }
  void kill_now() override { ++record_->killed; }
  std::vector<std::string> last_lines() const override { return record_->lines; }

 private:
  std::shared_ptr<process_record> record_;
};

struct process_table {
  std::vector<std::shared_ptr<process_record>> all;
  std::optional<vr::error> refusal;  // of every start
};

class fake_starter final : public vr::process_starter {
 public:
  explicit fake_starter(process_table& t) : table_(&t) {}
  vr::owned<vr::started_process> start(const vr::process_options& what,
                                       vr::callback<void(const vr::process_exit&)> on_exit) override {
    if (table_->refusal) throw *table_->refusal;
    const auto pid = 1000 + static_cast<std::int64_t>(table_->all.size());
    table_->all.push_back(
        std::make_shared<process_record>(process_record{what, std::move(on_exit), pid, 0, 0, true, {}}));
    return vr::make_owned<fake_process>(table_->all.back());
  }

 private:
  process_table* table_;
};

// What a test's launcher was asked, and how the test answers.
struct launch_record {
  vr::launch_request request;
  vr::launcher::events tell;
  bool stopped = false;
  bool over = false;
  bool by_force = false;

  void created(std::int64_t pid) { event(vr::launch_event::kind::created, pid, {}, {}, false, true); }
  void running(const vr::actor_id& agent) {
    event(vr::launch_event::kind::running, 1, agent, {}, false, true);
  }
  void ended(std::string sentence, bool asked, bool gone = true) {
    event(vr::launch_event::kind::ended, 1, {}, std::move(sentence), asked, gone);
  }
  void ended_badly(std::string sentence) {
    event(vr::launch_event::kind::ended, 1, {}, std::move(sentence), false, true, true);
  }
  // As asked, in the end by a signal.
  void forced(std::string sentence) {
    by_force = true;
    event(vr::launch_event::kind::ended, 1, {}, std::move(sentence), true, true);
  }

 private:
  void event(vr::launch_event::kind what, std::int64_t pid, vr::actor_id agent, std::string sentence,
             bool asked, bool gone, bool badly = false) {
    vr::launch_event e;
    e.what = what;
    e.pid = pid;
    e.agent = agent;
    e.sentence = std::move(sentence);
    e.asked = asked;
    e.gone = gone;
    e.ended_badly = badly;
    e.forced = by_force;
    over = what == vr::launch_event::kind::ended;
    tell(e);
  }
};

struct launch_table {
  std::vector<std::shared_ptr<launch_record>> all;
  int launchers = 0;  // that live
};

class fake_launcher final : public vr::launcher {
 public:
  explicit fake_launcher(launch_table& t) : table_(&t) { ++t.launchers; }
  ~fake_launcher() override { --table_->launchers; }
  vr::address address() const override { return vr::address::parse("unix:@control"); }
  std::uint32_t start(vr::launch_request what, events tell) override {
    table_->all.push_back(std::make_shared<launch_record>(launch_record{std::move(what), std::move(tell)}));
    return static_cast<std::uint32_t>(table_->all.size());
  }
  void stop(std::uint32_t index) override { table_->all.at(index - 1)->stopped = true; }

 private:
  launch_table* table_;
};

// Makes a world's core offer such launchers.
inline void offer(world& w, launch_table& t) {
  w.core.make = [&t] { return vr::make_owned<fake_launcher>(t); };
}

}  // namespace fake
