// host_trampoline: the actor that, inside an allocated process, stands the host up and reports its agent.
#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/base/owned.hpp"
#include "viceroy/host/host_agent.hpp"
#include "viceroy/proc/application.hpp"

namespace viceroy {

// What a trampoline is made from.
struct trampoline_spec {
  static constexpr auto name = "viceroy::trampoline_spec";
  viceroy::transport transport = viceroy::transport::unix_domain;
  std::uint32_t rank = 0;
  port_ref<rank_status> reply;  // hears `running` with the host agent's id, or `failed` with the reason
  std::string program;          // the command of the host's procs; an empty program is the process's own
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
};

// A built-in actor type of allocated processes.
class host_trampoline {
 public:
  static constexpr auto name = "viceroy::host_trampoline";
  using params = trampoline_spec;
  using handles = messages<>;

  explicit host_trampoline(trampoline_spec spec) : spec_(std::move(spec)) {}

  void init(context<host_trampoline>& cx) {
    rank_status answer;
    answer.id = cx.id().name();
    answer.rank = spec_.rank;
    try {
      runtime_core& core = *cx.box().home().core();
      owned<bootstrap_command> command;
      if (!spec_.program.empty())
        command = make_owned<bootstrap_command>(spec_.program, spec_.arguments, spec_.environment);
      answer.actor = make_host(core, spec_.transport, std::move(command));
      answer.status = status::running;
    } catch (...) {
      answer.status = status::failed;
      answer.sentence =
          "rank " + std::to_string(spec_.rank) + ": no host: " + sentence_of(std::current_exception());
    }
    spec_.reply.send(cx, answer);
  }

  void handle(context<host_trampoline>&, const undeliverable&) {}

 private:
  trampoline_spec spec_;
};

// Its entry among a process's built-in actor types.
inline remote_entry trampoline_entry() {
  return {detail::actor_tag<host_trampoline>, &actor_ops_of<host_trampoline>,
          detail::construct_remote<host_trampoline>};
}

// Returns: what a proc agent is told to make a trampoline from.
inline actor_spec trampoline_actor(const trampoline_spec& spec) {
  actor_spec made;
  made.type = detail::actor_tag<host_trampoline>;
  made.type_name = host_trampoline::name;
  made.params = bytes(encode_message(spec).body);
  return made;
}

}  // namespace viceroy
