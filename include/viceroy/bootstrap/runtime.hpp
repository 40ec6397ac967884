// runtime: one per process: the loop, the arguments, the limits, and the entry points of a program.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "viceroy/base/owned.hpp"
#include "viceroy/base/running.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/bootstrap/process_runtime.hpp"
#include "viceroy/proc/application.hpp"
#include "viceroy/proc/proc.hpp"

namespace viceroy {

namespace detail {

template <class F, class App>
inline constexpr bool is_root_task = false;
template <class F, class App>
  requires std::is_invocable_v<F&, runtime<App>&>
inline constexpr bool is_root_task<F, App> =
    std::is_same_v<std::invoke_result_t<F&, runtime<App>&>, task<int>> ||
    std::is_same_v<std::invoke_result_t<F&, runtime<App>&>, task<void>>;

// Calls it for a core that does not know its type.
template <class App, class F>
struct root_call {
  using returned = std::invoke_result_t<F&, runtime<App>&>;
  runtime<App>& rt;
  F& f;

  static returned run(const void* self) {
    const auto& call = *static_cast<const root_call*>(self);
    return call.f(call.rt);
  }
};

}  // namespace detail

// The runtime of a process. Made in plain code its loop has a thread of its own; vr::main runs it on the main
// thread. Its end waits, within limits::shutdown, for all it owns: meshes are shut down, children are gone,
// links are flushed. Threads: what it makes belongs to its loop's thread; block_on, post and this class's own
// functions may be called from any.
template <class App>
class runtime {
 public:
  explicit runtime(int argc = 0, char** argv = nullptr)
      : core_(make_process_runtime(remote<App>::table, argc, argv)) {
    core_->start_thread();
  }
  // One whose loop runs where its maker says, as vr::main does.
  explicit runtime(owned<process_runtime> made) noexcept : core_(std::move(made)) {}
  ~runtime() { end_runtime(std::move(core_)); }
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  // The command line, the program's name first.
  const std::vector<std::string>& arguments() const { return core_->arguments(); }
  // The limits of this runtime; children get them as they are when the child is started.
  viceroy::limits& limits() { return core_->bounds(); }
  // Returns: how often the watchdog has said that the loop is held for longer than limits::watchdog. Threads:
  // any.
  std::uint64_t times_held() const { return core_->times_held(); }
  // Follows the next message that is sent on the loop, and its answer: `auto hops = rt.trace();` before the
  // line that sends it. Each hop is printed on stderr as it happens, with its time, in every process; hops()
  // tells those of this one. Errors: wrong_thread. Cost: none to any other message. Threads: the loop's.
  message_trace trace() {
    core_->check_thread("runtime::trace");
    return core_->trace();
  }
  // Runs `work` on the loop. Threads: any.
  void post(callback<void()> work) { core_->post(std::move(work)); }

  process_runtime& core() { return *core_; }

 private:
  owned<process_runtime> core_;
};

namespace detail {

// A task that somebody outside the loop waits for, who hears of its end or the runtime's.
template <class T>
class awaited_task : public counted {
 public:
  awaited_task(awaited_tasks& all, task<T> work) : all_(&all), work_(std::move(work)) {}
  virtual ~awaited_task() = default;

  // On the loop.
  static void start(const shared<awaited_task>& self) {
    if (self->all_->over()) return self->settle(self->all_->over());
    self->number_ = self->all_->add([self](const std::exception_ptr& why) {
      self->run_.reset();
      self->settle(why);
    });
    self->run_ = running::start<T>(std::move(self->work_), [self](outcome<T> o) {
      self->all_->remove(self->number_);
      self->settle(std::move(o));
    });
  }

 private:
  virtual void settle(outcome<T> o) = 0;

  awaited_tasks* all_;
  task<T> work_;
  running run_;
  std::uint64_t number_ = 0;
};

// Shared by the thread that waits and the loop's.
template <class T>
class blocking_task final : public awaited_task<T> {
 public:
  using awaited_task<T>::awaited_task;

  T wait() {
    settled_.wait(false, std::memory_order_acquire);
    outcome<T> mine = std::move(result_);  // whole: an exception is not to be shared with the loop's thread
    return mine.get();
  }

 private:
  void settle(outcome<T> o) override {
    result_ = std::move(o);
    settled_.store(true, std::memory_order_release);
    settled_.notify_one();
  }

  outcome<T> result_;
  std::atomic<bool> settled_{false};
};

}  // namespace detail

// Runs a task on the runtime's loop and waits for it here: for plain code.
// Errors: what the task throws; the failure that ends the runtime first, as owner_gone if there is none;
// wrong_thread on the loop's own thread, where it has to be awaited.
template <class App, class T>
T block_on(runtime<App>& rt, task<T> work) {
  if (run_queue::current() == &rt.core().queue())
    throw error(
        errc::wrong_thread,
        "block_on was called on the runtime's own loop, which it would block for ever; co_await the task");
  const auto waits = make_counted<detail::blocking_task<T>>(rt.core().awaited(), std::move(work));
  if (!rt.core().post([waits] { detail::awaited_task<T>::start(waits); }))
    std::rethrow_exception(rt.core().awaited().over());  // the loop is no more, and nobody else looks
  return waits->wait();
}

// Runs this process as a child if it was started as one: the first line of a main of one's own.
// Returns: the exit status to return from main; nothing in a process that is no child.
template <class App>
std::optional<int> run_child() {
  if (!is_child()) return std::nullopt;
  return run_as_child(remote<App>::table);
}

// The main of a child that is a program of its own (the generated bootstrap main).
// Returns: the exit status; 2, with a sentence on stderr, when it was not started as a child.
template <class App>
int child_main(int, char**) {
  return is_child() ? run_as_child(remote<App>::table) : not_a_child(App::name);
}

// The main of a program: runs as a child if it was started as one, else runs `f` as the root task on this
// thread. Types: F is task<void>(runtime<App>&) or task<int>(runtime<App>&). Returns: the exit status.
template <class App, class F>
int main(int argc, char** argv, F f) {
  if constexpr (detail::is_root_task<F, App>) {
    if (is_child()) return run_as_child(remote<App>::table);
    owned<process_runtime> made = make_main_runtime(remote<App>::table, argc, argv);
    if (!made) return 1;
    runtime<App> rt(std::move(made));
    using call = detail::root_call<App, F>;
    const call root{rt, f};
    if constexpr (std::is_same_v<typename call::returned, task<int>>) {
      return rt.core().run_root({&root, nullptr, call::run});
    } else {
      return rt.core().run_root({&root, call::run, nullptr});
    }
  } else {
    static_assert(
        std::is_void_v<F>,
        "the root function of a program is task<void> f(runtime<App>&) or task<int> f(runtime<App>&)");
    return 1;
  }
}

}  // namespace viceroy

// Defines main for an application and its root function; the same binary is the child's entry point.
#define VICEROY_MAIN(app, f) \
  int main(int argc, char** argv) { return ::viceroy::main<app>(argc, argv, f); }
