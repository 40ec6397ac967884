// async_wait: what Asio is asked for here: to wait for a descriptor, always with one type of handler.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_descriptor.hpp>
#include <utility>

#include "viceroy/base/callback.hpp"
#include "viceroy/base/owned_descriptor.hpp"

namespace viceroy {

// Asio compiles an operation and its bookkeeping for each type of handler and of executor: so there is one of
// either.
using async_executor = boost::asio::io_context::executor_type;
using async_error = boost::system::error_code;
using async_handler = callback<void(const async_error& failed)>;

// A descriptor that is only waited for: who holds it reads and writes it.
class async_descriptor : public boost::asio::posix::basic_descriptor<async_executor> {
 public:
  using basic_descriptor::basic_descriptor;

  // Takes a descriptor over. Returns: 0, or why the kernel does not let it be watched, as errno tells.
  int open(owned_descriptor from) {
    async_error failed;
    assign(from.get(), failed);
    if (!failed) from.release();
    return failed.value();
  }

  void wait_readable(async_handler then) { async_wait(wait_read, std::move(then)); }
  void wait_writable(async_handler then) { async_wait(wait_write, std::move(then)); }
};

}  // namespace viceroy
