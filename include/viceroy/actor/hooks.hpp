// hooks: what becomes of an actor whose hook has thrown. Compiled once on request.
#pragma once

#include <exception>

#include "viceroy/actor/dispatch.hpp"

namespace viceroy::detail {

VICEROY_DECL void hook_threw(mailbox& box, const char* hook) {
  if (affairs& a = life::of(box); !a.cause) a.hook_failed = a.in_hook;
  life::fail(box, errc::handler_failed,
             box.text() + " failed in its " + hook + " hook: " + sentence_of(std::current_exception()));
}

}  // namespace viceroy::detail
