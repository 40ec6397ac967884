// errno_text: what the number that a system call left behind means, for an error's sentence.
#pragma once

#include <cstring>
#include <string>

namespace viceroy {

// Returns: "No such file or directory (ENOENT)".
inline std::string errno_text(int number) {
  const char* const text = ::strerrordesc_np(number);
  const char* const name = ::strerrorname_np(number);
  if (text == nullptr || name == nullptr) return "error " + std::to_string(number);
  return std::string(text) + " (" + name + ")";
}

}  // namespace viceroy
