// launched_child: what a launcher knows of one process: how far it came, how it is being ended, what to say
// of it.
#pragma once

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/host/launcher.hpp"
#include "viceroy/host/process_starter.hpp"

namespace viceroy {

namespace limit {

inline constexpr std::size_t obituary_lines = 16;        // of a child's last lines, in an error
inline constexpr std::size_t obituary_line_bytes = 512;  // of each of them

}  // namespace limit

struct launched_child {
  launched_child(launch_request what, launcher::events events, std::uint64_t secret)
      : request(std::move(what)), tell(std::move(events)), token(secret) {}

  enum class phase : std::uint8_t { starting, greeted, running };
  enum class force : std::uint8_t { none, asked, terminated, killed };

  launch_request request;
  launcher::events tell;
  std::uint64_t token;
  owned<started_process> process;
  actor_id bootstrap;  // the actor in it, once it has said hello
  phase reached = phase::starting;
  force ending = force::none;
  bool asked = false;        // stop() was called before anything went wrong
  bool ended_badly = false;  // and yet it ended in another way than it was asked to
  bool told_created = false;
  std::string failure;        // what it did not do in time
  std::string lost;           // why a message to it came back
  executor::timer timer = 0;  // of the step it is in

  // "rank 3 (proc p0-x_3, process 1234)".
  std::string who() const {
    std::string text = "rank " + std::to_string(request.rank) + " (proc " + std::string(request.proc.text());
    if (process) text += ", process " + std::to_string(process->pid());
    return text += ')';
  }

  // Whether it ended as a process does that is stopped by the means that were used; or by a SIGTERM to every
  // process of the mesh, which may have been before our asking. What ends before its hello, for whatever
  // reason, had nothing to do yet.
  bool ended_as_asked(const process_exit& how) const {
    using kind = process_exit::kind_type;
    if (how.clean() || bootstrap.empty()) return true;
    if (how.kind() == kind::exited) return obeyed_sigterm(how);
    if (how.kind() == kind::unknown) return false;
    return (ending >= force::terminated && how.code() == SIGTERM) ||
           (ending == force::killed && how.code() == SIGKILL);
  }

  // Returns: the sentence of its end.
  std::string obituary(const process_exit& how, const limits& bounds) const {
    if (!failure.empty()) return failure + (lost.empty() ? "" : " (" + lost + ")") + last_lines();
    std::string text = who() + " " + how.text();
    if (obeyed_sigterm(how) && ending < force::terminated)
      text = who() + " ended because of a SIGTERM that nobody of the mesh sent";
    if (ending == force::none) {
      if (obeyed_sigterm(how) && reached != phase::running) text += ',';
      if (reached == phase::starting) text += " before it said hello";
      if (reached == phase::starting && how.clean())
        text += " (a child's main runs VICEROY_MAIN or run_child)";
      if (reached == phase::greeted) text += " before its proc was started";
    }
    if (ending >= force::terminated && !bootstrap.empty())
      text += ", after it had not ended within " + limit_text(bounds.drain) + " of being asked to";
    if (ending == force::killed) text += " and had not obeyed SIGTERM within " + limit_text(bounds.terminate);
    return asked && how.clean() ? text : text + last_lines();
  }

  // What a child exits with that SIGTERM has ended in order.
  static bool obeyed_sigterm(const process_exit& how) {
    return how.kind() == process_exit::kind_type::exited && how.code() == 128 + SIGTERM;
  }

  // "; it wrote nothing", "; last lines: one", or the lines each on its own.
  std::string last_lines() const {
    const std::vector<std::string> lines = process ? process->last_lines() : std::vector<std::string>();
    if (lines.empty()) return "; it wrote nothing";
    const auto shown = [](const std::string& line) {
      return line.size() <= limit::obituary_line_bytes ? line
                                                       : line.substr(0, limit::obituary_line_bytes) + "...";
    };
    if (lines.size() == 1) return "; last lines: " + shown(lines.front());
    std::string text = "; last lines:";
    for (std::size_t i = lines.size() - std::min(lines.size(), limit::obituary_lines); i < lines.size(); ++i)
      text += "\n  " + shown(lines[i]);
    return text;
  }
};

}  // namespace viceroy
