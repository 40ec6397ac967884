// application: a name and the typed list of its actors: what both ends of every link are built from.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "viceroy/actor/spawn.hpp"
#include "viceroy/message/fixed_string.hpp"
#include "viceroy/message/list.hpp"
#include "viceroy/message/manifest.hpp"
#include "viceroy/message/manifest_text.hpp"
#include "viceroy/message/message.hpp"
#include "viceroy/proc/application_table.hpp"
#include "viceroy/proc/resource.hpp"

namespace viceroy {

namespace detail {

// The names below are the sentences that a compiler prints.
template <class Actor, class Message>
struct the_actor_lists_a_message_that_it_has_no_handler_for__write_R_handle_of_context_and_message {
  static_assert(
      has_handler<Actor, Message>,
      "an actor's handles names a message, and there is no R handle(context<Actor>&, Message) for it");
};
template <class Actor, class Message>
struct the_handler_has_another_signature__write_R_handle_of_context_A_and_M_or_const_M {
  static_assert(has_exact_handler<Actor, Message>,
                "a handler is exactly R handle(context<A>&, M) or R handle(context<A>&, const M&), R being "
                "any value, void or task");
};
template <class Actor>
struct the_actor_is_not_constructible_from_its_params__add_that_constructor {
  static_assert(std::is_constructible_v<Actor, params_of<Actor>>,
                "an actor with `using params = T;` needs a constructor from T");
};
template <class Actor>
struct the_actor_has_no_params_and_no_default_constructor__add_using_params_or_a_default_constructor {
  static_assert(std::is_default_constructible_v<Actor>, "an actor is made from its params, or from nothing");
};
template <class One, class Other>
struct two_types_of_the_application_have_the_same_name_or_id__give_one_a_name_of_its_own {
  static_assert(
      std::is_same_v<One, Other>,
      "two types with one name cannot be told apart on the wire; give one static constexpr auto name");
};

template <class A, class M>
constexpr bool check_handler() {
  if constexpr (!has_handler<A, M>) {
    return sizeof(the_actor_lists_a_message_that_it_has_no_handler_for__write_R_handle_of_context_and_message<
                  A, M>) != 0;
  } else if constexpr (!has_exact_handler<A, M>) {
    return sizeof(the_handler_has_another_signature__write_R_handle_of_context_A_and_M_or_const_M<A, M>) != 0;
  } else {
    return check_message<M>();
  }
}

template <class A, class List>
struct check_actor;
template <class A, class... Ms>
struct check_actor<A, messages<Ms...>> {
  static constexpr bool constructible() {
    if constexpr (has_params<A>) {
      if constexpr (!std::is_constructible_v<A, params_of<A>>)
        return sizeof(the_actor_is_not_constructible_from_its_params__add_that_constructor<A>) != 0;
      else
        return check_message<params_of<A>>();
    } else if constexpr (!std::is_default_constructible_v<A>) {
      return sizeof(
                 the_actor_has_no_params_and_no_default_constructor__add_using_params_or_a_default_constructor<
                     A>) != 0;
    }
    return true;
  }
  static constexpr bool each[] = {constructible(), check_handler<A, Ms>()...};
  static constexpr bool value = true;
};

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

template <class... Lists>
struct joined {
  using type = type_list<>;
};
template <class... Ms>
struct joined<messages<Ms...>> {
  using type = type_list<Ms...>;
};
template <class... Ms, class... Ns, class... Rest>
struct joined<messages<Ms...>, messages<Ns...>, Rest...> : joined<messages<Ms..., Ns...>, Rest...> {};

// Two message types of one name: what the application's name for them would be ambiguous about.
template <class List>
struct name_clash;
template <class... Ms>
struct name_clash<type_list<Ms...>> {
  struct entry {
    std::uint64_t name;
    const void* type;  // tells types apart in a constant expression
  };
  template <class M>
  static constexpr char identity = 0;
  static constexpr equal_ids find() {
    const entry all[] = {{id_of_name(type_name<Ms>()), &identity<Ms>}..., {0, nullptr}};
    for (std::size_t i = 0; i != sizeof...(Ms); ++i)
      for (std::size_t j = 0; j != i; ++j)
        if (all[i].name == all[j].name && all[i].type != all[j].type) return {j, i, true};
    return {};
  }
};

template <class A>
mailbox& construct_remote(directory& home, label name, reader& in) {
  if constexpr (has_params<A>) {
    auto params = decode_value<params_of<A>>(in);
    if (!params || !in.finish())
      throw error(errc::bad_input, "the parameters for " + std::string(type_name<A>()) +
                                       " do not decode: " + (in.reason() ? in.reason() : "no reason given"));
    return spawn_in<A>(home, name, nullptr, false, std::move(*params));
  } else {
    return spawn_in<A>(home, name, nullptr, false);
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

// The remote registry of an application: actor type id to name, decoder, constructor, dispatch; one constexpr
// table.
template <class App>
class remote;
template <fixed_string Name, class... As>
class remote<application<Name, actors<As...>>> {
  static constexpr bool checked[] = {true, detail::check_actor<As, typename As::handles>::value...};
  static constexpr std::array<std::uint64_t, sizeof...(As)> ids{detail::actor_tag<As>...};
  static constexpr dispatch_table<sizeof...(As)> index{ids};
  static constexpr std::array<remote_entry, sizeof...(As)> entries{
      remote_entry{detail::actor_tag<As>, &actor_ops_of<As>, detail::construct_remote<As>}...};

  template <std::size_t I>
  using actor_at = list_at<actors<As...>, I>;
  static constexpr bool distinct() {
    if constexpr (index.duplicate().found)
      return sizeof(detail::two_types_of_the_application_have_the_same_name_or_id__give_one_a_name_of_its_own<
                    actor_at<index.duplicate().first>, actor_at<index.duplicate().second>>) != 0;
    using said = typename detail::joined<typename As::handles...>::type;
    constexpr equal_ids clash = detail::name_clash<said>::find();
    if constexpr (clash.found)
      return sizeof(detail::two_types_of_the_application_have_the_same_name_or_id__give_one_a_name_of_its_own<
                    list_at<said, clash.first>, list_at<said, clash.second>>) != 0;
    return true;
  }
  static_assert(distinct());

  static constexpr std::size_t manifest_size = [] {
    std::size_t sum = 0;  // no fold: clang stops at 256
    for (const std::size_t each : {std::size_t{0}, detail::actor_manifest<As, typename As::handles>::size...})
      sum += each;
    return sum;
  }();
  static constexpr auto manifest_entries = [] {
    std::array<manifest_entry, manifest_size + 1> all{};
    manifest_entry* at = all.data();
    const int in_order[] = {0, (detail::actor_manifest<As, typename As::handles>::write(at), 0)...};
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
  static std::string explain(const std::string& theirs) { return explain_difference(text(), theirs); }

 public:
  static constexpr application_table table{Name.view(), described.hash, text, explain, entries, find};
};

}  // namespace viceroy
