// rank_text: a set of ranks in words, for errors: "rank 3", "ranks 3, 5-7".
#pragma once

#include <cstddef>
#include <string>

#include "viceroy/base/series.hpp"

namespace viceroy {

// Names ranks in ascending order, neighbours as one run; of more than `most` runs, the first ones and how
// many ranks are left.
inline std::string rank_text(const series<std::size_t>& ranks, std::size_t most = 16) {
  std::string out = ranks.size() == 1 ? "rank " : "ranks ";
  std::size_t runs = 0;
  for (std::size_t i = 0; i != ranks.size(); ++runs) {
    if (runs == most) return out + " and " + std::to_string(ranks.size() - i) + " more";
    std::size_t last = i;
    while (last + 1 != ranks.size() && ranks[last + 1] == ranks[last] + 1) ++last;
    if (runs != 0) out += ", ";
    out += std::to_string(ranks[i]);
    if (last != i) out += (last == i + 1 ? ", " : "-") + std::to_string(ranks[last]);
    i = last + 1;
  }
  return out;
}

}  // namespace viceroy
