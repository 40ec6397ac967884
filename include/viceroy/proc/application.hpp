// application: a name and the typed list of its actors: what both ends of every link are built from.
#pragma once

// First, and directly: where an error stands in one of these, the compiler lists the way that led there.
#include "viceroy/message/name.hpp"

#include "viceroy/message/message.hpp"

#include "viceroy/proc/check_application.hpp"

#include <array>
#include <string>
#include <string_view>

#include "viceroy/actor/spawn.hpp"
#include "viceroy/message/fixed_string.hpp"
#include "viceroy/message/list.hpp"
#include "viceroy/message/manifest.hpp"
#include "viceroy/message/manifest_text.hpp"
#include "viceroy/proc/application_table.hpp"
#include "viceroy/proc/resource.hpp"

namespace viceroy {

namespace detail {

// What an actor adds to the manifest: itself, its params, and per message the message and its result.
template <class A, class List>
struct actor_manifest;
template <class A, class... Ms>
struct actor_manifest<A, messages<Ms...>> {
  static constexpr std::size_t size = 2 + 2 * sizeof...(Ms);

  template <class M>
  static constexpr manifest_entry message_entry() {
    if constexpr (is_local_message<M>) {
      return make_entry<unit>(entry_kind::system);  // never on the wire
    } else {
      return make_entry<M>(entry_kind::message);
    }
  }
  template <class M>
  static constexpr manifest_entry result_entry() {
    if constexpr (is_local_message<M> || !has_handler<A, M> || std::is_void_v<handler_result<A, M>>) {
      return make_entry<unit>(entry_kind::system);
    } else {
      return make_entry<handler_result<A, M>>(entry_kind::result);
    }
  }
  static constexpr manifest_entry params_entry() {
    if constexpr (has_params<A>) {
      return make_entry<params_of<A>>(entry_kind::params);
    } else {
      return make_entry<unit>(entry_kind::system);
    }
  }
  static constexpr void write(manifest_entry*& at) {
    *at++ = make_actor_entry<A>();
    *at++ = params_entry();
    const manifest_entry all[] = {message_entry<Ms>()..., result_entry<Ms>()...,
                                  make_entry<unit>(entry_kind::system)};
    for (std::size_t i = 0; i != 2 * sizeof...(Ms); ++i) *at++ = all[i];
  }
};

template <class A>
mailbox& construct_remote(directory& home, label name, reader& in) {
  if constexpr (has_params<A>) {
    auto params = decode_value<params_of<A>>(in);
    if (!params || !in.finish())
      throw error(errc::bad_input, "the parameters for " + std::string(type_name<A>()) +
                                       " do not decode: " + (in.reason() ? in.reason() : "no reason given"));
    return spawn_actor<A>(home, name, nullptr, std::move(*params));
  } else {
    return spawn_actor<A>(home, name, nullptr);
  }
}

}  // namespace detail

template <fixed_string Name, class Actors>
struct application;

// The typed list that everything is derived from: registry, ports, dispatch, manifest. Naming it checks
// nothing; its checks run where it is used: a missing handler, a wrong signature, params without a
// constructor, two types with one id.
template <fixed_string Name, class... As>
struct application<Name, actors<As...>> {
  using actors_list = actors<As...>;
  static constexpr std::string_view name = Name.view();
};

namespace detail {

// The registry of actors that are sound; of others, nothing, so that nothing is said but what is wrong.
template <bool Sound, fixed_string Name, class... As>
class registry {
 public:
  static constexpr application_table table{Name.view(), 0, nullptr, {}, nullptr};
};

template <fixed_string Name, class... As>
class registry<true, Name, As...> {
  static constexpr std::array<std::uint64_t, sizeof...(As)> ids{actor_tag<As>...};
  static constexpr dispatch_table<sizeof...(As)> index{ids};
  static constexpr std::array<remote_entry, sizeof...(As)> entries{
      remote_entry{actor_tag<As>, &actor_ops_of<As>, construct_remote<As>}...};

  static constexpr std::size_t manifest_size = [] {
    std::size_t sum = 0;  // no fold: clang stops at 256
    for (const std::size_t each : {std::size_t{0}, actor_manifest<As, typename As::handles>::size...})
      sum += each;
    return sum;
  }();
  static constexpr auto manifest_entries = [] {
    std::array<manifest_entry, manifest_size + 1> all{};
    manifest_entry* at = all.data();
    const int in_order[] = {0, (actor_manifest<As, typename As::handles>::write(at), 0)...};
    static_cast<void>(in_order);
    *at = make_entry<rank_status>(entry_kind::system);
    return all;
  }();

 public:
  static constexpr manifest described = make_manifest(manifest_entries);

 private:
  static const remote_entry* find(std::uint64_t type) {
    const std::size_t at = index.find(type);
    return at < entries.size() ? &entries[at] : nullptr;
  }
  static std::string text() { return manifest_text(described); }

 public:
  static constexpr application_table table{
      Name.view(), described.hash, text, {entries.data(), entries.size()}, find};
};

}  // namespace detail

// The remote registry of an application: actor type id to name, decoder, constructor, dispatch; one constexpr
// table.
template <class App>
class remote : public detail::registry<false, ""> {
  static_assert(detail::never<App>, "an application is viceroy::application<\"name\", viceroy::actors<...>>");
};
template <fixed_string Name, class... As>
class remote<application<Name, actors<As...>>>
    : public detail::registry<detail::soundness<As...>::well, Name, As...> {
  using complaint = typename detail::soundness<As...>::complaint;
  static_assert(sizeof(typename complaint::sentence) != 0);
  static_assert(check_message<typename complaint::message>());
  static_assert(!type_name<typename complaint::named>().empty());
};

}  // namespace viceroy
