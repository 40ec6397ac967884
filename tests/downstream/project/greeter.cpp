#include "greeter.hpp"

#include <viceroy/base/error.hpp>

std::string greeting() {
  return viceroy::error(viceroy::errc::bad_input, "ok").what();
}
