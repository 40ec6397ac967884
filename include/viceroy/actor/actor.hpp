// actor: what a file that defines actors and messages includes; no Asio behind it.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \
    "-Wshadow"  // g++ compares names within templates with the globals of their user
#endif

#include "viceroy/mailbox/port_ref.hpp"  // first: errors stand in it, and the way to it is printed

#include "viceroy/actor/after.hpp"
#include "viceroy/actor/context.hpp"
#include "viceroy/actor/ref.hpp"
#include "viceroy/actor/spawn.hpp"
#include "viceroy/actor/supervision.hpp"
#include "viceroy/base/task.hpp"
#include "viceroy/base/when.hpp"
#include "viceroy/base/within.hpp"
#include "viceroy/mailbox/answer.hpp"
#include "viceroy/mailbox/port.hpp"
#include "viceroy/message/fields.hpp"
#include "viceroy/message/list.hpp"
#include "viceroy/wire/bytes.hpp"
#include "viceroy/wire/codec_ids.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
