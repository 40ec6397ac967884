// rank_collection: the wait for every rank of a mesh to run, and the sentence for why it does not.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "viceroy/base/series.hpp"
#include "viceroy/base/task.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/mesh/rank_text.hpp"
#include "viceroy/mesh/status_inbox.hpp"

namespace viceroy {

// How long one failed rank waits for the others' sentences, which are mostly of the same cause.
inline constexpr std::chrono::milliseconds other_failures{100};

namespace detail {

// What each rank failed of, if it did, and the error of all.
class rank_failures {
 public:
  explicit rank_failures(std::size_t ranks) : sentences_(ranks) {}

  bool empty() const { return failed_ == 0; }
  // The first one of a rank counts.
  void add(std::uint32_t rank, std::string sentence) {
    std::string& mine = sentences_[rank];
    if (!mine.empty()) return;
    mine = sentence.empty() ? "it failed" : std::move(sentence);
    ++failed_;
  }
  error all(const std::string& step, errc kind) const {
    series<std::size_t> failed;
    for (std::size_t rank = 0; rank != sentences_.size(); ++rank)
      if (!sentences_[rank].empty()) failed.push_back(rank);
    const std::string& sentence = sentences_[failed[0]];
    std::string text = step + ": ";
    if (!sentence.starts_with("rank ")) text += "rank " + std::to_string(failed[0]) + ": ";
    text += sentence;
    failed.erase_first(1);
    if (!failed.empty()) text += " (and " + rank_text(failed) + ")";
    return error(kind, text);
  }

 private:
  series<std::string> sentences_;  // by rank; empty for those that did not fail
  std::size_t failed_ = 0;
};

}  // namespace detail

// Waits until every rank runs. `expected`, if not empty: who each must report as its actor; what it reports
// of the actor that was asked for is passed by. Returns: the members by rank. Errors: spawn_failed with the
// first rank's cause and the other ranks; timeout, naming who was silent for `idle`; owner_gone.
inline task<series<actor_id>> every_rank_runs(status_inbox& in, std::string step,
                                              std::chrono::milliseconds idle, series<actor_id> expected) {
  const detail::unfinished_step told(step);
  series<actor_id> members(in.ranks());
  series<bool> settled(in.ranks());
  std::size_t left = in.ranks();
  detail::rank_failures failures(in.ranks());
  while (left != 0) {
    status_inbox::word w = co_await in.next(failures.empty() ? idle : other_failures);
    if (w.what == status_inbox::kind::owner_gone)
      throw error(errc::owner_gone, step + " was given up, for its owner ended: " + w.cause->sentence());
    if (w.what == status_inbox::kind::silence) {
      if (!failures.empty()) break;
      series<std::size_t> silent;
      for (std::size_t r = 0; r != settled.size(); ++r)
        if (!settled[r]) silent.push_back(r);
      throw error(errc::timeout,
                  step + ": " + rank_text(silent) + " did not report within " + limit_text(idle));
    }
    std::string failure;
    if (w.what == status_inbox::kind::lost) {
      failure = w.cause->sentence();
    } else if (is_terminal(w.status.status)) {
      failure = w.status.sentence.empty() ? "it ended at once, as " + std::string(text_of(w.status.status))
                                          : w.status.sentence;
    } else if (w.status.status == status::running) {
      if (!expected.empty() && w.status.actor != expected[w.rank]) {
        if (w.status.actor.name() == in.id(w.rank)) continue;
        failure =
            "it reported " + w.status.actor.text() + ", and by its address it is " + expected[w.rank].text();
      }
    } else if (!w.status.sentence.empty()) {
      failure = w.status.sentence;
    } else {
      continue;  // on its way
    }
    if (!failure.empty()) failures.add(w.rank, std::move(failure));
    if (settled[w.rank]) continue;
    settled[w.rank] = true;
    members[w.rank] = w.status.actor;
    --left;
  }
  if (!failures.empty()) throw failures.all(step, errc::spawn_failed);
  co_return std::move(members);
}

// For how long a process that is started may say nothing of its proc.
inline std::chrono::milliseconds until_started(const limits& l) {
  return std::chrono::floor<std::chrono::milliseconds>(finite(l.hello) + finite(l.start_proc));
}

// Waits until no rank of `left` is there any more. `level`: of what; an actor that failed is gone as well,
// but for its stop hook nobody has heard of that. Errors: timeout, naming ranks, when they are not within
// `limit` in all; handler_failed for a stop hook's failure, process_died for a process's.
inline task<void> every_rank_is_gone(status_inbox& in, std::string step, std::chrono::milliseconds limit,
                                     series<bool> left, mesh_level level) {
  const auto until = executor::current()->exact_now() + finite(limit);
  detail::rank_failures failures(in.ranks());
  auto waiting = [&] {
    for (const bool each : left)
      if (each) return true;
    return false;
  };
  while (waiting()) {
    const auto now = executor::current()->now();
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - now);
    status_inbox::word w = co_await in.next(std::max(rest, std::chrono::milliseconds(0)));
    if (w.what == status_inbox::kind::owner_gone) throw *w.cause;
    if (w.what == status_inbox::kind::silence) {
      series<std::size_t> silent;
      for (std::size_t r = 0; r != left.size(); ++r)
        if (left[r]) silent.push_back(r);
      throw error(errc::timeout,
                  step + ": " + rank_text(silent) + " did not end within " + limit_text(limit));
    }
    const bool over = w.what == status_inbox::kind::lost || is_terminal(w.status.status) ||
                      w.status.status == status::not_exist;
    if (!over || !left[w.rank]) continue;
    left[w.rank] = false;
    const bool tells = level != mesh_level::actors || w.status.by_hook;
    if (w.what == status_inbox::kind::status && w.status.status == status::failed && tells)
      failures.add(w.rank, w.status.sentence);
  }
  if (failures.empty()) co_return;
  throw failures.all(step, level == mesh_level::actors ? errc::handler_failed : errc::process_died);
}

}  // namespace viceroy
