// actor_mesh_ref: the typed address of a mesh of actors, or of a part of one: cast, call, slice.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "viceroy/actor/ref.hpp"
#include "viceroy/base/owned.hpp"
#include "viceroy/base/taken.hpp"
#include "viceroy/mesh/call_verbs.hpp"
#include "viceroy/mesh/cast.hpp"
#include "viceroy/mesh/mesh_part.hpp"
#include "viceroy/mesh/mesh_state.hpp"
#include "viceroy/message/name.hpp"
#include "viceroy/message/opaque.hpp"
#include "viceroy/space/range.hpp"
#include "viceroy/space/region.hpp"
#include "viceroy/wire/codec_ids.hpp"

namespace viceroy {

// Actors of class A over an extent: a value, copied, sliced, and sent in messages (a slice goes as the
// slice). It owns nothing, and checks nothing when named (A may be incomplete); its verbs do. Threads: any
// loop's.
template <class A>
class actor_mesh_ref : public mesh_part, public call_verbs<actor_mesh_ref<A>, A> {
 public:
  actor_mesh_ref() = default;
  explicit actor_mesh_ref(const shared_mesh& state) : mesh_part(state) {}

  // Returns: the actors by rank.
  std::vector<actor_ref<A>> values() const {
    std::vector<actor_ref<A>> all;
    if (!state_) return all;
    all.reserve(part_.ranks());
    for (const std::size_t rank : part_) all.emplace_back(state_->members[rank]);
    return all;
  }

  // Keeps one index of a dimension, or a range of indices. Errors: bad_input that names label, size and
  // index.
  template <std::integral Index>
  [[nodiscard]] actor_mesh_ref slice(std::string_view label, Index index) const {
    return actor_mesh_ref(shared(), part_.slice(label, index));
  }
  [[nodiscard]] actor_mesh_ref slice(std::string_view label, range indices) const {
    return actor_mesh_ref(shared(), part_.slice(label, indices));
  }

  // Sends M(fields...), or with cast(cx, m) a message that exists already, to every rank: built once; shared
  // by receivers of this process that take const M&; encoded once for all others. Each is told its rank and
  // point. Returns at once. Errors: inert when the mesh was stopped; the cause when a rank is known to be
  // gone, and then nothing is sent; wrong_thread. What cannot be delivered comes back as from a send. Order:
  // with other casts and sends to the same actor, as sent. Cost: per rank about a send's.
  template <class M = detail::given_message, class... F>
    requires detail::can_cast<A, M, F...>
  void cast(participant& cx, F&&... fields) const {
    using message = detail::message_of<M, F...>;
    mailbox& from = cx.sender_box();
    check_reachable(type_name<message>());
    detail::cast_to<message>(from, *state_, part_, shape_, handler<message>(), 0,
                             static_cast<F&&>(fields)...);
  }
  template <class M = detail::given_message, class... F, class Sentence = detail::cast_complaint<A, M, F...>,
            class Handles = detail::list_of<A, M>>
    requires(!detail::can_cast<A, M, F...>)
  void cast(participant&, F&&...) const = delete;

  // The same part of the same mesh.
  friend bool operator==(const actor_mesh_ref& a, const actor_mesh_ref& b) {
    if (a.empty() || b.empty()) return a.empty() == b.empty();
    return a.state_->id == b.state_->id && a.values() == b.values() && a.extent() == b.extent();
  }

 private:
  friend class call_verbs<actor_mesh_ref, A>;
  friend struct codec<actor_mesh_ref>;

  actor_mesh_ref(shared_mesh state, viceroy::region part) : mesh_part(std::move(state), std::move(part)) {}

  template <class M>
  static consteval detail::cast_handler handler() {
    return {type_id<M>(), detail::invoke_handler<A, M>, detail::actor_tag<A>};
  }
  template <class M, class... F>
  answer<gathered<handler_result<A, M>>> gather(mailbox& from, F&&... fields) const {
    const mesh_state& m = usable();
    using result = handler_result<A, M>;
    auto waiting = make_owned<detail::pending_mesh<result>>(from, state_, part_, type_name<M>());
    if (const auto refused = detail::refusal(m, part_, type_name<M>())) {
      waiting->refuse(*refused);
    } else {
      detail::cast_to<M>(from, m, part_, shape_, handler<M>(), waiting->number(),
                         static_cast<F&&>(fields)...);
    }
    return answer<gathered<result>>(std::move(waiting), from);
  }
  // Calls the one rank of `place`, an index of this region.
  template <class M, class... F>
  answer<handler_result<A, M>> call_rank(mailbox& from, std::size_t place, F&&... fields) const {
    const mesh_state& m = usable();
    const std::size_t rank = part_.base_rank(place);
    const actor_id& to = m.members[rank];
    using result = handler_result<A, M>;
    auto waiting = detail::wait_for_one<result>(from, to, type_name<M>());
    if (const error* const gone = m.health.cause(rank)) {
      waiting->lost_proc(to.proc(), *gone);
    } else {
      detail::attachments a;
      a.reply = waiting->number();
      a.rank = static_cast<std::uint32_t>(place);
      a.shape = shape_;
      a.flags = message_node::is_cast;
      constexpr detail::cast_handler how = handler<M>();
      detail::post<M>(from, detail::destination{to, how.port, how.invoke, how.tag}, a,
                      static_cast<F&&>(fields)...);
    }
    return answer<result>(std::move(waiting), from);
  }
};

template <class A>
struct opaque_layout<actor_mesh_ref<A>> {
  static constexpr std::string_view name = "actor_mesh_ref";
};
template <class A>
struct name_of<actor_mesh_ref<A>> {
  static constexpr std::string_view value = "actor_mesh_ref";
};

// Written as: name, id, where in the mesh as spawned it lies, and one actor per rank. An empty ref has an
// empty id and nothing behind it.
template <class A>
struct codec<actor_mesh_ref<A>> {
  using ref = actor_mesh_ref<A>;
  static constexpr std::size_t min_bytes = codec<label>::min_bytes;

  static std::size_t size(const ref& r) {
    if (r.empty()) return codec<label>::size(label());
    std::size_t sum = codec<label>::size(r.state_->id) + sizeof(std::uint32_t) + r.state_->name.size() +
                      codec<region>::size(origin(r));
    for (const std::size_t rank : r.part_) sum += codec<actor_id>::size(r.state_->members[rank]);
    return sum;
  }
  static void encode(writer& out, const ref& r) {
    codec<label>::encode(out, r.empty() ? label() : r.state_->id);
    if (r.empty()) return;
    detail::put_text(out, r.state_->name);
    codec<region>::encode(out, origin(r));
    out.charge(r.part_.ranks(), sizeof(actor_id));
    for (const std::size_t rank : r.part_) codec<actor_id>::encode(out, r.state_->members[rank]);
  }
  static bool decode(reader& in, ref& r) {
    label id;
    std::string_view name;
    region where;
    r = ref();
    if (!codec<label>::decode(in, id)) return false;
    if (id.empty()) return true;
    if (!detail::get_text(in, name) || !codec<region>::decode(in, where)) return false;
    if (where.ranks() > in.remaining() / codec<actor_id>::min_bytes)
      return in.fail("a mesh has more ranks than the bytes that follow");
    if (!in.charge(where.ranks(), sizeof(actor_id) + sizeof(void*))) return false;
    auto state = make_counted<mesh_state>(mesh_level::actors, id, std::string(name), where.extent());
    for (actor_id& who : state->members)
      if (!codec<actor_id>::decode(in, who)) return false;
    state->origin = std::move(where);
    r = ref(std::move(state));
    return true;
  }

 private:
  // The part in terms of the mesh as it was spawned.
  static region origin(const ref& r) {
    const region& before = r.state_->origin;
    if (before.is_whole() && before.base() == r.part_.base()) return r.part_;
    std::vector<std::size_t> strides;
    for (const dim& d : r.part_.extent().dims()) {
      const std::size_t own = r.part_.strides()[r.part_.extent().position(d.label().text())];
      const std::size_t unit = r.part_.base().stride(r.part_.base().position(d.label().text()));
      strides.push_back(before.strides()[before.extent().position(d.label().text())] * (own / unit));
    }
    return region::of(before.base(), r.part_.extent(), before.base_rank(r.part_.offset()), strides);
  }
};

}  // namespace viceroy
