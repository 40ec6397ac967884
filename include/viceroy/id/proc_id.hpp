// proc_id: which proc; its process's address and its name, interned as a pair that knows the road to it.
#pragma once

#include <atomic>
#include <cassert>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string_view>

#include "viceroy/id/address.hpp"
#include "viceroy/id/interned.hpp"
#include "viceroy/id/label.hpp"

namespace viceroy {
namespace detail {

// The slots are this process's own knowledge of the proc, not a part of the name: mutable.
struct proc_record : interned_text {
  proc_record(interned_text text, viceroy::address at, label named)
      : interned_text(text), address(at), name(named) {}

  const viceroy::address address;
  const label name;
  mutable std::atomic<void*> home{nullptr};
  mutable std::atomic<const void*> loop{nullptr};
  mutable std::atomic<void*> route{nullptr};
};

}  // namespace detail

// The name of a proc, `unix:@ab12,root`: the address its process serves and its label there. A proc_id is a
// pointer to a record that lives as long as the process; the record also carries two slots for the layers
// that route. Default: no proc.
class proc_id {
 public:
  constexpr proc_id() noexcept = default;

  // Interns the pair; of an empty part, makes the empty id. Errors: errc::bad_input beyond
  // limit::interned_names. Cost: a known pair one look-up, no lock, no text.
  proc_id(viceroy::address at, label name);

  // Says what keeps `text` from being a proc's id, or null when nothing does. Interns nothing.
  static const char* problem(std::string_view text) noexcept;

  // Interns `address,name`. Errors: errc::bad_input with what is wrong, or beyond limit::interned_names.
  static proc_id parse(std::string_view text);

  // Interns `address,name`, or nothing if the text is none. Errors: only beyond limit::interned_names.
  // (A template: files that do not call it compile nothing of std::optional.)
  template <class Id = proc_id>
  static std::optional<Id> try_parse(std::string_view text) {
    if (problem(text) != nullptr) return std::nullopt;
    return parse(text);
  }

  // Returns the id if this process has interned it; makes none.
  static proc_id known(std::string_view text);

  // A part of this proc, on another thread of its process: `unix:@ab12,root.own-1`. Errors: bad_input when
  // the name gets too long.
  proc_id part(std::uint64_t number) const;
  // Returns: the proc that this is a part of; itself, if it is none.
  proc_id whole() const;

  bool empty() const noexcept { return record_ == nullptr; }
  std::string_view text() const noexcept { return record_ == nullptr ? std::string_view{} : record_->view(); }
  viceroy::address address() const noexcept {
    return record_ == nullptr ? viceroy::address{} : record_->address;
  }
  label name() const noexcept { return record_ == nullptr ? label{} : record_->name; }

  // Returns what `set_home` last stored: the proc itself while it lives in this process, otherwise null.
  // What stood behind the pointer when it was stored is visible. Threads: any.
  void* home() const noexcept {
    return record_ == nullptr ? nullptr : record_->home.load(std::memory_order_acquire);
  }
  void set_home(void* proc, const void* loop = nullptr) const noexcept {
    assert(record_ != nullptr);
    record_->home.store(proc, std::memory_order_release);
    record_->loop.store(loop, std::memory_order_release);
  }
  // Returns: the same if it was stored with this loop, else null. Threads: the loop's.
  void* home_on(const void* loop) const noexcept {
    if (record_ == nullptr || record_->loop.load(std::memory_order_relaxed) != loop) return nullptr;
    void* const here = record_->home.load(std::memory_order_relaxed);
    if (!here) __builtin_unreachable();  // both are stored together, on that loop's thread
    return here;
  }

  // Returns what `set_route` last stored: the road to a proc elsewhere, otherwise null. Threads: any.
  void* route() const noexcept {
    return record_ == nullptr ? nullptr : record_->route.load(std::memory_order_acquire);
  }
  void set_route(void* road) const noexcept {
    assert(record_ != nullptr);
    record_->route.store(road, std::memory_order_release);
  }

  // A number that is the same for equal ids of this process, and means nothing elsewhere.
  std::uint64_t hash() const noexcept { return record_ == nullptr ? 0 : record_->hash; }

  friend bool operator==(proc_id a, proc_id b) noexcept { return a.record_ == b.record_; }
  friend std::strong_ordering operator<=>(proc_id a, proc_id b) noexcept {
    if (a.record_ == b.record_) return std::strong_ordering::equal;
    if (const auto order = a.address() <=> b.address(); order != 0) return order;
    return a.name() <=> b.name();
  }

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, proc_id id) {
    return out << id.text();
  }

 private:
  static const detail::proc_record* find(viceroy::address at, label name) noexcept;

  const detail::proc_record* record_ = nullptr;
};

}  // namespace viceroy

template <>
struct std::hash<viceroy::proc_id> {
  std::size_t operator()(viceroy::proc_id id) const noexcept { return id.hash(); }
};

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/id/proc_ids.hpp"
#endif
