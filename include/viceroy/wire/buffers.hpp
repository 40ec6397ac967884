// buffers: how bytes are copied, and parts of them taken. Compiled once on request.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <span>
#include <string>

#include "viceroy/base/config.hpp"
#include "viceroy/base/error.hpp"
#include "viceroy/wire/buffer.hpp"

namespace viceroy {

// Behind it stands the content.
struct bytes::copied final : buffer {
  static void* operator new(std::size_t own, std::size_t content) { return ::operator new(own + content); }
  static void operator delete(void* memory) { ::operator delete(memory); }
  static void operator delete(void* memory, std::size_t) { ::operator delete(memory); }
};

VICEROY_DECL bytes bytes::copy(std::span<const std::byte> content) {
  if (content.empty()) return {};
  bytes out;
  auto* const room = new (content.size()) copied;
  out.buffer_ = shared<const buffer>(room);
  auto* const begin = reinterpret_cast<std::byte*>(room + 1);
  std::memcpy(begin, content.data(), content.size());
  out.data_ = begin;
  out.size_ = content.size();
  return out;
}

VICEROY_DECL bytes bytes::subrange(std::size_t offset, std::size_t count) const {
  if (offset > size_ || count > size_ - offset)
    throw error(errc::bad_input, "bytes " + std::to_string(offset) + " + " + std::to_string(count) +
                                     " were asked for out of " + std::to_string(size_));
  bytes out(*this);
  out.data_ += offset;
  out.size_ = count;
  return out;
}

}  // namespace viceroy
