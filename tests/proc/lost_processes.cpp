#include "viceroy/proc/lost_processes.hpp"

#include <doctest/doctest.h>

#include <string>

namespace vr = viceroy;

TEST_CASE("watchers are told in order, until they are forgotten") {
  vr::lost_processes all;
  std::string heard;
  const int first = 0, second = 0;
  all.watch(&first, [&](const vr::address& at, const vr::error& why) {
    heard += std::string(at.text()) + " " + why.sentence() + "; ";
  });
  all.watch(&second, [&](const vr::address&, const vr::error&) { heard += "second; "; });
  const vr::address lost = vr::address::in_process(7);
  all.tell(lost, vr::error(vr::errc::transport_lost, "gone"));
  CHECK(heard == std::string(lost.text()) + " gone; second; ");
  all.forget(&first);
  heard.clear();
  all.tell(lost, vr::error(vr::errc::transport_lost, "gone"));
  CHECK(heard == "second; ");
}

TEST_CASE("a watcher may forget itself and others while it is told, and add some") {
  vr::lost_processes all;
  int told = 0;
  const int first = 0, second = 0, third = 0;
  all.watch(&first, [&, owned = std::string(100, 'x')](const vr::address&, const vr::error&) {
    all.forget(&first);
    all.forget(&second);
    all.watch(&third, [&](const vr::address&, const vr::error&) { told += 100; });
    told += static_cast<int>(owned.size()) / 100;  // it is still there
  });
  all.watch(&second, [&](const vr::address&, const vr::error&) { told += 10; });
  all.tell(vr::address::in_process(1), vr::error(vr::errc::transport_lost, "gone"));
  CHECK(told == 1);
  all.tell(vr::address::in_process(1), vr::error(vr::errc::transport_lost, "gone"));
  CHECK(told == 101);
}
