#include "viceroy/mailbox/arrive.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/fake_loop.hpp"
#include "viceroy/actor/actor.hpp"
#include "viceroy/actor/instance.hpp"

namespace vr = viceroy;

namespace arrive_test {

struct add {
  int n;
};
struct get {};
struct leave {};

// Its codec, a user's, throws at what it reads.
struct thrower {
  int what = 0;
};
}  // namespace arrive_test

template <>
struct viceroy::codec<arrive_test::thrower> {
  static std::size_t size(const arrive_test::thrower&) { return 1; }
  static void encode(writer& out, const arrive_test::thrower& t) {
    out.put_u8(static_cast<std::uint8_t>(t.what));
  }
  static bool decode(reader& in, arrive_test::thrower& t) {
    std::uint8_t what = 0;
    if (!in.get_u8(what)) return false;
    t.what = what;
    if (what == 1) throw std::runtime_error("a user's codec");
    if (what == 2) throw std::bad_alloc();
    return true;
  }
};

namespace arrive_test {

struct guarded {
  int before = 0;
  thrower what;
};

struct counter {
  using handles = vr::messages<add, get, leave, guarded>;
  using mailbox = vr::bounded<2>;
  int sum = 0;
  void handle(vr::context<counter>&, add m) { sum += m.n; }
  int handle(vr::context<counter>&, get) { return sum; }
  void handle(vr::context<counter>&, const guarded& m) { sum += m.before; }
  void handle(vr::context<counter>& cx, leave) { cx.stop(); }
};

struct page {
  std::string text;
  vr::bytes picture;
};
struct wait_here {};
// Waits for its port before it goes on: what comes meanwhile has to wait, too.
template <class Mailbox>
struct reader_of {
  using handles = vr::messages<page, wait_here>;
  using mailbox = Mailbox;
  static constexpr auto name = std::is_same_v<Mailbox, vr::bounded<3>> ? "bounded_reader" : "reader";
  std::size_t read = 0;
  void handle(vr::context<reader_of>&, const page& m) { read += m.text.size() + m.picture.size(); }
  vr::task<void> handle(vr::context<reader_of>& cx, wait_here) {
    auto [port, inbox] = cx.template open_once_port<int>();
    try {
      co_await vr::within(std::chrono::seconds(1), inbox.recv());
    } catch (const vr::error&) {
    }
  }
};
using reader = reader_of<vr::bounded<100>>;
using bounded_reader = reader_of<vr::bounded<3>>;

struct stage : by_hand::world {
  vr::instance client{home, vr::label::parse("client")};
  const vr::actor_ref<counter> ref = spawn<counter>("counter");
  const vr::actor_id far = vr::actor_id::parse("unix:@far,root,asker[7]");

  template <class M>
  void arrive(vr::envelope e, const M& m) {
    std::vector<std::byte> body(vr::encoded_size(m));
    vr::writer out{std::span(body)};
    vr::encode(out, m);
    const auto parts = out.take_parts();
    if (e.from.empty()) e.from = far;
    if (e.type == 0) e.type = vr::type_id<M>();
    vr::deliver(queue, home, e, vr::arrival{body, parts});
    settle();
  }
  vr::envelope to(const vr::actor_id& whom, std::uint64_t port) const {
    vr::envelope e;
    e.to = whom;
    e.port = port;
    return e;
  }
  template <class M>
  vr::envelope to_handler(std::uint64_t reply = 0) const {
    vr::envelope e = to(ref.id(), vr::type_id<M>());
    e.reply = reply;
    return e;
  }
  // What has left, once; it is for `far`.
  const vr::testing::departures::letter& left(std::string_view name, bool returned) {
    REQUIRE(roads.letters.size() == 1);
    const auto& one = roads.letters.front();
    CHECK(one.name == name);
    CHECK(one.header.to == far);
    CHECK(vr::has(one.header.flags, vr::envelope_flags::returned) == returned);
    return one;
  }
};

}  // namespace arrive_test

using namespace arrive_test;

TEST_CASE("What arrives is decoded and handled, and its answer leaves for the port that waits") {
  stage s;
  s.arrive(s.to_handler<add>(), add{4});
  s.arrive(s.to_handler<get>(17), get{});
  const auto& answer = s.left("i32", false);
  CHECK(answer.header.port == 17);
  CHECK(answer.header.from == s.ref.id());
}

TEST_CASE(
    "A value for a port that was closed meanwhile is dropped and counted, many or once, and not returned") {
  stage s;
  std::optional<vr::port_id> many, once;
  {
    auto [port, inbox] = s.client.open_port<int>();
    auto [once_port, once_inbox] = s.client.open_once_port<int>();
    many = port.id();
    once = once_port.id();
    s.arrive(s.to(s.client.id(), many->number()), 1);
    s.arrive(s.to(s.client.id(), once->number()), 2);
    CHECK(inbox.try_recv() == 1);
    CHECK(once_inbox.try_recv() == 2);
  }
  s.arrive(s.to(s.client.id(), many->number()), 3);
  s.arrive(s.to(s.client.id(), once->number()), 4);
  CHECK(s.queue.counters().dropped == 2);
  CHECK(s.roads.letters.empty());
}

TEST_CASE("What is for a port of somebody who is gone comes back as closed, which fails nobody") {
  stage s;
  auto one = std::make_optional<vr::instance>(s.home, vr::label::parse("one"));
  const auto [port, inbox] = one->open_port<int>();
  const auto at = s.to(one->id(), port.id().number());
  one.reset();
  s.settle();
  s.arrive(at, 1);
  s.left("viceroy::undeliverable", true);
  CHECK(s.end_of("client") == nullptr);
}

TEST_CASE("What is for an actor that stopped, or for another in its place, comes back with who and what") {
  stage s;
  s.ref.send<leave>(s.client);
  s.settle();
  s.arrive(s.to_handler<add>(), add{1});
  s.left("viceroy::undeliverable", true);
  s.roads.letters.clear();
  auto stranger = s.to_handler<add>();
  const auto next = s.spawn<counter>("next");
  stranger.to = vr::actor_id(s.home.id(), vr::label::parse("counter"), next.id().index());
  s.arrive(stranger, add{1});
  s.left("viceroy::undeliverable", true);
  CHECK(s.actor(next).sum == 0);
}

TEST_CASE("What is no such message, or of another type than its port takes, comes back and harms nobody") {
  stage s;
  auto [port, inbox] = s.client.open_port<int>();
  s.arrive(s.to(s.client.id(), port.id().number()), std::string("text"));
  s.left("viceroy::undeliverable", true);
  s.roads.letters.clear();
  auto lies = s.to_handler<add>();
  lies.type = vr::type_id<add>();
  s.arrive(lies, std::string("a longer text than a number"));
  s.left("viceroy::undeliverable", true);
  s.roads.letters.clear();
  s.arrive(s.to(s.client.id(), vr::type_id<add>()), add{1});  // an instance handles nothing
  s.left("viceroy::undeliverable", true);
  CHECK_FALSE(inbox.try_recv().has_value());
  CHECK(s.ends().empty());
}

TEST_CASE(
    "A port_ref that names a handler of another message reaches nobody, and is no message of that type") {
  stage s;
  const vr::port_ref<std::string> forged(vr::port_id(s.ref.id(), vr::type_id<add>()));
  forged.send(s.client, std::string(100, 'x'));
  s.settle();
  CHECK(s.actor(s.ref).sum == 0);
  REQUIRE(s.end_of("client") != nullptr);  // whose mistake it is
}

TEST_CASE("A message whose codec throws, or has no memory, comes back with that, and ends nothing") {
  stage s;
  const auto reason_for = [&](int what) {
    s.arrive(s.to_handler<guarded>(), guarded{1, {what}});
    s.left("viceroy::undeliverable", true);
    s.roads.letters.clear();
    const std::byte body[] = {{}, {}, {}, {}, static_cast<std::byte>(what)};
    vr::reader in(std::span<const std::byte>(body), {});
    CHECK(vr::decode_node(s.queue, in, vr::message_ops_of<guarded>) == nullptr);
    return std::string(in.reason());
  };
  CHECK(reason_for(1) == "its codec threw an exception");
  CHECK(reason_for(2) == "there is no memory for it");
  s.arrive(s.to_handler<guarded>(), guarded{5, {0}});
  CHECK(s.actor(s.ref).sum == 5);
  CHECK(s.ends().empty());
}

TEST_CASE("A full mailbox sends what arrives back, with the port that waits") {
  stage s;
  for (int i = 0; i < 2; ++i) s.ref.send<add>(s.client, 1);
  s.arrive(s.to_handler<get>(23), get{});
  const auto& back = s.left("viceroy::undeliverable", true);
  CHECK(back.header.reply == 23);
  CHECK(s.actor(s.ref).sum == 2);
}

vr::bytes bytes_of(std::size_t size) { return vr::bytes(std::vector<std::byte>(size)); }

// The first of `count` pages that comes back, while its reader waits; all but those are read afterwards.
template <class A>
std::size_t first_back(std::size_t count, bool parts) {
  stage s;
  s.bounds.mailbox_bytes = 1'000'000;
  const auto to = s.spawn<A>("reader");
  to.template send<wait_here>(s.client);
  s.settle();
  const page one{std::string(parts ? 10 : 100'000, 'x'), bytes_of(parts ? 100'000 : 10)};
  std::size_t first = count;
  for (std::size_t i = 0; i != count; ++i) {
    s.arrive(s.to(to.id(), vr::type_id<page>()), one);
    if (first == count && !s.roads.letters.empty()) first = i;
  }
  CHECK(s.roads.letters.size() == count - first);
  CHECK(s.home.find(to.id().index())->waiting_bytes() <= 1'000'000);
  s.pass(std::chrono::seconds(1));
  CHECK(s.actor(to).read == first * 100'010);
  CHECK(s.home.find(to.id().index())->waiting_bytes() == 0);
  for (const auto& letter : s.roads.letters) CHECK(letter.header.to == s.far);
  return first;
}

TEST_CASE("What arrives counts against the bound with all that it brings, until it is handled") {
  for (const bool parts : {false, true}) {
    CHECK(first_back<reader>(20, parts) == 10);
    CHECK(first_back<bounded_reader>(20, parts) == 3);
  }
}

TEST_CASE("What waits in a port counts with all that arrived, until it is received or the port is closed") {
  stage s;
  s.bounds.mailbox_bytes = 1'000'000;
  vr::instance keeper(s.home, vr::label::parse("keeper"));
  auto opened = keeper.open_port<std::string>();
  std::optional<vr::receiver<std::string>> inbox(std::move(opened.second));
  const auto at = s.to(keeper.id(), opened.first.id().number());
  for (int i = 0; i != 20; ++i) s.arrive(at, std::string(100'000, 'x'));
  const auto back = s.roads.letters.size();
  CHECK(back == 9);
  for (std::size_t i = back; i != 15; ++i) CHECK(inbox->try_recv()->size() == 100'000);
  CHECK(keeper.box().waiting_bytes() > 400'000);
  CHECK(keeper.box().waiting_bytes() < 500'000);
  while (inbox->try_recv()) continue;
  CHECK(keeper.box().waiting_bytes() == 0);
  s.arrive(at, std::string(5'000'000, 'x'));  // as large as it is, it has the mailbox for itself
  s.arrive(at, std::string("short"));
  CHECK(s.roads.letters.size() == back + 1);
  inbox.reset();
  CHECK(keeper.box().waiting_bytes() == 0);
}

TEST_CASE("What waits with all that it brought when its receiver is killed comes back, and leaves nothing") {
  stage s;
  const auto to = s.spawn<reader>("reader");
  to.send<wait_here>(s.client);
  s.settle();
  vr::mailbox& box = *s.home.find(to.id().index());
  for (int i = 0; i != 3; ++i)
    s.arrive(s.to(to.id(), vr::type_id<page>()), page{std::string(100'000, 'x'), {}});
  CHECK(box.waiting_bytes() >= 300'000);
  vr::life::stop(box, vr::stop_mode::kill);
  s.settle();
  CHECK(s.roads.letters.size() == 3);
  const auto next = s.spawn<reader>("next");
  REQUIRE(s.home.find(next.id().index()) == &box);
  CHECK(box.waiting_bytes() == 0);
}

TEST_CASE(
    "What comes back ends the call that it was; what is no letter, or for nobody, is dropped and counted") {
  stage s;
  std::string why;
  vr::actor_ref<counter>(s.far).call<get>(s.client).then(
      [&](vr::outcome<int> o) { why = vr::sentence_of(o.failure()); });
  REQUIRE(s.roads.letters.size() == 1);
  vr::envelope back = s.to(s.client.id(), 0);
  back.reply = s.roads.letters.front().header.reply;
  back.flags = vr::envelope_flags::returned;
  const vr::undeliverable letter{s.far, "arrive_test::get", static_cast<int>(vr::errc::receiver_stopping),
                                 "it is stopping"};
  s.arrive(back, std::string("no letter"));
  CHECK(s.queue.counters().dropped == 1);
  s.arrive(back, letter);
  CHECK(why == "it is stopping");
  s.arrive(back, letter);  // nobody waits any more
  back.to = vr::actor_id(s.home.id(), vr::label::parse("nobody"), 77);
  s.arrive(back, letter);
  CHECK(s.queue.counters().dropped == 2);
  CHECK(s.ends().empty());
}
