// greeter: the actor of this project, in a file of its own, so that two files share every definition.
#pragma once

#include <string>

#include <viceroy/actor/actor.hpp>

struct greet {
  viceroy::once_port_ref<std::string> reply;
};

struct greeter {
  using handles = viceroy::messages<greet>;

  void handle(viceroy::context<greeter>& cx, greet m);
};
