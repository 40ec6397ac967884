// How actors are used within one loop, each pattern against a mini runtime with as many actors, messages and
// bytes: a token around rings of 100, 1 000 and 100 000; 4, 20 and 100 who send to one; 120 who ask each
// other at random and answer; a request and its answer, awaited and continued by then(). With peers, CAF does
// the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness_awaited.hpp"
#include "mini_runtime.hpp"
#ifdef VICEROY_BENCHMARK_PEERS
#include "caf_peer.hpp"
#endif

namespace vr = viceroy;

namespace patterns {

using count_ref = vr::once_port_ref<std::uint64_t>;

// A ring: whoever has the token passes it on.
struct member;
struct next_is {
  vr::actor_ref<member> next;
  std::uint64_t place;
};
struct token {
  std::uint64_t left;
  count_ref done;
};
struct member {
  using handles = vr::messages<next_is, token>;
  void handle(vr::context<member>&, const next_is& m) { state = m; }
  void handle(vr::context<member>& cx, const token& t) {
    if (t.left != 0) {
      state.next.send<token>(cx, t.left - 1, t.done);
    } else {
      t.done.send(cx, state.place);
    }
  }
  next_is state{};
};

// Many to one: each sender sends a burst when told; the sink tells all when it has all.
constexpr std::uint64_t burst = 50;
constexpr std::uint64_t sum_of_burst = burst * (burst - 1) / 2;
struct sink;
struct go {
  vr::actor_ref<sink> to;
};
struct item {
  std::uint64_t number;
};
struct sender {
  using handles = vr::messages<go>;
  inline void handle(vr::context<sender>& cx, const go& g);
};
struct drain {
  std::uint64_t bursts;
  count_ref done;
};
struct add_sender {
  vr::actor_ref<sender> who;
};
struct sink {
  using handles = vr::messages<add_sender, drain, item>;
  void handle(vr::context<sink>&, const add_sender& s) { from.push_back(s.who); }
  void handle(vr::context<sink>& cx, const drain& d) {
    state = d;
    sum = 0;
    ask(cx);
  }
  void handle(vr::context<sink>& cx, const item& i) {
    sum += i.number;
    if (--left != 0) return;
    if (--state.bursts != 0) {
      ask(cx);
    } else {
      state.done.send(cx, sum);
    }
  }
  void ask(vr::context<sink>& cx) {
    left = from.size() * burst;
    for (const auto& each : from) each.send<go>(cx, cx.self());
  }
  std::vector<vr::actor_ref<sender>> from;
  drain state{};
  std::uint64_t left = 0, sum = 0;
};
void sender::handle(vr::context<sender>& cx, const go& g) {
  for (std::uint64_t i = 0; i != burst; ++i) g.to.send<item>(cx, i);
}

// Big: every peer asks one of all at random, and the next when it has the answer; answers come with the
// question's number, and a peer that has all its own tells the conductor their sum.
constexpr std::uint64_t peers = 120, questions = 4'000;
constexpr std::uint64_t sum_of_answers = peers * (questions * (questions + 1) / 2);
// The same for both sides; each peer begins elsewhere.
inline std::size_t drawn(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return static_cast<std::size_t>((state >> 32) * peers >> 32);
}
inline std::uint64_t seed_of(std::uint64_t place) { return (place + 1) * 0x9e3779b97f4a7c15; }

struct peer;
struct conductor;
struct begin_asking {
  vr::actor_ref<conductor> tell;
};
struct meet_all {
  std::vector<vr::actor_ref<peer>> all;
  std::uint64_t place;
};
struct question {
  vr::actor_ref<peer> from;
  std::uint64_t number;
};
struct reply {
  std::uint64_t number;
};
struct peer_done {
  std::uint64_t sum;
};
struct peer {
  using handles = vr::messages<meet_all, begin_asking, question, reply>;
  void handle(vr::context<peer>&, const meet_all& m) {
    all = m.all;
    random = seed_of(m.place);
  }
  inline void handle(vr::context<peer>& cx, const begin_asking& b);
  void handle(vr::context<peer>& cx, const question& q) { q.from.send<reply>(cx, q.number); }
  void handle(vr::context<peer>& cx, const reply& r) {
    sum += r.number;
    if (--left != 0) {
      ask(cx);
    } else {
      finish(cx);
    }
  }
  void ask(vr::context<peer>& cx) { all[drawn(random)].send<question>(cx, cx.self(), left); }
  [[gnu::noinline]] inline void finish(vr::context<peer>& cx) const;
  std::vector<vr::actor_ref<peer>> all;
  std::uint64_t random = 0, left = 0, sum = 0;
  vr::actor_ref<conductor> tell;
};
struct conduct {
  count_ref done;
};
struct gather_peers {
  std::uint64_t count;
};
struct conductor {
  using handles = vr::messages<gather_peers, conduct, peer_done>;
  void handle(vr::context<conductor>& cx, const gather_peers& g) {
    for (std::uint64_t i = 0; i != g.count; ++i) all.push_back(cx.spawn<peer>());
    for (std::uint64_t i = 0; i != g.count; ++i) all[i].send<meet_all>(cx, all, i);
  }
  void handle(vr::context<conductor>& cx, const conduct& c) {
    state = c;
    sum = 0;
    left = all.size();
    for (const auto& each : all) each.send<begin_asking>(cx, cx.self());
  }
  void handle(vr::context<conductor>& cx, const peer_done& d) {
    sum += d.sum;
    if (--left == 0) state.done.send(cx, sum);
  }
  std::vector<vr::actor_ref<peer>> all;
  conduct state{};
  std::uint64_t left = 0, sum = 0;
};
void peer::handle(vr::context<peer>& cx, const begin_asking& b) {
  tell = b.tell;
  left = questions;
  sum = 0;
  ask(cx);
}
void peer::finish(vr::context<peer>& cx) const { tell.send<peer_done>(cx, sum); }

// Request and answer.
constexpr std::uint64_t requests = 300'000;
struct square {
  std::uint64_t n;
};
struct answerer {
  using handles = vr::messages<square>;
  std::uint64_t handle(vr::context<answerer>&, const square& s) { return s.n * s.n; }
};
struct await_answers {
  vr::actor_ref<answerer> of;
  std::uint64_t count;
  count_ref done;
};
struct chain_answers {
  vr::actor_ref<answerer> of;
  std::uint64_t count;
  count_ref done;
};
struct requester {
  using handles = vr::messages<await_answers, chain_answers>;
  vr::task<void> handle(vr::context<requester>& cx, await_answers a) {
    sum = 0;
    for (std::uint64_t i = a.count; i != 0; --i) sum += co_await a.of.call<square>(cx, i);
    a.done.send(cx, sum);
  }
  void handle(vr::context<requester>& cx, chain_answers a) {
    chain = a;
    sum = 0;
    ask(cx);
  }
  void ask(vr::context<requester>& cx) {
    chain.of.call<square>(cx, chain.count).then([this, &cx](std::uint64_t n) {
      sum += n;
      if (--chain.count != 0) {
        ask(cx);
      } else {
        chain.done.send(cx, sum);
      }
    });
  }
  chain_answers chain{};
  std::uint64_t sum = 0;
};
constexpr std::uint64_t sum_of_squares = requests * (requests + 1) * (2 * requests + 1) / 6;

using app =
    vr::application<"patterns", vr::actors<member, sender, sink, peer, conductor, answerer, requester>>;

}  // namespace patterns

namespace mini {

using patterns::burst, patterns::peers, patterns::questions;
template <class State, class Of>
using like = actor<State, sizeof(vr::actor_box<Of>)>;

struct token {
  std::uint64_t left;
  std::array<std::uint64_t, sizeof(patterns::count_ref) / 8> done;
};
static_assert(sizeof(token) == sizeof(patterns::token));
using ring_loop = runtime<sizeof(token)>;
struct member_state {
  void* next;
  std::uint64_t place;
  std::uint64_t* last;
};
using member = like<member_state, patterns::member>;
void handle_token(void* to, node& n) {
  const auto& self = *static_cast<member*>(to);
  const token& t = n.payload<token>();
  if (t.left != 0) {
    loop<ring_loop>.send(handle_token, self.next, token{t.left - 1, t.done});
  } else {
    *self.last = self.place;
  }
}

using patterns::item;
struct sink;
struct go {
  ref<sink> to;
};
static_assert(sizeof(go) == sizeof(patterns::go));
using sink_loop = runtime<sizeof(go)>;
struct nothing {};
using sender = like<nothing, patterns::sender>;
struct sink_state {
  std::vector<sender>* from;
  std::uint64_t bursts, left, sum;
};
struct sink : like<sink_state, patterns::sink> {};
void handle_item(void* to, node& n);
void handle_go(void*, node& n) {
  const ref<sink> to = n.payload<go>().to;
  for (std::uint64_t i = 0; i != burst; ++i) loop<sink_loop>.send(handle_item, to.to, item{i});
}
void ask(sink& s) {
  s.left = s.from->size() * burst;
  for (sender& each : *s.from) loop<sink_loop>.send(handle_go, &each, go{{&s, {}}});
}
void handle_item(void* to, node& n) {
  auto& s = *static_cast<sink*>(to);
  s.sum += n.payload<item>().number;
  if (--s.left == 0 && --s.bursts != 0) ask(s);
}

struct peer;
struct conductor_state {
  std::uint64_t left, sum;
};
struct conductor : like<conductor_state, patterns::conductor> {};
struct question {
  ref<peer> from;
  std::uint64_t number;
};
static_assert(sizeof(question) == sizeof(patterns::question));
using patterns::reply, patterns::peer_done, patterns::begin_asking;
using peer_loop = runtime<sizeof(question)>;
struct peer_state {
  std::vector<ref<peer>> all;
  std::uint64_t random, left, sum;
  ref<conductor> tell;
};
struct peer : like<peer_state, patterns::peer> {};
void handle_question(void* to, node& n);
void ask(peer& self) {
  loop<peer_loop>.send(handle_question, self.all[patterns::drawn(self.random)].to,
                       question{{&self, {}}, self.left});
}
void handle_peer_done(void* to, node& n) {
  auto& self = *static_cast<conductor*>(to);
  self.sum += n.payload<peer_done>().sum;
  --self.left;
}
void handle_reply(void* to, node& n) {
  auto& self = *static_cast<peer*>(to);
  self.sum += n.payload<reply>().number;
  if (--self.left != 0) {
    ask(self);
  } else {
    loop<peer_loop>.send(handle_peer_done, self.tell.to, peer_done{self.sum});
  }
}
void handle_question(void*, node& n) {
  const question& q = n.payload<question>();
  loop<peer_loop>.send(handle_reply, q.from.to, reply{q.number});
}
void handle_begin(void* to, node&) {
  auto& self = *static_cast<peer*>(to);
  self.left = questions;
  self.sum = 0;
  ask(self);
}

struct requester;
struct square {
  std::uint64_t n;
  ref<requester> from;
};
using request_loop = runtime<sizeof(square)>;
struct requester_state {
  void* of;
  std::uint64_t left, sum;
};
struct requester : like<requester_state, patterns::requester> {};
using answerer = like<nothing, patterns::answerer>;
void handle_square(void* to, node& n);
void handle_answer(void* to, node& n) {
  auto& self = *static_cast<requester*>(to);
  self.sum += n.payload<std::uint64_t>();
  if (--self.left != 0) loop<request_loop>.send(handle_square, self.of, square{self.left, {&self, {}}});
}
void handle_square(void*, node& n) {
  const square& s = n.payload<square>();
  loop<request_loop>.send(handle_answer, s.from.to, s.n * s.n);
}

}  // namespace mini

#ifdef VICEROY_BENCHMARK_PEERS
namespace caf_peer {

using patterns::burst, patterns::peers;
constexpr number hops = 300'000, ring_size = 1'000, senders = 20, bursts = 300, questions = 500,
                 requests = 200'000;

double ring(workers& caf) {
  caf::scoped_actor self{caf.system()};
  std::vector<partner> all;
  for (number i = 0; i != ring_size; ++i)
    all.push_back(caf.system().spawn(passes_on, caf::actor_cast<caf::actor>(self), i));
  for (number i = 0; i != ring_size; ++i) introduce(all[i], all[(i + 1) % ring_size]);
  caf::anon_send(all[0], number{ring_size});  // once around, so that all are there
  vr::benchmark::keep(receive(self));
  caf.begin();
  caf::anon_send(all[0], hops);
  const number last = receive(self);
  const double ns = caf.end(hops);
  vr::benchmark::expect(last == hops % ring_size, "CAF's ring");
  for (const partner& each : all) end(each);
  return ns;
}

struct sink_state {
  std::vector<partner> from;
  number sum = 0, left = 0, bursts_left = bursts;
  void ask(partner::stateful_pointer<sink_state> self) {
    left = from.size() * burst;
    for (const partner& each : from) self->send(each, number{burst});
  }
};
// The number 0 begins; the last sender that is introduced is the last.
partner::behavior_type sink(partner::stateful_pointer<sink_state> self, caf::actor done) {
  return {[=](number item) {
            auto& state = self->state;
            if (state.left == 0) return state.ask(self);
            state.sum += item;
            if (--state.left != 0) return;
            if (--state.bursts_left != 0) {
              state.ask(self);
            } else {
              caf::anon_send(done, state.sum);
            }
          },
          [=](caf::link_atom, const caf::actor& from) {
            self->state.from.push_back(caf::actor_cast<partner>(from));
          }};
}
partner::behavior_type sender(partner::stateful_pointer<partner_state> self) {
  return {[=](number wanted) {
            for (number i = 0; i != wanted; ++i) self->send(self->state.other, i);
          },
          [=](caf::link_atom, const caf::actor& to) { self->state.other = caf::actor_cast<partner>(to); }};
}
double many_to_one(workers& caf) {
  caf::scoped_actor self{caf.system()};
  const partner to = caf.system().spawn(sink, caf::actor_cast<caf::actor>(self));
  std::vector<partner> from;
  for (number i = 0; i != senders; ++i) {
    from.push_back(caf.system().spawn(sender));
    introduce(from.back(), to);
    introduce(to, from.back());
  }
  caf.begin();
  caf::anon_send(to, number{0});
  const number sum = receive(self);
  const double ns = caf.end(bursts * senders * burst);
  vr::benchmark::expect(sum == bursts * senders * patterns::sum_of_burst, "CAF's many to one");
  for (const partner& each : from) end(each);
  end(to);
  return ns;
}

// A question is answered to who asked; the answer is the question's number, behind an atom.
using question_atom = caf::atom_constant<caf::atom("question")>;
using reply_atom = caf::atom_constant<caf::atom("reply")>;
using begin_atom = caf::atom_constant<caf::atom("begin")>;
struct peer_state {
  std::vector<caf::actor> all;
  number random = 0, left = 0, sum = 0;
};
caf::behavior peer(caf::stateful_actor<peer_state>* self, caf::actor done, number place) {
  self->state.random = patterns::seed_of(place);
  const auto ask = [=] {
    auto& state = self->state;
    self->send(state.all[patterns::drawn(state.random)], question_atom::value, state.left);
  };
  return {[=](question_atom, number n) {
            self->send(caf::actor_cast<caf::actor>(self->current_sender()), reply_atom::value, n);
          },
          [=](reply_atom, number n) {
            auto& state = self->state;
            state.sum += n;
            if (--state.left != 0) {
              ask();
            } else {
              self->send(done, state.sum);
            }
          },
          [=](begin_atom) {
            self->state.left = questions;
            ask();
          },
          [=](caf::link_atom, const caf::actor& other) { self->state.all.push_back(other); }};
}
double big(workers& caf) {
  caf::scoped_actor self{caf.system()};
  std::vector<caf::actor> all;
  for (number i = 0; i != peers; ++i)
    all.push_back(caf.system().spawn(peer, caf::actor_cast<caf::actor>(self), i));
  for (const auto& each : all)
    for (const auto& other : all) caf::anon_send(each, caf::link_atom::value, other);
  caf.begin();
  for (const auto& each : all) caf::anon_send(each, begin_atom::value);
  number sum = 0;
  for (number i = 0; i != peers; ++i) sum += receive(self);
  const double ns = caf.end(2 * peers * questions);
  vr::benchmark::expect(sum == peers * (questions * (questions + 1) / 2), "CAF's peers");
  for (const auto& each : all) end(each);
  return ns;
}

using answering = caf::typed_actor<caf::replies_to<number>::with<number>>;
answering::behavior_type answerer(answering::pointer) {
  return {[](number n) { return n * n; }};
}
struct sum_state {
  number sum = 0;
};
void ask(partner::stateful_pointer<sum_state> self, const answering& of, const caf::actor& done,
         number left) {
  self->request(of, caf::infinite, left).then([=](number squared) {
    self->state.sum += squared;
    if (left != 1) {
      ask(self, of, done, left - 1);
    } else {
      caf::anon_send(done, self->state.sum);
    }
  });
}
partner::behavior_type requester(partner::stateful_pointer<sum_state> self, caf::actor done, answering of) {
  return {[=](number count) { ask(self, of, done, count); }, [](caf::link_atom, const caf::actor&) {}};
}
double request_response(workers& caf) {
  caf::scoped_actor self{caf.system()};
  const answering of = caf.system().spawn(answerer);
  const partner asks = caf.system().spawn(requester, caf::actor_cast<caf::actor>(self), of);
  caf.begin();
  caf::anon_send(asks, requests);
  const number sum = receive(self);
  const double ns = caf.end(requests);
  vr::benchmark::expect(sum == requests * (requests + 1) * (2 * requests + 1) / 6, "CAF's requests");
  end(asks);
  end(of);
  return ns;
}

}  // namespace caf_peer
#endif

namespace patterns {

using vr::benchmark::compare_awaited, vr::benchmark::cpu_ns_per, vr::benchmark::expect;
constexpr auto limit = vr::benchmark::ratio_within(2.5);

// Sends M with a port at its end, and returns the time until that has the expected answer, for each of
// `count`.
template <class M, class A, class... F>
vr::task<double> timed(vr::instance& client, vr::actor_ref<A> to, std::uint64_t count, std::uint64_t expected,
                       F... fields) {
  auto [port, inbox] = client.open_once_port<std::uint64_t>();
  const double start = vr::benchmark::cpu_ns();
  to.template send<M>(client, fields..., port.bind());
  const std::uint64_t got = co_await inbox.recv();
  const double ns = (vr::benchmark::cpu_ns() - start) / static_cast<double>(count);
  expect(got == expected, "a pattern");
  co_return ns;
}

vr::task<void> rings(vr::instance& client, vr::benchmark::suite& suite) {
  constexpr std::uint64_t hops = 1'000'000;
  for (const std::size_t size : {100u, 1'000u, 100'000u}) {
    const std::string name = "thread_ring_" + std::to_string(size);
    if (!suite.wants(name)) continue;
    std::vector<vr::actor_ref<member>> ring;
    for (std::size_t i = 0; i != size; ++i) ring.push_back(client.spawn<member>());
    for (std::size_t i = 0; i != size; ++i) ring[i].send<next_is>(client, ring[(i + 1) % size], i);
    std::uint64_t last = 0;
    std::vector<mini::member> mini_ring(size);
    for (std::size_t i = 0; i != size; ++i) mini_ring[i] = {{&mini_ring[(i + 1) % size], i, &last}, {}};
    const auto around = [&] { return timed<token>(client, ring.front(), hops, hops % size, hops); };
    const auto mini_around = [&] {
      last = size;
      const double ns = cpu_ns_per(hops, [&] {
        mini::loop<mini::ring_loop>.send(mini::handle_token, mini_ring.data(), mini::token{hops, {}});
        mini::loop<mini::ring_loop>.run();
      });
      expect(last == hops % size, "the baseline's ring");
      return ns;
    };
    co_await compare_awaited(suite, name, "cpu_ns", "mini_runtime", around, mini_around, limit);
#ifdef VICEROY_BENCHMARK_PEERS
    if (size == caf_peer::ring_size) co_await caf_peer::compare(suite, name, around, caf_peer::ring);
#endif
  }
}

vr::task<void> many_to_one(vr::instance& client, vr::benchmark::suite& suite) {
  for (const std::uint64_t senders : {4u, 20u, 100u}) {
    const std::string name = "many_to_one_" + std::to_string(senders);
    if (!suite.wants(name)) continue;
    const std::uint64_t bursts = 20'000 / senders, items = bursts * senders * burst;
    const std::uint64_t sum = bursts * senders * sum_of_burst;
    auto to_one = client.spawn<sink>();
    for (std::uint64_t i = 0; i != senders; ++i) to_one.send<add_sender>(client, client.spawn<sender>());
    std::vector<mini::sender> mini_senders(senders);
    const auto many = [&] { return timed<drain>(client, to_one, items, sum, bursts); };
    const auto mini_many = [&] {
      mini::sink to{{{&mini_senders, bursts, 0, 0}, {}}};
      const double ns = cpu_ns_per(items, [&] {
        mini::ask(to);
        mini::loop<mini::sink_loop>.run();
      });
      expect(to.sum == sum, "the baseline's sink");
      return ns;
    };
    co_await compare_awaited(suite, name, "cpu_ns", "mini_runtime", many, mini_many, limit);
#ifdef VICEROY_BENCHMARK_PEERS
    if (senders == caf_peer::senders) co_await caf_peer::compare(suite, name, many, caf_peer::many_to_one);
#endif
  }
}

vr::task<void> big(vr::instance& client, vr::benchmark::suite& suite) {
  if (!suite.wants("big_120")) co_return;
  constexpr std::uint64_t messages = 2 * peers * questions;
  auto leads = client.spawn<conductor>();
  leads.send<gather_peers>(client, peers);
  std::vector<mini::peer> mini_peers(peers);
  mini::conductor mini_leads{};
  std::uint64_t place = 0;
  for (mini::peer& each : mini_peers) {
    for (mini::peer& other : mini_peers) each.all.push_back({&other, {}});
    each.random = seed_of(place++);
    each.tell = {&mini_leads, {}};
  }
  const auto all_ask = [&] { return timed<conduct>(client, leads, messages, sum_of_answers); };
  const auto mini_all_ask = [&] {
    mini_leads.left = peers;
    mini_leads.sum = 0;
    const double ns = cpu_ns_per(messages, [&] {
      for (mini::peer& each : mini_peers)
        mini::loop<mini::peer_loop>.send(mini::handle_begin, &each, mini::ref<mini::conductor>{});
      mini::loop<mini::peer_loop>.run();
    });
    expect(mini_leads.left == 0 && mini_leads.sum == sum_of_answers, "the baseline's peers");
    return ns;
  };
  co_await compare_awaited(suite, "big_120", "cpu_ns", "mini_runtime", all_ask, mini_all_ask, limit);
#ifdef VICEROY_BENCHMARK_PEERS
  co_await caf_peer::compare(suite, "big_120", all_ask, caf_peer::big);
#endif
}

vr::task<void> request_response(vr::instance& client, vr::benchmark::suite& suite) {
  auto asks = client.spawn<requester>();
  auto answers = client.spawn<answerer>();
  mini::answerer mini_answerer{};
  mini::requester mini_requester{};
  mini_requester.of = &mini_answerer;
  const auto awaited = [&] {
    return timed<await_answers>(client, asks, requests, sum_of_squares, answers, requests);
  };
  const auto chained = [&] {
    return timed<chain_answers>(client, asks, requests, sum_of_squares, answers, requests);
  };
  const auto mini_requests = [&] {
    mini_requester.left = requests;
    mini_requester.sum = 0;
    const double ns = cpu_ns_per(requests, [&] {
      mini::loop<mini::request_loop>.send(mini::handle_square, mini_requester.of,
                                          mini::square{requests, {&mini_requester, {}}});
      mini::loop<mini::request_loop>.run();
    });
    expect(mini_requester.sum == sum_of_squares, "the baseline's requester");
    return ns;
  };
  constexpr auto most = vr::benchmark::value_within(60);
  co_await compare_awaited(suite, "request_response_awaited", "cpu_ns", "mini_runtime", awaited,
                           mini_requests, most);
  co_await compare_awaited(suite, "request_response_then", "cpu_ns", "mini_runtime", chained, mini_requests,
                           vr::benchmark::value_within(30));
#ifdef VICEROY_BENCHMARK_PEERS
  co_await caf_peer::compare(suite, "request_response_then", chained, caf_peer::request_response);
#endif
}

vr::task<void> measure(vr::runtime<app>& rt, vr::benchmark::suite& suite) {
  auto root = vr::proc<app>::direct(rt, vr::transport::in_process, "root");
  auto client = root.instance("client");
  co_await rings(client, suite);
  co_await many_to_one(client, suite);
  co_await big(client, suite);
  co_await request_response(client, suite);
}

}  // namespace patterns

int main(int argc, char** argv) {
  vr::benchmark::pin(0);
  return vr::benchmark::main<patterns::app>(argc, argv, patterns::measure);
}
