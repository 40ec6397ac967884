// fwd: every public name, declared, in layer order.
#pragma once

#include <cstddef>
#include <cstdint>

namespace viceroy {

// base/
enum class errc;
class error;
struct limits;
class executor;
template <class T>
class task;
template <class T>
class outcome;

// id/
enum class transport : std::uint8_t;
class address;
class label;
class proc_id;
class actor_id;
class port_id;

// space/
class dim;
class extent;
class point;
class range;
class region;
class shape;

// message/
template <class... Ms>
struct messages;
template <class... As>
struct actors;

// wire/
class bytes;
class writer;
class reader;

// mailbox/
enum class status : std::uint8_t;
template <class M>
class port;
template <class M>
class once_port;
template <class M>
class port_ref;
template <class M>
class once_port_ref;
template <class M>
class receiver;
template <class T>
class answer;
class participant;
class delayed;
struct undeliverable;
struct child_failure;

// actor/
template <class A>
class context;
template <class A>
class actor_ref;
class instance;
struct mesh_failure;
struct own_thread;

// proc/
template <class App>
class proc;

// host/
class bootstrap_command;

// mesh/
template <class T>
class value_mesh;
template <class A>
class actor_mesh;
template <class A>
class actor_mesh_ref;
template <class App>
class proc_mesh;
template <class App>
class host_mesh;

// alloc/
class alloc_spec;
class alloc;
class process_allocator;

// bootstrap/
template <class App>
class runtime;

}  // namespace viceroy
