// step_log: what a deterministic loop did, for the report of a test that failed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "viceroy/testing/whom.hpp"

namespace viceroy::testing {

// Keeps one line's worth of facts per step; makes text only when it is asked for.
class step_log {
 public:
  void message(const message_node& n) { steps_.push_back({n.ops->name, n.from, receiver_of(n)}); }
  void work(std::string_view what) { steps_.push_back({what, {}, {}}); }
  std::size_t size() const { return steps_.size(); }

  // Returns: the last `most` steps, a line each: "  7: bank::deposit from a to b".
  std::string text(std::size_t most) const {
    std::string all;
    for (std::size_t i = steps_.size() > most ? steps_.size() - most : 0; i < steps_.size(); ++i) {
      const step& s = steps_[i];
      all += "  " + std::to_string(i + 1) + ": " + std::string(s.what);
      if (!s.from.empty()) all += " from " + s.from.text();
      if (!s.to.empty()) all += " to " + s.to.text();
      all += "\n";
    }
    return all;
  }

 private:
  struct step {
    std::string_view what;  // a message's name: lives as long as the program
    actor_id from, to;
  };
  std::vector<step> steps_;
};

}  // namespace viceroy::testing
