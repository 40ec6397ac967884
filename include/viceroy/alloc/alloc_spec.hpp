// alloc_spec: what is asked of an allocator: how many processes, in which shape, reached how.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viceroy/base/config.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/id/label.hpp"
#include "viceroy/id/transport.hpp"
#include "viceroy/space/extent.hpp"

namespace viceroy {

// A request; an immutable value, built by chaining.
// Example: alloc_spec(dim("replicas", 2), transport::unix_domain).constraint("rack", "7").
class alloc_spec {
 public:
  using constraints_type = std::vector<std::pair<std::string, std::string>>;  // in the order given
  static constexpr std::size_t longest_proc_name = limit::label_bytes - 11;   // "_", and a rank of ten digits

  explicit alloc_spec(viceroy::extent shape, viceroy::transport over = viceroy::transport::unix_domain)
      : extent_(std::move(shape)), transport_(over) {}
  explicit alloc_spec(dim only, viceroy::transport over = viceroy::transport::unix_domain)
      : alloc_spec(viceroy::extent(only), over) {}

  // Returns this request with one more demand on the machines; the last value of one key counts. What a key
  // means is the allocator's; one that does not know a key refuses the request.
  // Errors: bad_input for an empty key.
  [[nodiscard]] alloc_spec constraint(std::string key, std::string value) const;

  // Returns this request with another base for the names of its procs; each gets a unique suffix and its
  // rank. Errors: bad_input for what is no name.
  [[nodiscard]] alloc_spec proc_name(std::string_view name) const;

  const viceroy::extent& extent() const noexcept { return extent_; }
  viceroy::transport transport() const noexcept { return transport_; }
  const constraints_type& constraints() const noexcept { return constraints_; }
  // Empty where none was given.
  label proc_name() const noexcept { return proc_name_; }

 private:
  viceroy::extent extent_;
  viceroy::transport transport_;
  constraints_type constraints_;
  label proc_name_;
};

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/alloc/alloc_specs.hpp"
#endif
