// message_traces: the process's notes of the messages that are followed. Compiled once on request.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/lookup.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/proc/message_trace.hpp"

namespace viceroy {

namespace detail {

struct trace_record final : traced_message {
  explicit trace_record(std::uint64_t n) : name(n) {}
  std::vector<std::string> hops() override {
    const std::lock_guard lock(guard);
    return lines;
  }
  const std::uint64_t name;  // nanoseconds of the steady clock, which a machine's processes share
  std::mutex guard;
  std::vector<std::string> lines;
};

// The last of them: of an older one nothing more is told. Threads: any.
class message_traces final : public tracer {
 public:
  static message_traces& of_process() {
    static message_traces all;
    return all;
  }

  // Notes a hop of a trace, and prints it.
  void note(number n, const std::string& what) override {
    const auto r = find(n);
    if (!r) return;
    const std::uint64_t now = time();
    char line[64];
    std::snprintf(line, sizeof line,
                  "trace %04x, +%.3f ms, process %d: ", static_cast<unsigned>(r->name & 0xffff),
                  static_cast<double>(now - r->name) / 1e6, ::getpid());
    const std::string whole = line + what;
    std::fprintf(stderr, "viceroy: %s\n", whole.c_str());
    const std::lock_guard lock(r->guard);
    r->lines.push_back(whole);
  }
  number adopt(std::uint64_t name) override { return known(name, false).second; }
  std::uint64_t name_of(number n) override {
    const auto r = find(n);
    return r ? r->name : 0;
  }

  // Returns: the trace of a name; with `fresh`, one of a name that none has yet.
  std::pair<message_trace, number> known(std::uint64_t name, bool fresh) {
    const std::lock_guard lock(guard_);
    message_trace found;
    for (auto& [n, r] : all_) {
      if (r->name != name) continue;
      if (fresh) {
        ++name;
        continue;
      }
      found.record_ = r;
      return {found, n};
    }
    if (all_.size() == limit::traces) all_.erase((*all_.begin()).key);
    found.record_ = all_[++last_] = make_counted<trace_record>(name);
    return {found, last_};
  }
  static std::uint64_t time() {
    return static_cast<std::uint64_t>(executor::clock::now().time_since_epoch().count());
  }

 private:
  shared<trace_record> find(number n) {
    const std::lock_guard lock(guard_);
    const shared<trace_record>* const at = all_.find(n);
    return at ? *at : shared<trace_record>();
  }

  std::mutex guard_;
  lookup<number, shared<trace_record>> all_;
  number last_ = 0;
};

}  // namespace detail

VICEROY_DECL std::vector<std::string> message_trace::hops() const {
  if (!record_) return {};
  return record_->hops();
}

VICEROY_DECL std::pair<message_trace, message_trace::number> message_trace::begin() {
  return detail::message_traces::of_process().known(detail::message_traces::time(), true);
}

VICEROY_DECL tracer& message_trace::notes() { return detail::message_traces::of_process(); }

VICEROY_DECL message_trace follow_next(run_queue& q) {
  tracer::use(message_trace::notes());
  const auto [trace, number] = message_trace::begin();
  q.trace_next(number);
  return trace;
}

}  // namespace viceroy
