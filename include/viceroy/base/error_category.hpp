// error_category: how an error is made, and the words for each errc. Compiled once on request.
#pragma once

#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "viceroy/base/error.hpp"

namespace viceroy {

VICEROY_DECL const std::error_category& viceroy_category() noexcept {
  class category final : public std::error_category {
    const char* name() const noexcept override { return "viceroy"; }
    std::string message(int value) const override {
      switch (static_cast<errc>(value)) {
        case errc::timeout:
          return "a wait reached its limit";
        case errc::owner_gone:
          return "the owner ended first";
        case errc::cancelled:
          return "cancelled";
        case errc::no_such_actor:
          return "no such actor";
        case errc::no_such_handler:
          return "no such handler";
        case errc::other_layout:
          return "another layout of the type";
        case errc::frame_too_large:
          return "frame too large";
        case errc::port_closed:
          return "port closed";
        case errc::transport_lost:
          return "transport lost";
        case errc::mailbox_full:
          return "mailbox full";
        case errc::receiver_stopping:
          return "receiver stopping";
        case errc::busy:
          return "busy";
        case errc::handler_failed:
          return "handler failed";
        case errc::spawn_failed:
          return "spawn failed";
        case errc::process_died:
          return "process died";
        case errc::refused:
          return "refused";
        case errc::bad_input:
          return "bad input";
        case errc::wrong_thread:
          return "wrong thread";
        case errc::already_exists:
          return "already exists";
        case errc::inert:
          return "used after its end";
        case errc::system:
          return "system call failed";
        case errc::not_here:
          return "not available here";
      }
      return "unknown";
    }
  };
  static const category instance;
  return instance;
}

VICEROY_DECL error::error(errc kind, std::string sentence)
    : std::system_error(static_cast<int>(kind), viceroy_category()), sentence_(std::move(sentence)) {}

VICEROY_DECL const char* error::what() const noexcept { return sentence_.c_str(); }

VICEROY_DECL void detail::throw_error(errc kind, std::string_view text, std::string_view more) {
  std::string sentence(text);
  sentence += more;
  throw error(kind, std::move(sentence));
}

}  // namespace viceroy
