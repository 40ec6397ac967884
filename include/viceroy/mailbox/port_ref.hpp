// port_ref: the address of a port, to which others send: a value that travels in messages.
#pragma once

#include <iosfwd>
#include <type_traits>
#include <utility>

#include "viceroy/id/port_id.hpp"
#include "viceroy/mailbox/post.hpp"
#include "viceroy/message/name.hpp"
#include "viceroy/message/opaque.hpp"
#include "viceroy/wire/codec_ids.hpp"

namespace viceroy {

struct the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible;

namespace detail {

// Common to refs of ports that take many messages and of those that take one.
template <class M, class Ref>
class port_ref_base {
 public:
  port_ref_base() = default;
  explicit port_ref_base(const port_id& id) : id_(id) {}
  const port_id& id() const { return id_; }
  bool empty() const { return id_.empty(); }
  friend bool operator==(const port_ref_base&, const port_ref_base&) = default;
  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const port_ref_base& r) {
    return out << r.id_;
  }

  // Sends M(fields...) to the port. Errors: inert for an empty ref; wrong_thread; what cannot be delivered
  // comes back. Order: as sent. Cost: as a send to an actor.
  template <class... F>
    requires std::is_constructible_v<M, F...>
  void send(participant& cx, F&&... fields) const {
    if (id_.empty()) throw error(errc::inert, "an empty port_ref was sent to; bind a port first");
    post_elsewhere<M>(cx.sender_box(), destination{id_.actor(), id_.number(), nullptr, 0}, attachments{},
                      std::forward<F>(fields)...);
  }
  template <class Sentence = the_fields_given_do_not_make_this_message__give_them_in_order_and_convertible,
            class... F>
    requires(!std::is_constructible_v<M, F...>)
  void send(participant&, F&&...) const = delete;

 private:
  port_id id_;
};

}  // namespace detail

// The address of a port that takes any number of messages: a value, sent in messages and printed.
template <class M>
class port_ref : public detail::port_ref_base<M, port_ref<M>> {
  using detail::port_ref_base<M, port_ref<M>>::port_ref_base;
};

// The address of a port that takes one message; what is sent after it is dropped and counted.
template <class M>
class once_port_ref : public detail::port_ref_base<M, once_port_ref<M>> {
  using detail::port_ref_base<M, once_port_ref<M>>::port_ref_base;
};

// A ref is written as the id it holds, and is a word in a layout: M may be incomplete.
template <class M>
struct opaque_layout<port_ref<M>> {
  static constexpr std::string_view name = "port_ref";
};
template <class M>
struct opaque_layout<once_port_ref<M>> {
  static constexpr std::string_view name = "once_port_ref";
};
template <class M>
struct name_of<port_ref<M>> {
  static constexpr std::string_view value = "port_ref";
};
template <class M>
struct name_of<once_port_ref<M>> {
  static constexpr std::string_view value = "once_port_ref";
};
template <class M>
inline constexpr bool is_port_ref<port_ref<M>> = true;
template <class M>
inline constexpr bool is_port_ref<once_port_ref<M>> = true;
template <class M>
struct codec<port_ref<M>> : detail::ref_codec<port_ref<M>, port_id> {};
template <class M>
struct codec<once_port_ref<M>> : detail::ref_codec<once_port_ref<M>, port_id> {};

}  // namespace viceroy
