// launcher_actor: the mailbox of a launcher: hears the children that call back.
#pragma once

#include <memory>
#include <utility>

#include "viceroy/actor/spawn.hpp"
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

// Stands in slot 0 of the proc "control". Outlives its launcher by a turn, and then hears for nobody.
class launcher_actor {
 public:
  static constexpr auto name = "viceroy::launcher_actor";
  using handles = messages<hello, started_proc>;

  // `to` is shared with the launcher, which clears it at its end.
  explicit launcher_actor(std::shared_ptr<handshake_listener*> to) : to_(std::move(to)) {}

  void handle(context<launcher_actor>& cx, const hello& m) {
    if (*to_) (*to_)->heard(cx.sender(), m);
  }
  void handle(context<launcher_actor>& cx, const started_proc& m) {
    if (*to_) (*to_)->heard(cx.sender(), m);
  }
  void handle(context<launcher_actor>&, const undeliverable& m) {
    if (*to_) (*to_)->came_back(m);
  }

 private:
  std::shared_ptr<handshake_listener*> to_;
};

}  // namespace viceroy
