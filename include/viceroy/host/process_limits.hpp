// limit: the bounds of starting, watching and stopping processes, with unit and reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace viceroy::limit {

inline constexpr std::size_t lifeline_secret_bytes =
    64u << 10;  // waits in a socket's buffer before the child runs
inline constexpr std::size_t output_read_bytes = 64u << 10;  // one read of a child's pipe; a pipe's capacity
inline constexpr std::size_t output_write_bytes = 4096;      // PIPE_BUF: larger writes may be torn apart
inline constexpr std::chrono::milliseconds output_hold{50};  // an unfinished line waits this long for its end
inline constexpr std::chrono::milliseconds output_flush{
    1'000};  // a dead child's last output, for a slow reader of ours
inline constexpr std::chrono::milliseconds abandoned_reap{
    1'000};  // a killed child, when its loop is gone already
inline constexpr std::chrono::milliseconds orphan_poll{
    50};  // looks for the parent once both descriptors were taken away
inline constexpr std::size_t watch_stack_bytes =
    256u << 10;  // room for thread-locals of large libraries; touched sparsely

}  // namespace viceroy::limit
