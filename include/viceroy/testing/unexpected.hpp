// unexpected: what a test that runs on the deterministic loop fails with.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace viceroy::testing {

// Something else happened than was expected. Its text names the seed, the step, what was expected and what
// came.
class unexpected : public std::logic_error {
 public:
  unexpected(std::uint64_t seed, std::size_t step, const std::string& sentence)
      : std::logic_error("seed " + std::to_string(seed) + ", step " + std::to_string(step) + ": " +
                         sentence) {}
};

}  // namespace viceroy::testing
