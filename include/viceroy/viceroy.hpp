// viceroy: everything that a program uses, in layer order; a file that only defines actors includes
// actor/actor.hpp.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \
    "-Wshadow"  // g++ compares names within templates with the globals of their user
#endif

#include "viceroy/fwd.hpp"

#include "viceroy/base/config.hpp"  // version; the two ways of compiling
#include "viceroy/base/error.hpp"   // what every failure is
#include "viceroy/base/limits.hpp"  // every bound, with its reason
#include "viceroy/base/task.hpp"    // a lazy computation with one owner
#include "viceroy/base/when.hpp"    // when_all, when_any
#include "viceroy/base/within.hpp"  // a limit on a wait

#include "viceroy/id/port_id.hpp"  // addresses, proc, actor and port ids; they print and parse
#include "viceroy/id/uid.hpp"      // names that nobody makes twice

#include "viceroy/space/region.hpp"  // extents, points, regions
#include "viceroy/space/shape.hpp"   // an extent as a handle

#include "viceroy/message/fields.hpp"       // VICEROY_FIELDS
#include "viceroy/message/hana_struct.hpp"  // every message is a Hana Struct
#include "viceroy/message/list.hpp"         // messages<...>, actors<...>
#include "viceroy/message/ports.hpp"        // for_each_port

#include "viceroy/wire/bytes.hpp"      // vr::bytes
#include "viceroy/wire/codec.hpp"      // how values are written down
#include "viceroy/wire/codec_ids.hpp"  // and ids

#include "viceroy/mailbox/answer.hpp"  // what a call returns
#include "viceroy/mailbox/port.hpp"    // a typed place to receive

#include "viceroy/actor/actor.hpp"     // contexts, refs, spawning
#include "viceroy/actor/instance.hpp"  // client mode

#include "viceroy/proc/application.hpp"  // application<"name", actors<...>> and its registry
#include "viceroy/proc/proc.hpp"         // proc<app>

#include "viceroy/host/bootstrap_command.hpp"  // what starts a child

#include "viceroy/mesh/actor_mesh.hpp"  // cast, call, slice
#include "viceroy/mesh/host_mesh.hpp"   // allocate, spawn, shutdown, this_host
#include "viceroy/mesh/proc_mesh.hpp"   // spawn actors
#include "viceroy/mesh/value_mesh.hpp"  // one value per rank

#include "viceroy/alloc/alloc_spec.hpp"         // what is asked of an allocator
#include "viceroy/alloc/process_allocator.hpp"  // processes of this machine

#include "viceroy/bootstrap/runtime.hpp"  // runtime, main, run_child, block_on, VICEROY_MAIN

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/src.hpp"  // the plain core, with Asio
#endif

// spawn(rt, task, token), use(rt, initiate): where Asio is seen anyway
#if !defined(VICEROY_SEPARATE_COMPILATION) || defined(BOOST_ASIO_DETAIL_CONFIG_HPP)
#include "viceroy/bootstrap/asio.hpp"
#else
#include "viceroy/bootstrap/asio_apart.hpp"
#endif

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
