// process_exit: how a process ended.
#pragma once

#include <signal.h>
#include <string.h>

#include <cstdint>
#include <string>
#include <utility>

namespace viceroy {

// Returns the name of a signal, "SIGKILL" for 9.
inline std::string signal_name(int number) {
  if (const char* abbreviation = ::sigabbrev_np(number)) return std::string("SIG") + abbreviation;
  if (number >= SIGRTMIN && number <= SIGRTMAX) return "SIGRTMIN+" + std::to_string(number - SIGRTMIN);
  return "signal " + std::to_string(number);
}

// Tells how a process ended; text() completes a sentence that begins with its name.
class process_exit {
 public:
  enum class kind_type : std::uint8_t {
    exited,   // code() is its status
    killed,   // code() is the signal
    unknown,  // it is gone and its status was lost; text() says why
  };

  static process_exit exited(int status) { return {kind_type::exited, status, false, {}}; }
  static process_exit killed(int signal, bool core) { return {kind_type::killed, signal, core, {}}; }
  static process_exit unknown(std::string why) { return {kind_type::unknown, 0, false, std::move(why)}; }

  kind_type kind() const noexcept { return kind_; }
  int code() const noexcept { return code_; }
  bool core_dumped() const noexcept { return core_; }
  bool clean() const noexcept { return kind_ == kind_type::exited && code_ == 0; }

  std::string text() const {
    switch (kind_) {
      case kind_type::exited:
        return "exited with status " + std::to_string(code_);
      case kind_type::killed:
        return "was killed by signal " + std::to_string(code_) + " (" + signal_name(code_) +
               (core_ ? ", core dumped)" : ")");
      case kind_type::unknown:
        break;
    }
    return "ended, and its exit status was lost: " + why_;
  }

 private:
  process_exit(kind_type kind, int code, bool core, std::string why)
      : why_(std::move(why)), code_(code), kind_(kind), core_(core) {}

  std::string why_;
  int code_;
  kind_type kind_;
  bool core_;
};

}  // namespace viceroy
