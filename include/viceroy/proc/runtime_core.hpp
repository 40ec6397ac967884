// runtime_core: what a process's runtime offers to procs, agents and meshes, without the application's type
// and without Asio.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "viceroy/base/at_end.hpp"
#include "viceroy/base/callback.hpp"
#include "viceroy/base/executor.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/id/address.hpp"
#include "viceroy/id/transport.hpp"
#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/life.hpp"
#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/proc/application_table.hpp"
#include "viceroy/proc/lost_processes.hpp"

namespace viceroy {

class launcher;
class mesh_operations;

// The plain core of a runtime: one per process; everything typed reaches it through this seam. Threads: the
// loop's, but for `post` and `on_this_thread`.
class runtime_core {
 public:
  virtual ~runtime_core() = default;

  virtual executor& loop() = 0;
  virtual run_queue& queue() = 0;
  virtual const application_table& application() const = 0;
  virtual limits& bounds() = 0;

  // The address this process serves on a transport, which it starts to serve the first time it is asked.
  // Errors: system, not_here.
  virtual address serve(transport t) = 0;
  // Serves one more, private address (an allocation's control address). Errors: system.
  virtual address serve_private(transport t) = 0;
  virtual void stop_serving(address at) = 0;

  // Makes a proc at an address this process serves, and publishes it. It lives until `end_proc` or the
  // runtime's end. Errors: already_exists.
  virtual directory& make_proc(address at, label name) = 0;
  // Ends a proc: its actors are stopped (as hard as `how`), then it is withdrawn, and `done` is called.
  virtual void end_proc(directory& proc, stop_mode how, callback<void()> done) = 0;

  // A process of the mesh is known to be gone, and why: answers awaited from `gone` end with that, and what
  // is sent to it from now on comes back at once with it.
  virtual void proc_is_gone(const proc_id& gone, const error& cause) = 0;

  // The agent of the host this process's procs belong to; empty in a process that is nobody's child.
  virtual actor_id host_agent() const = 0;
  virtual void set_host_agent(const actor_id& agent) = 0;

  // Ends the run of the loop, after what is queued has been flushed. In a child the process exits with
  // `code`.
  virtual void finish(int code) = 0;

  // Makes what starts child processes, with a private control address of its own. Errors: system.
  virtual owned<launcher> make_launcher() = 0;

  // Actor types that a process can make without their being in its application: the trampoline of an
  // allocated process. The proc agent looks here first.
  series<remote_entry>& built_ins() { return built_ins_; }

  // Who hears of processes that can be reached no more: agents, for what those own here.
  lost_processes& lost() { return lost_; }

  // Calls `then` when no mesh is being ended in a proc's name: at once, if that is so.
  void when_meshes_ended(const directory& proc, callback<void()> then) {
    meshes_ended_ ? meshes_ended_(proc, std::move(then)) : then();
  }
  // How that is known; set by mesh/.
  using mesh_wait = callback<void(const directory& proc, callback<void()> then)>;
  void tell_meshes_ended(mesh_wait how) { meshes_ended_ = std::move(how); }

  // The core whose loop runs on this thread; null elsewhere.
  static runtime_core* current() noexcept { return current_; }
  static runtime_core* exchange_current(runtime_core* c) noexcept { return taken(current_, c); }
  // Makes this the core of the thread while it lives.
  class here {
   public:
    explicit here(runtime_core& c) : before_(exchange_current(&c)) {}
    ~here() { exchange_current(before_); }
    here(const here&) = delete;
    here& operator=(const here&) = delete;

   private:
    runtime_core* before_;
  };

  // What spawns and stops meshes; set by bootstrap/.
  virtual mesh_operations& meshes() = 0;

  // Keeps the runtime from ending, within limits::shutdown, while the returned token lives: for whatever has
  // processes or messages to take care of in the background. `what` is named if the limit passes.
  virtual at_end hold(std::string what) = 0;

  // Errors: wrong_thread, naming `who`, on a thread that is not the loop's.
  void check_thread(std::string_view who) {
    if (run_queue::current() != &queue())
      detail::throw_error(errc::wrong_thread, who,
                          " was used on a thread that is not the runtime's loop; call it in a task of the "
                          "runtime (vr::block_on runs one)");
  }

  // Fails the runtime: the root task ends with `cause` (an unhandled failure has reached the root).
  virtual void root_failed(const error& cause) = 0;
  // Says what went wrong in an end that nobody waits for; the process's exit status is then 1.
  virtual void ended_badly(const error& cause) = 0;

 private:
  series<remote_entry> built_ins_;
  lost_processes lost_;
  mesh_wait meshes_ended_;
  static inline thread_local constinit runtime_core* current_ = nullptr;
};

}  // namespace viceroy
