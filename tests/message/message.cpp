#include "viceroy/message/message.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "message/sample_types.hpp"

namespace message_test {

struct stays {
  std::thread* thread;
  using local = std::true_type;
};
struct leaves {
  int a;
  using local = std::false_type;
};
struct in_two_parts {
  sample::echo a;
  std::vector<sample::tree> b;
};

}  // namespace message_test

namespace {

using viceroy::check_message;

// The sentences for what may not be sent are in tests/reject/message_*.cpp.
static_assert(check_message<sample::echo>() && check_message<sample::nothing>() &&
              check_message<sample::containers>());
static_assert(check_message<sample::tree>() && check_message<sample::odd>() &&
              check_message<sample::account>());
static_assert(check_message<int>() && check_message<std::vector<std::string>>() &&
              check_message<sample::colour>());
static_assert(check_message<message_test::stays>(), "what never leaves its process need not be encodable");
static_assert(check_message<message_test::in_two_parts>());
static_assert(viceroy::is_local_message<message_test::stays> &&
              !viceroy::is_local_message<message_test::leaves>);

}  // namespace

TEST_CASE("what may be sent is told at compile time") {
  CHECK(viceroy::is_encodable<message_test::in_two_parts>);
}
