// bootstrap_commands: how a command is put together. Compiled once on request.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/host/bootstrap_command.hpp"
#include "viceroy/host/process_words.hpp"

namespace viceroy {

namespace detail {

inline void check_text(const char* what, const std::string& text) {
  if (text.find('\0') != std::string::npos) {
    throw error(errc::bad_input, std::string(what) + " has a zero byte in it");
  }
}

inline void check_variable(const std::string& name, const std::string& value) {
  check_text("the name of an environment variable", name);
  check_text("the value of an environment variable", value);
  if (name.empty() || name.find('=') != std::string::npos) {
    throw error(errc::bad_input, "\"" + name + "\" cannot be the name of an environment variable");
  }
}

}  // namespace detail

VICEROY_DECL bootstrap_command::bootstrap_command(std::string program, arguments_type arguments,
                                                  environment_type environment)
    : program_(std::move(program)), arguments_(std::move(arguments)), environment_(std::move(environment)) {
  if (program_.empty()) throw error(errc::bad_input, "a bootstrap command needs a program");
  detail::check_text("the program of a bootstrap command", program_);
  for (const std::string& argument : arguments_)
    detail::check_text("an argument of a bootstrap command", argument);
  for (const auto& [name, value] : environment_) detail::check_variable(name, value);
}

VICEROY_DECL bootstrap_command bootstrap_command::self() {
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

VICEROY_DECL bootstrap_command bootstrap_command::arg(std::string argument) const {
  detail::check_text("an argument of a bootstrap command", argument);
  bootstrap_command more = *this;
  more.arguments_.push_back(std::move(argument));
  return more;
}

VICEROY_DECL bootstrap_command bootstrap_command::env(std::string name, std::string value) const {
  detail::check_variable(name, value);
  bootstrap_command more = *this;
  more.environment_.emplace_back(std::move(name), std::move(value));
  return more;
}

VICEROY_DECL bool bootstrap_command::operator==(const bootstrap_command& other) const {
  return program_ == other.program_ && arguments_ == other.arguments_ && environment_ == other.environment_;
}

}  // namespace viceroy
