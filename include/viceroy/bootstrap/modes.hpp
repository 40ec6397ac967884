// child_settings: what a started process was told to be, read from its environment.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "viceroy/base/error.hpp"
#include "viceroy/host/bootstrap_mode.hpp"
#include "viceroy/host/process_environment.hpp"
#include "viceroy/id/address.hpp"
#include "viceroy/id/text.hpp"

namespace viceroy {

// Who started this process, and as what.
struct child_settings {
  address parent;  // of the launcher's control proc
  std::uint32_t index = 0;
  bootstrap_mode mode = bootstrap_mode::allocated;
  std::string trace_id;

  // Errors: bad_input that names the variable, shows its value and says what it should be.
  static child_settings from(const process_environment& told) {
    child_settings s;
    const std::string at = told.address();
    if (const char* wrong = address::problem(at))
      throw error(errc::bad_input, variable_is(variable::bootstrap_address, at) +
                                       " is not the address of a launcher: " + wrong);
    s.parent = address::parse(at);
    if (s.parent.transport() != transport::unix_domain)
      throw error(errc::bad_input, variable_is(variable::bootstrap_address, at) +
                                       " is not the address of a launcher: expected unix:@name");
    if (told.index() == 0 || told.index() > std::numeric_limits<std::uint32_t>::max())
      throw error(errc::bad_input,
                  variable_is(variable::bootstrap_index, std::to_string(told.index())) +
                      " is not the index of a child: expected a number from 1 to 4294967295");
    s.index = static_cast<std::uint32_t>(told.index());
    const auto mode = try_parse_bootstrap_mode(told.mode());
    if (!mode)
      throw error(errc::bad_input, variable_is(variable::bootstrap_mode, told.mode()) +
                                       " is not a bootstrap mode: expected allocated or proc");
    s.mode = *mode;
    s.trace_id = told.trace_id();
    return s;
  }

 private:
  static std::string variable_is(const char* name, const std::string& value) {
    return std::string(name) + "=" + in_quotes(value);
  }
};

}  // namespace viceroy
