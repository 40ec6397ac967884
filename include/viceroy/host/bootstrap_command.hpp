// bootstrap_command: what is executed to start a child process.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/config.hpp"

namespace viceroy {

// Names a program, its arguments and what its environment has beyond the parent's; an immutable value.
// A program without a slash is looked for in PATH. `/proc/self/exe` is the program of whoever starts the
// child, and is shown under that process's own argv[0].
class bootstrap_command {
 public:
  using arguments_type = std::vector<std::string>;
  using environment_type = std::vector<std::pair<std::string, std::string>>;

  // Builds a command from its parts.
  // Errors: bad_input for an empty program, a variable without a name or with '=' in it, and a zero byte
  // anywhere.
  explicit bootstrap_command(std::string program, arguments_type arguments = {},
                             environment_type environment = {});

  // Returns the command that starts this very program again, without arguments.
  // VICEROY_BOOTSTRAP_COMMAND (words as in a shell) takes its place: under an explicit loader or an emulator
  // /proc/self/exe names the loader.
  // Errors: bad_input when that variable does not parse.
  static bootstrap_command self();

  // Returns this command with one more variable in the child's environment; the last of one name counts.
  // Errors: bad_input as in the constructor.
  [[nodiscard]] bootstrap_command env(std::string name, std::string value) const;

  // Returns this command with one more argument. In a `co_await` expression this, and not a list in braces,
  // which g++ 12 does not compile there. Errors: bad_input as in the constructor.
  [[nodiscard]] bootstrap_command arg(std::string argument) const;

  const std::string& program() const noexcept { return program_; }
  const arguments_type& arguments() const noexcept { return arguments_; }
  const environment_type& environment() const noexcept { return environment_; }
  bool is_self() const noexcept { return program_ == self_program; }

  bool operator==(const bootstrap_command& other) const;

 private:
  static constexpr const char* self_program = "/proc/self/exe";

  std::string program_;
  arguments_type arguments_;
  environment_type environment_;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/host/bootstrap_commands.hpp"
#endif
