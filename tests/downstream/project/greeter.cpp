#include "greeter.hpp"

void greeter::handle(viceroy::context<greeter>& cx, greet m) { m.reply.send(cx, "ok"); }
