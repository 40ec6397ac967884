#include "viceroy/message/copyable.hpp"

#include <doctest/doctest.h>

#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "viceroy/message/fields.hpp"
#include "viceroy/message/library_names.hpp"

namespace copyable_test {

struct plain {
  int n;
  std::vector<std::string> words;
};
struct tree {
  std::vector<tree> below;
  std::map<std::string, tree> named;
};
struct moved_tree {
  std::vector<moved_tree> below;
  std::vector<std::unique_ptr<int>> leaves;
};
struct outer {
  plain first;
  std::optional<std::pair<int, std::list<std::unique_ptr<plain>>>> second;
};
struct with_thread {
  using local = std::true_type;
  std::shared_ptr<int> shared;
  void* pointer;
};
// Copies what it owns.
class deep {
 public:
  deep() = default;
  deep(const deep& other) : n_(other.n_ ? std::make_unique<int>(*other.n_) : nullptr) {}
  VICEROY_FIELDS(deep, n_)

 private:
  std::unique_ptr<int> n_;
};
struct holds_deep {
  std::vector<deep> all;
};

}  // namespace copyable_test

using namespace copyable_test;
using viceroy::detail::can_copy;

TEST_CASE("a message can be copied if all that it holds can, however deep") {
  CHECK(can_copy<plain>());
  CHECK(can_copy<tree>());
  CHECK(can_copy<with_thread>());
  CHECK_FALSE(can_copy<std::unique_ptr<int>>());
  CHECK_FALSE(can_copy<moved_tree>());
  CHECK_FALSE(can_copy<outer>());
  CHECK_FALSE(can_copy<std::array<std::vector<std::unique_ptr<int>>, 2>>());
  CHECK_FALSE(can_copy<std::variant<int, std::vector<std::unique_ptr<int>>>>());
}

TEST_CASE("a class with a copy constructor of its own is taken at its word") {
  CHECK(can_copy<deep>());
  CHECK(can_copy<holds_deep>());
}
