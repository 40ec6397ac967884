// spawn_process: starts one child with posix_spawn, in a group of its own.
#pragma once

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/types.h>
#include <unistd.h>

#include <climits>
#include <string>
#include <string_view>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/base/owned_descriptor.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/host/process_descriptor_limit.hpp"
#include "viceroy/host/process_environment.hpp"
#include "viceroy/host/process_options.hpp"

namespace viceroy {

namespace detail {

// The child's number for its end of the lifeline: the first after the standard streams.
inline constexpr int lifeline_number = 3;

inline std::string own_argv0() {
  return *::program_invocation_name == '\0' ? "viceroy" : ::program_invocation_name;
}

// The path of this program for others to open: under a tool, /proc/self/exe would be the tool.
inline std::string own_program_path() {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  if (size > 0 && static_cast<std::size_t>(size) < sizeof path) {
    std::string target(path, static_cast<std::size_t>(size));
    if (::access(target.c_str(), X_OK) == 0) return target;
  }
  return "/proc/" + std::to_string(::getpid()) +
         "/exe";  // deleted, but still there for whoever may look at us
}

// Appends pointers to strings, for the exec family.
inline void point_to(std::vector<std::string>& strings, series<char*>& out) {
  for (std::string& text : strings) out.push_back(text.data());
}

// The words to execute, and the file to look for (argv[0] may show another name).
struct child_words {
  explicit child_words(const process_options& options) : words(options.prefix) {
    const bootstrap_command& command = options.command;
    if (!words.empty()) {
      words.push_back(command.is_self() ? own_program_path() : command.program());
      file = words.front();
    } else {
      words.push_back(command.is_self() ? own_argv0() : command.program());
      file = command.program();
    }
    for (const std::string& each : command.arguments()) words.push_back(each);
  }

  std::vector<std::string> words;
  std::string file;
};

// Our environment, with the command's, the options' and the lifeline's variables in place of ours.
struct child_variables {
  explicit child_variables(const process_options& options) {
    series<std::string_view> seen;
    const auto is_seen = [&](std::string_view name) {
      for (const std::string_view each : seen)
        if (each == name) return true;
      return false;
    };
    const auto add = [&](std::string_view name, const std::string& value) {
      if (is_seen(name)) return;
      seen.push_back(name);
      added.push_back(std::string(name) + "=" + value);
    };
    add(variable::lifeline_descriptor, std::to_string(lifeline_number));
    add(variable::parent_pid, std::to_string(::getpid()));
    if (const auto soft = descriptor_limit_before_raise())
      add(variable::descriptor_limit, std::to_string(*soft));
    seen.push_back(variable::descriptor_limit);  // what ours says of it was not meant for a child of ours
    // The last of one name counts, so the lists are walked backwards and the first one seen stays.
    const auto add_all = [&](const bootstrap_command::environment_type& list) {
      for (std::size_t i = list.size(); i != 0; --i) add(list[i - 1].first, list[i - 1].second);
    };
    add_all(options.environment);
    add_all(options.command.environment());
    point_to(added, all);
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
      const std::string_view text = *entry;
      if (!is_seen(text.substr(0, text.find('=')))) all.push_back(*entry);
    }
    all.push_back(nullptr);
  }

  std::vector<std::string> added;
  series<char*> all;
};

// Says what a program that "is not there" may lack besides itself.
inline std::string missing_too(const std::string& file, int failure) {
  if (failure != ENOENT) return {};
  if (::access("/dev/null", R_OK) != 0) return "; /dev/null is not there, which a child has as its stdin";
  if (file.starts_with("/proc/") && ::access("/proc/self", F_OK) != 0) return "; /proc is not mounted";
  return {};
}

// posix_spawn's two records, freed with their owner.
class spawn_plan {
 public:
  spawn_plan() {
    check("posix_spawn_file_actions_init", ::posix_spawn_file_actions_init(&actions_));
    const int failure = ::posix_spawnattr_init(&attributes_);
    if (failure != 0) ::posix_spawn_file_actions_destroy(&actions_);
    check("posix_spawnattr_init", failure);
  }
  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;
  ~spawn_plan() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }

  void own_group_and_default_signals() {
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::sigdelset(&all, SIGHUP);  // what nohup has ignored, children ignore
    check("posix_spawnattr_setsigmask", ::posix_spawnattr_setsigmask(&attributes_, &none));
    check("posix_spawnattr_setsigdefault", ::posix_spawnattr_setsigdefault(&attributes_, &all));
    check("posix_spawnattr_setpgroup", ::posix_spawnattr_setpgroup(&attributes_, 0));
    constexpr int flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    check("posix_spawnattr_setflags", ::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags)));
  }

  // None of the sources may have one of the child's numbers: see owned_descriptor::lift.
  void wire(int out, int err, int lifeline) {
    check("addopen", ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0));
    check("adddup2", ::posix_spawn_file_actions_adddup2(&actions_, out, 1));
    check("adddup2", ::posix_spawn_file_actions_adddup2(&actions_, err, 2));
    check("adddup2", ::posix_spawn_file_actions_adddup2(&actions_, lifeline, lifeline_number));
    check("addclosefrom", ::posix_spawn_file_actions_addclosefrom_np(&actions_, lifeline_number + 1));
  }

  const posix_spawn_file_actions_t& actions() const noexcept { return actions_; }
  const posix_spawnattr_t& attributes() const noexcept { return attributes_; }

 private:
  static void check(const char* call, int failure) {
    if (failure != 0) throw_system_error(call, failure);
  }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace detail

// Starts a process: stdin is /dev/null, `out` and `err` its other streams, `lifeline` descriptor 3, nothing
// else is open; no signal is blocked or ignored; it leads a new process group. Returns its pid. Errors:
// spawn_failed naming the program and what the kernel said; system. Cost: one posix_spawn (vfork-like, so the
// parent's size does not matter); returns once the program is executed.
inline pid_t spawn_process(const process_options& options, int out, int err, int lifeline) {
  detail::child_words command(options);
  series<char*> words;
  detail::point_to(command.words, words);
  words.push_back(nullptr);
  detail::child_variables variables(options);
  detail::spawn_plan plan;
  plan.own_group_and_default_signals();
  plan.wire(out, err, lifeline);
  pid_t pid = -1;
  const int failure = ::posix_spawnp(&pid, command.file.c_str(), &plan.actions(), &plan.attributes(),
                                     words.begin(), variables.all.begin());
  if (failure != 0) {
    throw error(errc::spawn_failed, "cannot start \"" + command.file + "\": " + errno_text(failure) +
                                        detail::missing_too(command.file, failure));
  }
  return pid;
}

}  // namespace viceroy
