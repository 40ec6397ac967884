// bootstrap_proc_manager: makes each proc in a child process of its own.
#pragma once

#include <utility>

#include "viceroy/base/lookup.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/host/proc_manager.hpp"
#include "viceroy/proc/runtime_core.hpp"

namespace viceroy {

class bootstrap_proc_manager final : public proc_manager {
 public:
  // `command` is for specs that name none; nothing: this very program. Errors: what make_launcher throws.
  bootstrap_proc_manager(runtime_core& core, owned<bootstrap_command> command)
      : core_(&core), command_(std::move(command)), launcher_(core.make_launcher()) {}

  // The private address that the children call back.
  viceroy::address address() const { return launcher_->address(); }

  void start(label id, std::uint32_t rank, const proc_spec& spec, events tell) override {
    launch_request what{
        rank, id, spec.transport, bootstrap_mode::proc, command_of(spec), core_->host_agent()};
    indices_[id] = launcher_->start(std::move(what), std::move(tell));
  }

  void stop(label id) override {
    if (const std::uint32_t* const index = indices_.find(id)) launcher_->stop(*index);
  }

 private:
  bootstrap_command command_of(const proc_spec& spec) const {
    if (!spec.program.empty()) return bootstrap_command(spec.program, spec.arguments, spec.environment);
    bootstrap_command chosen = command_ ? *command_ : bootstrap_command::self();
    for (const auto& [name, value] : spec.environment) chosen = chosen.env(name, value);
    return chosen;
  }

  runtime_core* core_;
  owned<bootstrap_command> command_;
  owned<launcher> launcher_;
  lookup<label, std::uint32_t> indices_;
};

}  // namespace viceroy
