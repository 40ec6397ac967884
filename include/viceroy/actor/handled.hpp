// handled: how the handling of a message ends that threw or answers nothing. Compiled once on request.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "viceroy/actor/invoke.hpp"

namespace viceroy::detail {

VICEROY_DECL void handler_threw(mailbox& box, const message_node& n) {
  std::string text;
  errc kind = errc::handler_failed;
  try {
    throw;
  } catch (const error& e) {
    text = e.sentence();
    if (n.reply()) kind = e.kind();
  } catch (const std::exception& e) {
    text = e.what();
  } catch (...) {
    text = "threw something that is not a std::exception";
  }
  text = box.text() + " failed handling " + std::string(n.ops->name) + ": " + text;
  if (n.reply()) {
    answer_with<failure>(box, n, message_node::failure,
                         failure{static_cast<std::int32_t>(kind), std::move(text)});
  } else {
    life::fail(box, errc::handler_failed, text);
  }
}

VICEROY_DECL bool answered_nothing(mailbox& box, message_node& n) {
  if (!n.is(message_node::asked_here)) {
    answer_with<unit>(box, n, 0);
    return false;
  }
  run_queue::set_handling(nullptr);
  n.ops->destroy(n.storage());
  answer_in_place(box, n, unit{});
  return true;
}

}  // namespace viceroy::detail
