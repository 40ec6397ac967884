// process_environment: what a started process reads from its environment, and removes before any user code
// runs.
#pragma once

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "viceroy/base/error.hpp"
#include "viceroy/id/text.hpp"

namespace viceroy {

// The names of the variables through which a parent talks to a child.
namespace variable {

inline constexpr const char* bootstrap_address = "VICEROY_BOOTSTRAP_ADDR";
inline constexpr const char* bootstrap_index = "VICEROY_BOOTSTRAP_INDEX";
inline constexpr const char* bootstrap_mode = "VICEROY_BOOTSTRAP_MODE";
inline constexpr const char* trace_id = "VICEROY_TRACE_ID";
inline constexpr const char* process_name = "VICEROY_PROCESS_NAME";
inline constexpr const char* lifeline_descriptor = "VICEROY_LIFELINE_FD";
inline constexpr const char* parent_pid = "VICEROY_PARENT_PID";
inline constexpr const char* descriptor_limit = "VICEROY_NOFILE";

}  // namespace variable

// Holds what the parent said in the environment.
class process_environment {
 public:
  // Reads the variables above and removes them, so that nothing that this process starts takes itself for a
  // child. Threads: before any other, as setenv demands. Errors: bad_input for a number that is none.
  static process_environment take() {
    process_environment taken;
    std::string index, lifeline, parent, descriptors;
    taken.is_child_ = take_text(variable::bootstrap_address, taken.address_);
    take_text(variable::bootstrap_mode, taken.mode_);
    take_text(variable::trace_id, taken.trace_id_);
    take_text(variable::process_name, taken.process_name_);
    take_text(variable::bootstrap_index, index);
    take_text(variable::lifeline_descriptor, lifeline);
    take_text(variable::parent_pid, parent);
    take_text(variable::descriptor_limit, descriptors);
    read_number(variable::bootstrap_index, index, taken.index_);
    read_number(variable::lifeline_descriptor, lifeline, taken.lifeline_);
    read_number(variable::parent_pid, parent, taken.parent_);
    if (!descriptors.empty())
      read_number(variable::descriptor_limit, descriptors, taken.descriptor_limit_.emplace());
    return taken;
  }

  // Tells whether a parent started this process: it was given an address to call back.
  bool is_child() const noexcept { return is_child_; }

  const std::string& address() const { return address_; }
  std::uint64_t index() const noexcept { return index_; }
  const std::string& mode() const { return mode_; }
  const std::string& trace_id() const { return trace_id_; }
  const std::string& process_name() const { return process_name_; }
  int lifeline_descriptor() const noexcept { return lifeline_; }  // -1: none was inherited
  pid_t parent_pid() const noexcept { return parent_; }           // 0: not said
  std::optional<rlim_t> descriptor_limit() const noexcept { return descriptor_limit_; }

  // Gives the calling (main) thread the process's name where the kernel knows it only as "exe", the last part
  // of the path it was executed by; `ps` and `top` show 15 bytes of it.
  void show_process_name() const noexcept {
    char shown[16] = {};
    if (process_name_.empty() || ::prctl(PR_GET_NAME, shown) != 0 || std::strcmp(shown, "exe") != 0) return;
    ::prctl(PR_SET_NAME, process_name_.c_str());
  }

 private:
  // Returns: whether it was set.
  static bool take_text(const char* name, std::string& into) {
    const char* value = ::getenv(name);
    if (value == nullptr) return false;
    into = value;
    ::unsetenv(name);
    return true;
  }

  template <class Number>
  static void read_number(const char* name, const std::string& text, Number& into) {
    if (text.empty()) return;
    const char* const last = text.data() + text.size();
    const auto [end, failure] = std::from_chars(text.data(), last, into);
    if (failure != std::errc() || end != last) {
      throw error(errc::bad_input, std::string(name) + "=" + in_quotes(text) +
                                       " is not a number; only what starts a child sets it");
    }
  }

  std::string address_, mode_ = "allocated", trace_id_, process_name_;
  std::optional<rlim_t> descriptor_limit_;
  std::uint64_t index_ = 0;
  int lifeline_ = -1;
  pid_t parent_ = 0;
  bool is_child_ = false;
};

}  // namespace viceroy
