// greeter: the actor of this project, in a file of its own, so that two files share every definition.
#pragma once

#include <string>

#include <viceroy/actor/actor.hpp>

// Names that Viceroy's templates use, too: no affair of -Wshadow.
inline int count = 0, other = 0, value = 0, work = 0;

struct greet {
  viceroy::once_port_ref<std::string> reply;
};

struct greeter {
  using handles = viceroy::messages<greet>;

  void handle(viceroy::context<greeter>& cx, greet m);
};
