// dictionary: the names of one link as small numbers, so that an envelope is decoded by array look-ups.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "viceroy/base/limits.hpp"
#include "viceroy/base/series.hpp"
#include "viceroy/base/taken.hpp"

namespace viceroy {

// Numbers the names that this side has told the other: 1, 2, 3 …; 0 is no name.
// Types: Name is an interned handle of one pointer, whose default value is no name.
// Cost: the name asked for last is one comparison; any other a probe of an open-addressed table.
template <class Name>
class outgoing_names {
  static_assert(sizeof(Name) == sizeof(std::uint64_t));

 public:
  // Returns the number of a name, or 0 when it has none yet (or is no name).
  std::uint32_t find(Name name) noexcept {
    if (name == last_) return last_number_;
    if (slots_.empty() || name == Name{}) return 0;
    for (std::size_t i = home_of(name);; i = (i + 1) & (slots_.size() - 1)) {
      if (slots_[i].number == 0) return 0;
      if (slots_[i].name == name) {
        last_ = name;
        return last_number_ = slots_[i].number;
      }
    }
  }

  // Numbers a name that has no number. Precondition: !full().
  std::uint32_t add(Name name) {
    if ((names_.size() + 1) * 2 > slots_.size()) grow();
    names_.push_back(name);
    const auto number = static_cast<std::uint32_t>(names_.size());
    put({name, number});
    last_ = name;
    return last_number_ = number;
  }

  // Looks a number up. Returns: whether it stands for something.
  bool at(std::uint32_t number, Name& name) const noexcept {
    if (number > names_.size()) return false;
    name = number == 0 ? Name{} : names_[number - 1];
    return true;
  }

  std::size_t size() const noexcept { return names_.size(); }
  void clear() noexcept { *this = {}; }

 private:
  struct slot {
    Name name{};
    std::uint32_t number = 0;
  };

  std::size_t home_of(Name name) const noexcept {
    const std::uint64_t mixed = std::bit_cast<std::uint64_t>(name) * 0x9e3779b97f4a7c15;
    return (mixed >> 32) & (slots_.size() - 1);
  }
  void put(slot entry) noexcept {
    std::size_t i = home_of(entry.name);
    while (slots_[i].number != 0) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = entry;
  }
  void grow() {
    series<slot> before(slots_.empty() ? 16 : slots_.size() * 2);
    before.swap(slots_);
    for (const slot& entry : before)
      if (entry.number != 0) put(entry);
  }

  Name last_{};
  std::uint32_t last_number_ = 0;
  series<Name> names_;
  series<slot> slots_;  // at most half full; the size is a power of two
};

// What the numbers of the other side stand for.
template <class Name>
class incoming_names {
 public:
  // Returns why this definition cannot be the next one, or null.
  const char* problem(std::uint32_t number) const noexcept {
    if (number == 0) return "it defines the number 0";
    if (number <= names_.size()) return "it defines a number twice";
    if (number != names_.size() + 1) return "it defines a number out of sequence";
    if (number > limit::link_names) return "it defines more names than limit::link_names";
    return nullptr;
  }
  void add(Name name) { names_.push_back(name); }

  bool at(std::uint32_t number, Name& name) const noexcept {
    if (number > names_.size()) [[unlikely]]
      return false;
    name = number == 0 ? Name{} : names_[number - 1];
    return true;
  }

  std::size_t size() const noexcept { return names_.size(); }
  void clear() noexcept { names_.clear(); }

 private:
  series<Name> names_;
};

}  // namespace viceroy
