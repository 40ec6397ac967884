// A pointer means nothing in another process; the member is found however deep it stands.
// expect: this_message_has_a_member_that_cannot_be_written_down
// expect: reject_test::inner, (reject_test::)?(int ?\*)|Message = reject_test::inner; Member = int\*
// expect: using local = std::true_type; if it never leaves its process
#include <optional>
#include <vector>

#include "viceroy/wire/codec.hpp"  // the order in which viceroy.hpp has them
// clang-format off
#include "viceroy/message/message.hpp"
// clang-format on

namespace reject_test {

struct inner {
#ifdef REJECT
  int* value;
#else
  int value;
#endif
};
struct outer {
  int before;
  std::vector<std::optional<inner>> values;
};

}  // namespace reject_test

static_assert(viceroy::check_message<reject_test::outer>());  // reject-from
