#include "viceroy/mailbox/node_chain.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>

namespace vr = viceroy;

TEST_CASE("A list takes chains as they come, gives all at once, and each chain's nodes in order") {
  std::array<vr::message_node, 5> nodes{};
  vr::node_list list;
  CHECK(list.empty());
  CHECK(list.take() == nullptr);
  vr::node_chain chain;
  for (std::size_t i = 0; i < 3; ++i) chain.add(nodes[i]);
  CHECK(chain.size() == 3);
  CHECK(list.push(chain));
  CHECK(chain.size() == 0);
  CHECK_FALSE(list.empty());
  chain.add(nodes[3]);
  chain.add(nodes[4]);
  CHECK_FALSE(list.push(chain));
  std::size_t next = 0;
  for (vr::message_node* n = vr::oldest_first(list.take()); n != nullptr; n = n->next) {
    REQUIRE(next < nodes.size());
    CHECK(n == &nodes[next++]);
  }
  CHECK(next == 5);
  CHECK(list.empty());
}
