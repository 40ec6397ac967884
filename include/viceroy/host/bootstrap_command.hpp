// bootstrap_command: what is executed to start a child process.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/error.hpp"
#include "viceroy/host/process_words.hpp"

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
                             environment_type environment = {})
      : program_(std::move(program)), arguments_(std::move(arguments)), environment_(std::move(environment)) {
    if (program_.empty()) throw error(errc::bad_input, "a bootstrap command needs a program");
    check("the program of a bootstrap command", program_);
    for (const std::string& argument : arguments_) check("an argument of a bootstrap command", argument);
    for (const auto& [name, value] : environment_) check_variable(name, value);
  }

  // Returns the command that starts this very program again, without arguments.
  // VICEROY_BOOTSTRAP_COMMAND (words as in a shell) takes its place: under an explicit loader or an emulator
  // /proc/self/exe names the loader.
  // Errors: bad_input when that variable does not parse.
  static bootstrap_command self() {
    if (const char* instead = std::getenv("VICEROY_BOOTSTRAP_COMMAND");
        instead != nullptr && *instead != '\0') {
      arguments_type words = split_words(instead, "VICEROY_BOOTSTRAP_COMMAND");
      if (words.empty()) throw error(errc::bad_input, "VICEROY_BOOTSTRAP_COMMAND is blank");
      std::string program = std::move(words.front());
      words.erase(words.begin());
      return bootstrap_command(std::move(program), std::move(words));
    }
    return bootstrap_command(self_program);
  }

  // Returns this command with one more variable in the child's environment; the last of one name counts.
  // Errors: bad_input as in the constructor.
  bootstrap_command env(std::string name, std::string value) const {
    check_variable(name, value);
    bootstrap_command more = *this;
    more.environment_.emplace_back(std::move(name), std::move(value));
    return more;
  }

  const std::string& program() const noexcept { return program_; }
  const arguments_type& arguments() const noexcept { return arguments_; }
  const environment_type& environment() const noexcept { return environment_; }
  bool is_self() const noexcept { return program_ == self_program; }

  friend bool operator==(const bootstrap_command&, const bootstrap_command&) = default;

 private:
  static constexpr const char* self_program = "/proc/self/exe";

  static void check(const char* what, const std::string& text) {
    if (text.find('\0') != std::string::npos) {
      throw error(errc::bad_input, std::string(what) + " has a zero byte in it");
    }
  }

  static void check_variable(const std::string& name, const std::string& value) {
    check("the name of an environment variable", name);
    check("the value of an environment variable", value);
    if (name.empty() || name.find('=') != std::string::npos) {
      throw error(errc::bad_input, "\"" + name + "\" cannot be the name of an environment variable");
    }
  }

  std::string program_;
  arguments_type arguments_;
  environment_type environment_;
};

}  // namespace viceroy
