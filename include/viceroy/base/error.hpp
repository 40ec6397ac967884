// error: what every failure of the library is; a std::system_error of category "viceroy".
#pragma once

#include <string>
#include <string_view>
#include <system_error>

#include "viceroy/base/config.hpp"

namespace viceroy {

// What went wrong, by kind. The message of an error states the root cause; the kind is for programs.
enum class errc {
  timeout = 1,        // a wait reached its limit; the message names what it waited for and who did not answer
  owner_gone,         // the client or actor a task belonged to ended first
  cancelled,          // stopped on request (a signal, a dropped owner, shutdown)
  no_such_actor,      // the addressed actor does not exist (any more) on its proc
  no_such_handler,    // the actor exists and does not handle that message
  other_layout,       // both ends know the type by another layout
  frame_too_large,    // a message is larger than limits::frame_bytes
  port_closed,        // the port was closed or completed before the message arrived
  transport_lost,     // the link broke, or the peer cannot be reached
  mailbox_full,       // a bounded mailbox refused the message
  receiver_stopping,  // the receiver no longer takes messages
  busy,               // a link or mailbox is at its limit in bytes
  handler_failed,     // a handler threw; the message is the exception's text
  spawn_failed,       // a process, proc or actor did not start; the message names step, rank and cause
  process_died,       // a process exited or was killed; the message names exit or signal and its last lines
  refused,            // the peer would not talk: another user, a wrong key, another application
  bad_input,          // text or bytes from outside do not parse
  wrong_thread,       // used off its loop's thread
  already_exists,     // a name is taken
  inert,              // used after it was shut down, stopped or moved from
  system,             // an operating-system call failed; the message names call and errno
  not_here,           // asked of a machine, build or mode that cannot do it
};

// The category of errc; its name is "viceroy".
VICEROY_DECL const std::error_category& viceroy_category() noexcept;

inline std::error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), viceroy_category()}; }

// A failure with one sentence that states its root cause: what() is exactly that sentence.
class error : public std::system_error {
 public:
  error(errc kind, std::string sentence);

  const char* what() const noexcept override;
  errc kind() const noexcept { return static_cast<errc>(code().value()); }
  const std::string& sentence() const noexcept { return sentence_; }

 private:
  std::string sentence_;
};

namespace detail {
// Throws an error whose sentence is both texts; for who is compiled often.
[[noreturn]] VICEROY_DECL void throw_error(errc kind, std::string_view text, std::string_view more = {});
}  // namespace detail

}  // namespace viceroy

template <>
struct std::is_error_code_enum<viceroy::errc> : std::true_type {};

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/base/error_category.hpp"
#endif
