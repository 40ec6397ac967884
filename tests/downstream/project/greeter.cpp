#include "greeter.hpp"

#if __has_include(<viceroy/viceroy.hpp>)
void greeter::handle(viceroy::context<greeter>& cx, greet m) { m.reply.send(cx, "ok"); }
#else
#include <viceroy/base/error.hpp>

std::string greeting() { return viceroy::error(viceroy::errc::bad_input, "ok").what(); }
#endif
