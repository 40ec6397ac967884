// processes: what lives below this process, and what a run has left behind, read from /proc.
#pragma once

#include <dirent.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace system_test {

using namespace std::chrono_literals;

struct process_entry {
  int pid = 0;
  int parent = 0;
  char state = 'X';
  std::string command;
  bool dead() const { return state == 'Z' || state == 'X'; }
};

// What a file of /proc holds; nothing of a process that is gone, or goes meanwhile.
inline std::string content_of(const std::string& path) {
  std::string all;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return all;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(file, buffer, sizeof buffer)) > 0;)
    all.append(buffer, static_cast<std::size_t>(got));
  ::close(file);
  return all;
}

inline std::vector<std::string> names_in(const char* folder) {
  std::vector<std::string> all;
  if (DIR* const open = ::opendir(folder)) {
    while (const dirent* const each = ::readdir(open))
      if (each->d_name[0] != '.') all.emplace_back(each->d_name);
    ::closedir(open);
  }
  return all;
}

// The state and parent of a process; of one that is gone, state X.
inline process_entry process_at(int pid) {
  process_entry found;
  found.pid = pid;
  const std::string folder = "/proc/" + std::to_string(pid);
  const std::string stat = content_of(folder + "/stat");
  if (const auto at = stat.rfind(')'); at != std::string::npos)
    std::istringstream(stat.substr(at + 1)) >> found.state >> found.parent;
  return found;
}

// Everything below this process, dead or alive. With the subreaper's mark every orphan is.
inline std::vector<process_entry> descendants() {
  std::map<int, process_entry> all;
  for (const std::string& name : names_in("/proc"))
    if (name.find_first_not_of("0123456789") == std::string::npos)
      all.emplace(std::stoi(name), process_at(std::stoi(name)));
  std::vector<process_entry> below;
  for (auto& [pid, entry] : all) {
    int up = entry.parent;
    for (auto above = all.find(up); up != ::getpid() && above != all.end(); above = all.find(up))
      up = above->second.parent;
    if (up != ::getpid()) continue;
    entry.command = content_of("/proc/" + std::to_string(pid) + "/cmdline");
    std::replace(entry.command.begin(), entry.command.end(), '\0', ' ');
    below.push_back(entry);
  }
  return below;
}
inline std::vector<process_entry> living() {
  auto all = descendants();
  std::erase_if(all, [](const process_entry& each) { return each.dead(); });
  return all;
}
inline std::string text_of(const std::vector<process_entry>& all) {
  std::string text;
  for (const auto& each : all)
    text += "\n  process " + std::to_string(each.pid) + " (" + each.state + ", child of " +
            std::to_string(each.parent) + "): " + each.command;
  return text;
}

// Waits until a process is dead; its parent need not have taken its status. Returns: false after the limit.
inline bool dies(int pid, std::chrono::milliseconds limit) {
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (fd < 0) return true;
  pollfd watched{fd, POLLIN, 0};
  const bool dead = ::poll(&watched, 1, static_cast<int>(limit.count())) == 1;
  ::close(fd);
  return dead;
}

// Takes the status of every orphan that became ours.
inline void reap() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

// What still lives below this process after so long; nothing as soon as nothing does, seen twice.
inline std::vector<process_entry> left_after(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (int clean = 0; clean < 2;) {
    const auto now = living();
    clean = now.empty() ? clean + 1 : 0;
    if (clean != 0) continue;
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (rest <= 0ms || !dies(now.front().pid, rest)) return living();
  }
  return {};
}

inline void kill_all(const std::vector<process_entry>& whom) {
  for (const auto& each : whom) ::kill(each.pid, SIGKILL);
}

// Checks at its end that what was done meanwhile has left nothing: no process within 2 s, no zombie that a
// runtime should have taken, no descriptor, no thread, no socket file, no shared memory.
class nothing_left {
 public:
  nothing_left() : before_(now()) {}
  nothing_left(const nothing_left&) = delete;
  nothing_left& operator=(const nothing_left&) = delete;
  ~nothing_left() {
    const auto left = left_after(2s);
    CHECK_MESSAGE(left.empty(), "left after 2 s:" << text_of(left));
    kill_all(left);
    reap();
    const auto after = now();
    for (const std::string& each : after) CHECK_MESSAGE(before_.contains(each), "left behind: " << each);
  }

 private:
  static std::set<std::string> now() {
    std::set<std::string> all;
    for (const std::string& fd : names_in("/proc/self/fd")) {
      char target[256] = {};
      const std::string path = "/proc/self/fd/" + fd;
      if (::readlink(path.c_str(), target, sizeof target - 1) > 0 && std::string(target).find("/proc/") != 0)
        all.insert("descriptor " + fd + " of " + target);
    }
    for (const std::string& thread : names_in("/proc/self/task")) all.insert("thread " + thread);
    for (const char* folder : {"/dev/shm", "/tmp", "/run"})
      for (const std::string& name : names_in(folder))
        if (name.find("viceroy") != std::string::npos && folder != std::string("/tmp"))
          all.insert(std::string(folder) + "/" + name);
    return all;
  }
  std::set<std::string> before_;
};

}  // namespace system_test
