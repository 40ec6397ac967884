// launcher_actor: the mailbox of a launcher: hears the children that call back.
#pragma once

#include <utility>

#include "viceroy/actor/spawn.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/host/handshake.hpp"

namespace viceroy {

// What a launcher does with what it hears.
class handshake_listener {
 public:
  virtual void heard(const actor_id& sender, const hello& m) = 0;
  virtual void heard(const actor_id& sender, const started_proc& m) = 0;
  virtual void came_back(const undeliverable& m) = 0;

 protected:
  ~handshake_listener() = default;
};

// What a launcher and its actor share: the launcher clears it at its end.
struct handshake_line : counted {
  explicit handshake_line(handshake_listener* l) : to(l) {}
  handshake_listener* to;
};

// Stands in slot 0 of the proc "control". Outlives its launcher by a turn, and then hears for nobody.
class launcher_actor {
 public:
  static constexpr auto name = "viceroy::launcher_actor";
  using handles = messages<hello, started_proc>;

  explicit launcher_actor(shared<handshake_line> line) : line_(std::move(line)) {}

  void handle(context<launcher_actor>& cx, const hello& m) {
    if (line_->to) line_->to->heard(cx.sender(), m);
  }
  void handle(context<launcher_actor>& cx, const started_proc& m) {
    if (line_->to) line_->to->heard(cx.sender(), m);
  }
  void handle(context<launcher_actor>&, const undeliverable& m) {
    if (line_->to) line_->to->came_back(m);
  }

 private:
  shared<handshake_line> line_;
};

}  // namespace viceroy
