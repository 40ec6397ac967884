// process_launcher: the launcher of real processes; reached through src.hpp alone.
#pragma once

#include <utility>
#include <vector>

#include "viceroy/base/owned.hpp"
#include "viceroy/host/launcher_control.hpp"
#include "viceroy/host/process.hpp"
#include "viceroy/host/process_descriptor_limit.hpp"

namespace viceroy {

namespace detail {

class asio_process final : public started_process {
 public:
  asio_process(boost::asio::io_context& io, const process_options& what,
               callback<void(const process_exit&)> on_exit)
      : child_(io, what, std::move(on_exit)) {}

  std::int64_t pid() const override { return child_.pid(); }
  void terminate() override { child_.terminate(); }
  void kill_now() override { child_.kill_now(); }
  std::vector<std::string> last_lines() const override { return child_.last_lines(); }

 private:
  child_process child_;
};

class asio_process_starter final : public process_starter {
 public:
  explicit asio_process_starter(boost::asio::io_context& io) : io_(&io) { raise_descriptor_limit(); }

  owned<started_process> start(const process_options& what,
                               callback<void(const process_exit&)> on_exit) override {
    return make_owned<asio_process>(*io_, what, std::move(on_exit));
  }

 private:
  boost::asio::io_context* io_;
};

}  // namespace detail

// Makes the launcher that a runtime offers: runtime_core::make_launcher. Errors: system.
inline owned<launcher> make_process_launcher(runtime_core& core, boost::asio::io_context& io,
                                             launcher_setup setup) {
  return make_owned<launcher_control>(core, make_owned<detail::asio_process_starter>(io), std::move(setup));
}

}  // namespace viceroy
