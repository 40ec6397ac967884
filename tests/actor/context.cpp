#include "viceroy/actor/context.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace context_test {

struct where {};
struct where_slowly {};
struct where_after_all {};
struct relay {
  vr::once_port_ref<std::string> reply;
};

struct guide {
  using handles = vr::messages<where, where_slowly, relay, where_after_all>;
  vr::context<guide>* kept = nullptr;
  vr::port_ref<int> gate;

  static std::string tell(vr::context<guide>& cx) {
    std::string text = cx.sender().text() + " " + std::to_string(cx.rank());
    for (const auto each : {cx.point().rank()}) text += "/" + std::to_string(each);
    return text;
  }
  std::string handle(vr::context<guide>& cx, where) {
    kept = &cx;
    return tell(cx);
  }
  std::string handle(vr::context<guide>& cx, where_after_all) {
    const std::string before = tell(cx);
    vr::run_queue* const here = vr::run_queue::exchange_current(nullptr);
    const bool nobody = !cx.is_handling();
    vr::run_queue::exchange_current(here);
    return nobody && cx.is_handling() && before == tell(cx) ? before : "changed";
  }
  vr::task<std::string> handle(vr::context<guide>& cx, where_slowly) {
    const std::string before = tell(cx);
    auto [port, inbox] = cx.open_port<int>();
    gate = port.bind();
    co_await inbox.recv();
    co_return before == tell(cx) ? before : "changed";
  }
  void handle(vr::context<guide>& cx, relay m) { m.reply.send(cx, cx.self().id().text()); }
};

struct stage : by_hand::world {
  vr::instance client{home, vr::label::parse("client")};
  vr::actor_box<guide>& box = vr::detail::spawn_in<guide>(home, vr::label::parse("g"), nullptr, false);
  vr::actor_ref<guide> ref{box.id()};

  // What a cast does for one receiver.
  template <class M>
  void cast_to(std::uint64_t reply, std::uint32_t rank, const vr::shape& over) {
    vr::detail::attachments a;
    a.reply = reply;
    a.rank = rank;
    a.shape = over;
    a.flags = vr::message_node::is_cast;
    vr::detail::post<M>(client.box(), {box.id(), vr::type_id<M>(), nullptr, 0}, a);
  }
};

}  // namespace context_test

using namespace context_test;

TEST_CASE("The sender, rank and point of a direct send are its sender, 0 and the point of one") {
  stage s;
  CHECK(s.run<std::string>(s.ref.call<where>(s.client)) == "inproc:1,root,client[1] 0/0");
}

TEST_CASE("The rank and point of a cast stay valid while the handler is suspended and others arrive") {
  stage s;
  const auto over = vr::shape::of(vr::extent(vr::dim("rows", 2), vr::dim("gpus", 3)));
  auto [port, inbox] = s.client.open_port<std::string>();
  s.cast_to<where_slowly>(port.id().number(), 4, over);
  s.cast_to<where>(port.id().number(), 5, over);
  s.settle();
  s.box.actor().gate.send(s.client, 1);
  s.settle();
  CHECK(inbox.try_recv() == "inproc:1,root,client[1] 4/4");
  CHECK(inbox.try_recv() == "inproc:1,root,client[1] 5/5");
}

TEST_CASE("Between messages there is no sender, and the error says so") {
  stage s;
  s.run<std::string>(s.ref.call<where>(s.client));
  auto& cx = *s.box.actor().kept;
  CHECK(by_hand::kind_of([&] { static_cast<void>(cx.sender()); }) == vr::errc::inert);
  CHECK(by_hand::kind_of([&] { static_cast<void>(cx.rank()); }) == vr::errc::inert);
  CHECK(by_hand::kind_of([&] { static_cast<void>(cx.point()); }) == vr::errc::inert);
  CHECK(cx.self() == s.ref);
}

TEST_CASE("A reply through a port in the message comes from the actor") {
  stage s;
  auto [port, inbox] = s.client.open_once_port<std::string>();
  s.ref.send<relay>(s.client, port.bind());
  CHECK(s.run<std::string>(vr::as_task(inbox.recv())) == "inproc:1,root,g[2]");
}

TEST_CASE("Every verb of a context or an instance is an error on another thread, which names whose it was") {
  stage s;
  s.run<std::string>(s.ref.call<where>(s.client));
  auto& cx = *s.box.actor().kept;
  std::vector<std::optional<vr::errc>> kinds;
  std::string said;
  std::thread elsewhere([&] {
    const auto kind = [&](auto f) { kinds.push_back(by_hand::kind_of(f)); };
    kind([&] { s.ref.send<where>(s.client); });
    kind([&] { auto a = s.ref.call<where>(s.client); });
    kind([&] { s.client.open_port<int>(); });
    kind([&] { s.client.spawn<guide>(); });
    kind([&] { cx.open_once_port<int>(); });
    kind([&] { cx.spawn<guide>(); });
    kind([&] { cx.stop(); });
    kind([&] { cx.drain(); });
    kind([&] { s.ref.port<where>().send(cx); });
    try {
      s.ref.send<where>(s.client);
    } catch (const vr::error& e) {
      said = e.what();
    }
  });
  elsewhere.join();
  CHECK(kinds.size() == 9);
  for (const auto& kind : kinds) CHECK(kind == vr::errc::wrong_thread);
  CHECK(said ==
        "inproc:1,root,client[1] was used on a thread that is not its loop's; post the work to the loop "
        "(rt.post) or send a "
        "message");
}

TEST_CASE("A handler that was on another loop for a while, to build something there, is still what it was") {
  stage s;
  CHECK(s.run<std::string>(s.ref.call<where_after_all>(s.client)) == s.client.id().text() + " 0/0");
  CHECK_FALSE(s.box.cx().is_handling());
}
