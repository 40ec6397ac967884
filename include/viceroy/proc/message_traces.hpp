// message_traces: the process's notes of the messages that are followed. Compiled once on request.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "viceroy/base/executor.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/proc/message_trace.hpp"

namespace viceroy {

namespace detail {

// The last of them: of an older one nothing more is told. Threads: any.
class message_traces final : public tracer {
 public:
  using record = shared<trace_record>;

  // A thread that was left behind may still note something when the process exits: it stays.
  static message_traces& of_process() {
    static message_traces& all = *new message_traces;
    return all;
  }

  // Notes a hop of a trace, and prints it.
  void note(number n, const std::string& what) override {
    const record r = find(n);
    if (!r) return;
    char line[64];
    std::snprintf(line, sizeof line,
                  "trace %04x, +%.3f ms, process %d: ", static_cast<unsigned>(r->name & 0xffff),
                  static_cast<double>(time() - r->name) / 1e6, ::getpid());
    const std::string whole = line + what;
    std::fprintf(stderr, "viceroy: %s\n", whole.c_str());
    const small_mutex::holding here(r->guard);
    r->lines.push_back(whole);
  }
  number adopt(std::uint64_t name) override {
    const small_mutex::holding here(guard_);
    for (const record& each : all_)
      if (each->name == name) return each->which;
    return add(name)->which;
  }
  std::uint64_t name_of(number n) override {
    const record r = find(n);
    return r ? r->name : 0;
  }

  // Begins one; its name in other processes is the time of its beginning.
  record begin() {
    const small_mutex::holding here(guard_);
    std::uint64_t name = time();
    if (!all_.empty() && all_.back()->name >= name) name = all_.back()->name + 1;
    return add(name);
  }

 private:
  static std::uint64_t time() {
    return static_cast<std::uint64_t>(executor::clock::now().time_since_epoch().count());
  }
  const record& add(std::uint64_t name) {
    if (all_.size() == limit::traces) all_.erase_first(1);
    return all_.push_back(make_counted<trace_record>(++last_, name));
  }
  record find(number n) {
    const small_mutex::holding here(guard_);
    for (const record& each : all_)
      if (each->which == n) return each;
    return {};
  }

  small_mutex guard_;
  series<record> all_;
  number last_ = 0;
};

}  // namespace detail

VICEROY_DECL std::vector<std::string> message_trace::hops() const {
  if (!record_) return {};
  const small_mutex::holding here(record_->guard);
  return record_->lines;
}

VICEROY_DECL void note_messages() { tracer::use(detail::message_traces::of_process()); }

VICEROY_DECL message_trace follow_next(run_queue& q) {
  note_messages();
  auto record = detail::message_traces::of_process().begin();
  q.trace_next(record->which);
  return message_trace(record);
}

}  // namespace viceroy
