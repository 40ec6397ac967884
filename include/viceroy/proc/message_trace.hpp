// message_trace: what became of one message: its hops, with times, as they happen.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/mailbox/run_queue.hpp"
#include "viceroy/mailbox/tracer.hpp"

namespace viceroy {

// The hops of one message, and of its answer, that this process has seen. Each is printed on stderr as it
// happens, too, in every process it comes through. A value; copies tell the same. Threads: any.
class message_trace {
 public:
  using number = tracer::number;

  message_trace() = default;

  // Returns: the hops so far, a line each.
  std::vector<std::string> hops() const {
    if (!record_) return {};
    const std::lock_guard lock(record_->guard);
    return record_->lines;
  }

  // Begins one; its name in other processes is the time of its beginning.
  static std::pair<message_trace, number> begin() {
    return known(static_cast<std::uint64_t>(executor::clock::now().time_since_epoch().count()), true);
  }
  // Returns: the process's notes, for tracer::use.
  static tracer& notes() {
    static class final : public tracer {
     public:
      void note(number n, const std::string& hop) override { message_trace::note(n, hop); }
      number adopt(std::uint64_t name) override { return known(name, false).second; }
      std::uint64_t name_of(number n) override {
        const auto r = find(n);
        return r ? r->name : 0;
      }
    } all;
    return all;
  }

 private:
  // Notes a hop of a trace, and prints it.
  static void note(number n, const std::string& what) {
    const auto r = find(n);
    if (!r) return;
    const auto now = static_cast<std::uint64_t>(executor::clock::now().time_since_epoch().count());
    char line[64];
    std::snprintf(line, sizeof line,
                  "trace %04x, +%.3f ms, process %d: ", static_cast<unsigned>(r->name & 0xffff),
                  static_cast<double>(now - r->name) / 1e6, static_cast<int>(::getpid()));
    const std::string whole = line + what;
    std::fprintf(stderr, "viceroy: %s\n", whole.c_str());
    const std::lock_guard lock(r->guard);
    r->lines.push_back(whole);
  }

  struct record {
    explicit record(std::uint64_t n) : name(n) {}
    const std::uint64_t name;  // nanoseconds of the steady clock, which a machine's processes share
    std::mutex guard;
    std::vector<std::string> lines;
  };
  // The last of them: of an older one nothing more is told.
  struct table {
    std::mutex guard;
    std::map<number, std::shared_ptr<record>> all;
    number last = 0;
  };
  static table& records() {
    static table t;
    return t;
  }
  static std::shared_ptr<record> find(number n) {
    table& t = records();
    const std::lock_guard lock(t.guard);
    const auto at = t.all.find(n);
    return at == t.all.end() ? nullptr : at->second;
  }
  static std::pair<message_trace, number> known(std::uint64_t name, bool fresh) {
    table& t = records();
    const std::lock_guard lock(t.guard);
    message_trace found;
    for (auto& [n, r] : t.all) {
      if (r->name != name) continue;
      if (fresh) {
        ++name;
        continue;
      }
      found.record_ = r;
      return {found, n};
    }
    if (t.all.size() == limit::traces) t.all.erase(t.all.begin());
    found.record_ = t.all[++t.last] = std::make_shared<record>(name);
    return {found, t.last};
  }

  std::shared_ptr<record> record_;
};

// Follows the next message that is sent on a loop. Threads: the loop's.
inline message_trace follow_next(run_queue& q) {
  tracer::use(message_trace::notes());
  const auto [trace, number] = message_trace::begin();
  q.trace_next(number);
  return trace;
}

}  // namespace viceroy
