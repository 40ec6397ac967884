// A type in an anonymous namespace has no name that another file, or another process, could know.
// expect: compilers spell this type's name differently: give it one, static constexpr auto name = "..."
// expect: hidden
#include "viceroy/message/message.hpp"

namespace {

struct hidden {
  int value;
#ifndef REJECT
  static constexpr auto name = "hidden";
#endif
};

}  // namespace

static_assert(viceroy::check_message<hidden>());  // reject-from
