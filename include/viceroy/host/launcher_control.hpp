// launcher_control: the launcher itself: the handshake with each child, the limit of each step, and its end.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "viceroy/base/alive.hpp"
#include "viceroy/base/lookup.hpp"
#include "viceroy/base/outcome.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/host/child_configuration.hpp"
#include "viceroy/host/launched_child.hpp"
#include "viceroy/host/launcher_actor.hpp"
#include "viceroy/host/process_environment.hpp"
#include "viceroy/host/process_prefix.hpp"
#include "viceroy/id/random.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

// What a launcher gives its children besides what each is told, and to whom it complains of strangers.
struct launcher_setup {
  std::optional<mesh_key> key;
  std::string trace_id;                         // empty: a new one
  callback<void(const std::string&)> notice{};  // default: stderr
};

// Every child is on its own: whatever one does wrong, or a stranger does, is told of that one and hurts no
// other. Its events may destroy the launcher. Threads: the loop's.
class launcher_control final : public launcher, private handshake_listener {
 public:
  // Serves the control address. Errors: system.
  launcher_control(runtime_core& core, owned<process_starter> starter, launcher_setup setup)
      : core_(&core),
        starter_(std::move(starter)),
        setup_(std::move(setup)),
        address_(core.serve_private(transport::unix_domain)) {
    if (setup_.trace_id.empty()) append_hex(setup_.trace_id, random_u64());
    directory& control = core.make_proc(address_, label::parse(control_proc_name));
    control_ = control.id();
    cx_ = &detail::spawn_in<launcher_actor>(control, label::parse(launcher_name), nullptr, true, line_).cx();
  }
  launcher_control(const launcher_control&) = delete;
  launcher_control& operator=(const launcher_control&) = delete;
  ~launcher_control() override {
    line_->to = nullptr;
    for (auto& each : children_) disarm(each.value);
    core_->stop_serving(address_);
    if (auto* const control = static_cast<directory*>(control_.home()))
      core_->end_proc(*control, stop_mode::kill, {});
  }

  viceroy::address address() const override { return address_; }
  actor_id id() const { return actor_id(control_, label::parse(launcher_name), 0); }

  std::uint32_t start(launch_request what, events tell) override {
    const std::uint32_t index = ++last_index_;
    launched_child& child = *children_.add(index, std::move(what), std::move(tell), random_u64());
    try {
      child.process = starter_->start(options_for(index, child), [this, index](const process_exit& how) {
        if (launched_child* const ended = find(index)) exited(index, *ended, how);
      });
      arm(index, child, core_->bounds().hello);
      later([this, index] {
        if (launched_child* const made = find(index)) tell_created(*made);
      });
    } catch (...) {
      std::string sentence = child.who() + ": " + sentence_of(std::current_exception());
      later([this, index, sentence = std::move(sentence)]() mutable {
        if (find(index)) over(index, std::move(sentence), true);
      });
    }
    return index;
  }

  void stop(std::uint32_t index) override {
    launched_child* const child = find(index);
    if (!child || !child->process || child->ending != launched_child::force::none) return;
    child->asked = true;
    if (child->reached == launched_child::phase::starting || !ask(*child)) return terminate(index, *child);
    child->ending = launched_child::force::asked;
    arm(index, *child, core_->bounds().drain);
  }

 private:
  using phase = launched_child::phase;
  using force = launched_child::force;

  // --- what is heard ---

  void heard(const actor_id& sender, const hello& m) override {
    launched_child* const child = find(m.index);
    if (!child)
      return notice("a hello as child " + std::to_string(m.index) + ", which is none, came from", sender);
    if (child->token != m.token)
      return notice("a hello of a stranger as " + child->who() + " came from", sender);
    if (child->reached != phase::starting) return notice(child->who() + " said hello again:", sender);
    if (sender != m.bootstrap) return notice(child->who() + " said hello for another:", sender);
    child->reached = phase::greeted;
    child->bootstrap = m.bootstrap;
    if (child->ending == force::terminated) return void(ask(*child));  // it may not have seen the signal
    if (child->ending != force::none) return;
    const launch_request& r = child->request;
    arm(m.index, *child, core_->bounds().start_proc);
    send<start_proc>(*child, r.proc, r.transport, r.rank, r.host_agent);
  }

  void heard(const actor_id& sender, const started_proc& m) override {
    launched_child* const child = find(m.index);
    if (!child || child->bootstrap != sender || child->reached != phase::greeted)
      return notice("an unexpected started_proc came from", sender);
    if (child->ending != force::none) return;
    if (!m.sentence.empty()) return fail(m.index, *child, "could not start its proc: " + m.sentence);
    const proc_id made = m.agent.proc();
    if (made.name() != child->request.proc || made.address().transport() != child->request.transport ||
        m.agent.index() != 0)
      return fail(m.index, *child,
                  "started " + m.agent.text() + ", which is not the proc it was told to start");
    child->reached = phase::running;
    disarm(*child);
    const alive::view still = alive_.watch();
    tell_created(*child);
    if (!still || !find(m.index)) return;
    launch_event event;
    event.what = launch_event::kind::running;
    event.pid = child->process->pid();
    event.agent = m.agent;
    child->tell(event);
  }

  // A child that cannot be told anything is not waited for.
  void came_back(const undeliverable& m) override {
    for (auto& [index, child] : children_) {
      if (child.bootstrap != m.to) continue;
      child.lost = m.sentence;
      if (child.ending == force::asked) terminate(index, child);
      return;
    }
  }

  // --- the end of each ---

  void expired(std::uint32_t index, launched_child& child) {
    const limits& bounds = core_->bounds();
    switch (child.ending) {
      case force::none:
        return child.reached == phase::starting
                   ? fail(index, child, "did not say hello within " + limit_text(bounds.hello))
                   : fail(index, child,
                          "did not start its proc within " + limit_text(bounds.start_proc) + " of its hello");
      case force::asked:
        return terminate(index, child);
      case force::terminated:
        return kill(index, child);
      case force::killed:
        return over(index,
                    child.who() + " could not be killed: the kernel has not reported its end within " +
                        limit_text(bounds.reap) + " of SIGKILL",
                    false);
    }
  }

  void fail(std::uint32_t index, launched_child& child, const std::string& what) {
    child.failure = child.who() + " " + what;
    kill(index, child);
  }
  void terminate(std::uint32_t index, launched_child& child) {
    child.ending = force::terminated;
    arm(index, child, core_->bounds().terminate);
    child.process->terminate();
  }
  void kill(std::uint32_t index, launched_child& child) {
    child.ending = force::killed;
    arm(index, child, core_->bounds().reap);
    child.process->kill_now();
  }

  void exited(std::uint32_t index, launched_child& child, const process_exit& how) {
    const alive::view still = alive_.watch();
    tell_created(child);
    if (!still || !find(index)) return;
    std::string last_words = child.obituary(how, core_->bounds());
    child.ended_badly = child.asked && !child.ended_as_asked(how);
    over(index, std::move(last_words), true);
  }

  // The last word on a child; may destroy this.
  void over(std::uint32_t index, std::string sentence, bool gone) {
    launched_child child = std::move(*children_.find(index));
    children_.erase(index);
    disarm(child);
    launch_event event;
    event.what = launch_event::kind::ended;
    event.pid = child.process ? child.process->pid() : 0;
    event.sentence = std::move(sentence);
    event.asked = child.asked && !child.ended_badly;
    event.ended_badly = child.ended_badly;
    event.forced = child.ending >= launched_child::force::terminated;
    event.gone = gone;
    events tell = std::move(child.tell);
    tell(event);
  }

  void tell_created(launched_child& child) {
    if (taken(child.told_created, true)) return;
    launch_event event;
    event.pid = child.process->pid();
    child.tell(event);
  }

  // --- tools ---

  process_options options_for(std::uint32_t index, const launched_child& child) const {
    process_options options(child.request.command);
    const auto tell = [&options](std::string name, std::string value) {
      options.environment.emplace_back(std::move(name), std::move(value));
    };
    tell(variable::bootstrap_address, std::string(address_.text()));
    tell(variable::bootstrap_index, std::to_string(index));
    tell(variable::bootstrap_mode, std::string(text(child.request.mode)));
    tell(variable::trace_id, setup_.trace_id);
    tell(variable::process_name, std::string(child.request.proc.text()));
    options.prefix = command_prefix(child.request.rank);
    child_configuration configuration;
    configuration.bounds = core_->bounds();
    configuration.key = setup_.key;
    configuration.token = child.token;
    options.secret = encode_configuration(configuration);
    return options;
  }

  launched_child* find(std::uint32_t index) { return children_.find(index); }

  void arm(std::uint32_t index, launched_child& child, limits::ms limit) {
    disarm(child);
    child.timer = core_->loop().call_at(core_->loop().exact_now() + finite(limit), [this, index] {
      launched_child& late = *children_.find(index);
      late.timer = 0;
      expired(index, late);
    });
  }
  void disarm(launched_child& child) const {
    if (child.timer) core_->loop().cancel(taken(child.timer));
  }

  template <class M, class... F>
  void send(const launched_child& child, F&&... fields) const {
    port_ref<M>(port_id(child.bootstrap, type_id<M>())).send(*cx_, std::forward<F>(fields)...);
  }
  // Returns: false where this launcher's own mailbox is gone, as at a runtime's end.
  bool ask(const launched_child& child) const {
    if (!control_.home()) return false;
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    // A little less than this launcher waits, so that what does not drain ends in order all the same.
    send<stop_and_exit>(child, static_cast<std::uint32_t>(std::min<std::int64_t>(
                                   most, finite(core_->bounds().drain) / 5 * 4 / limits::ms(1))));
    return true;
  }

  void later(callback<void()> f) { core_->loop().post(alive_.guard(std::move(f))); }

  void notice(const std::string& what, const actor_id& from) {
    const std::string sentence = what + " " + from.text() + "; it was ignored";
    if (setup_.notice) return setup_.notice(sentence);
    std::fprintf(stderr, "viceroy: %s\n", sentence.c_str());
  }

  runtime_core* core_;
  owned<process_starter> starter_;
  launcher_setup setup_;
  viceroy::address address_;
  proc_id control_;
  shared<handshake_line> line_ = make_counted<handshake_line>(static_cast<handshake_listener*>(this));
  context<launcher_actor>* cx_ = nullptr;
  lookup<std::uint32_t, launched_child> children_;
  std::uint32_t last_index_ = 0;
  alive alive_;
};

}  // namespace viceroy
