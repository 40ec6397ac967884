// name_table: which slot of a proc has a name: a flat table, for std::unordered_map costs every file that
// only defines actors a tenth of its compilation.
#pragma once

#include <cstddef>
#include <cstdint>

#include "viceroy/base/series.hpp"
#include "viceroy/id/label.hpp"

namespace viceroy {

// Distinct labels and a number of each, probed one cell after the other and at most half full. Threads: one.
class name_table {
 public:
  // Returns: the number of a name, or null. The pointer lasts until the table changes.
  const std::uint32_t* find(label name) const noexcept {
    if (cells_.empty()) return nullptr;
    const cell& c = cells_[place_of(name)];
    return c.name.empty() ? nullptr : &c.slot;
  }

  // Adds a name that is not in the table yet.
  void add(label name, std::uint32_t slot) {
    if ((size_ + 1) * 2 > cells_.size()) grow();
    cells_[place_of(name)] = {name, slot};
    ++size_;
  }

  // Removes a name; one that is not there is ignored.
  void remove(label name) noexcept {
    if (find(name) == nullptr) return;
    std::size_t hole = place_of(name);
    // What stands behind moves up if the hole would end the search for it.
    for (std::size_t at = next(hole); !cells_[at].name.empty(); at = next(at)) {
      const std::size_t home = home_of(cells_[at].name);
      if (((at - home) & mask()) >= ((at - hole) & mask())) {
        cells_[hole] = cells_[at];
        hole = at;
      }
    }
    cells_[hole] = {};
    --size_;
  }

  std::size_t size() const noexcept { return size_; }

 private:
  struct cell {
    label name;
    std::uint32_t slot = 0;
  };

  std::size_t mask() const noexcept { return cells_.size() - 1; }
  std::size_t next(std::size_t at) const noexcept { return (at + 1) & mask(); }
  std::size_t home_of(label name) const noexcept { return name.hash() & mask(); }
  std::size_t place_of(label name) const noexcept {
    std::size_t at = home_of(name);
    while (!cells_[at].name.empty() && cells_[at].name != name) at = next(at);
    return at;
  }

  void grow() {
    series<cell> old(cells_.empty() ? 16 : cells_.size() * 2);
    old.swap(cells_);
    for (const cell& c : old)
      if (!c.name.empty()) cells_[place_of(c.name)] = c;
  }

  series<cell> cells_;
  std::size_t size_ = 0;
};

}  // namespace viceroy
