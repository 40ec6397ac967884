// program: a scenario of this binary run as a process of its own, told by its lines, signalled from outside.
#pragma once

#include <fcntl.h>
#include <spawn.h>

#include <cerrno>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "system/processes.hpp"

namespace system_test {

// What each scenario is: started as `--role=NAME ARGUMENT...`; registered by the file it stands in.
struct scenario {
  using function = int (*)(int, char**);
  std::string_view name;
  function run;
  static std::vector<scenario>& all() {
    static std::vector<scenario> list;
    return list;
  }
  scenario(std::string_view n, function f) : name(n), run(f) { all().push_back(*this); }
};

class program {
 public:
  using words = std::vector<std::string>;
  static constexpr std::chrono::milliseconds limit{30'000};  // for one line, or the end

  explicit program(const std::string& role, words arguments = {}, words variables = {}) {
    int out[2];
    int err[2];
    if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0)
      throw std::runtime_error("pipe2 failed");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    ::posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    arguments.insert(arguments.begin(), {"system_test", "--role=" + role});
    std::vector<char*> argv;
    for (std::string& each : arguments) argv.push_back(each.data());
    argv.push_back(nullptr);
    std::vector<char*> environment;
    for (std::string& each : variables) environment.push_back(each.data());
    for (char** each = environ; *each != nullptr; ++each) environment.push_back(*each);
    environment.push_back(nullptr);
    const int failure =
        ::posix_spawn(&pid_, "/proc/self/exe", &actions, &attributes, argv.data(), environment.data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    ::close(out[1]);
    ::close(err[1]);
    pipes_[0].fd = out[0];
    pipes_[1].fd = err[0];
    if (failure != 0) throw std::runtime_error("posix_spawn failed");
  }
  program(const program&) = delete;
  program& operator=(const program&) = delete;
  ~program() {
    if (!status_) {
      ::kill(pid_, SIGKILL);
      static_cast<void>(wait());
    }
    for (const auto& each : pipes_)
      if (each.fd >= 0) ::close(each.fd);
  }

  int pid() const { return pid_; }
  void signal(int number) const { ::kill(pid_, number); }

  // Waits for a line that begins so. Returns: what follows in it. Throws what was written instead.
  std::string expect(std::string_view begin) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
      for (; seen_ != lines_.size(); ++seen_)
        if (lines_[seen_].starts_with(begin)) return lines_[seen_++].substr(begin.size());
      if (!read_until(end))
        throw std::runtime_error("no line \"" + std::string(begin) + "\" came; what came:\n" + output());
    }
  }
  int expect_number(std::string_view begin) { return std::stoi(expect(begin)); }

  // Waits for the end. Returns: the exit status, or 1000 + n for signal n.
  int wait() {
    if (status_) return *status_;
    const auto end = std::chrono::steady_clock::now() + limit;
    while (read_until(end)) {
    }
    if (!dies(pid_, limit)) {
      ::kill(pid_, SIGKILL);
      lines_.push_back("it had to be killed: it did not end");
    }
    int how = 0;
    ::waitpid(pid_, &how, 0);
    status_ = WIFSIGNALED(how) ? 1000 + WTERMSIG(how) : WEXITSTATUS(how);
    return *status_;
  }

  // Everything it has written, stderr's lines as they came.
  std::string output() const {
    std::string all;
    for (const std::string& each : lines_) all += each + '\n';
    return all + partial_[0] + partial_[1];
  }
  std::size_t count(std::string_view what) const {
    std::size_t n = 0;
    for (const std::string& each : lines_) n += each.find(what) != std::string::npos ? 1 : 0;
    return n;
  }
  std::size_t lines_that_are(std::string_view what) const {
    return static_cast<std::size_t>(std::count(lines_.begin(), lines_.end(), what));
  }

 private:
  // Reads what there is, or waits for it. Returns: false after both ends, or the limit.
  bool read_until(std::chrono::steady_clock::time_point end) {
    const auto rest =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    if ((pipes_[0].fd < 0 && pipes_[1].fd < 0) || rest <= 0) return false;
    for (auto& each : pipes_) each.events = POLLIN;
    if (::poll(pipes_, 2, static_cast<int>(rest)) < 0 && errno != EINTR) return false;
    for (int i = 0; i != 2; ++i) {
      if (pipes_[i].fd < 0 || pipes_[i].revents == 0) continue;
      char buffer[4096];
      const ssize_t got = ::read(pipes_[i].fd, buffer, sizeof buffer);
      if (got <= 0) {
        ::close(std::exchange(pipes_[i].fd, -1));
        continue;
      }
      partial_[i].append(buffer, static_cast<std::size_t>(got));
      for (auto at = partial_[i].find('\n'); at != std::string::npos; at = partial_[i].find('\n')) {
        lines_.push_back(partial_[i].substr(0, at));
        partial_[i].erase(0, at + 1);
      }
    }
    return true;
  }

  pid_t pid_ = -1;
  pollfd pipes_[2] = {{-1, POLLIN, 0}, {-1, POLLIN, 0}};
  std::string partial_[2];
  std::vector<std::string> lines_;
  std::size_t seen_ = 0;
  std::optional<int> status_;
};

}  // namespace system_test
