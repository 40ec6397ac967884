#include "viceroy/bootstrap/modes.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <string>

namespace vr = viceroy;

namespace {

// What a child makes of an environment; the variables are gone afterwards, as for a real child.
struct told {
  told& with(const char* name, const char* value) {
    ::setenv(name, value, 1);
    return *this;
  }
  vr::child_settings settings() const { return vr::child_settings::from(vr::process_environment::take()); }
  std::string refusal() const {
    try {
      static_cast<void>(settings());
    } catch (const vr::error& e) {
      CHECK(e.kind() == vr::errc::bad_input);
      return e.what();
    }
    return {};
  }
};

told child() {
  told t;
  t.with("VICEROY_BOOTSTRAP_ADDR", "unix:@parent").with("VICEROY_BOOTSTRAP_INDEX", "3");
  return t;
}

}  // namespace

TEST_CASE("a child reads who started it, and as what; allocated unless said otherwise") {
  auto s = child().settings();
  CHECK(s.parent == vr::address::parse("unix:@parent"));
  CHECK(s.index == 3);
  CHECK(s.mode == vr::bootstrap_mode::allocated);
  CHECK(::getenv("VICEROY_BOOTSTRAP_ADDR") == nullptr);
  s = child().with("VICEROY_BOOTSTRAP_MODE", "proc").with("VICEROY_TRACE_ID", "t").settings();
  CHECK(s.mode == vr::bootstrap_mode::proc);
  CHECK(s.trace_id == "t");
}

TEST_CASE("every variable that is garbage is named, with its value and what it should be") {
  CHECK(child()
            .with("VICEROY_BOOTSTRAP_ADDR", "nowhere")
            .refusal()
            .find("VICEROY_BOOTSTRAP_ADDR='nowhere' is not") == 0);
  CHECK(child().with("VICEROY_BOOTSTRAP_ADDR", "tcp:127.0.0.1:1").refusal().find("expected unix:@name") !=
        std::string::npos);
  CHECK(child().with("VICEROY_BOOTSTRAP_INDEX", "0").refusal() ==
        "VICEROY_BOOTSTRAP_INDEX='0' is not the index of a child: expected a number from 1 to 4294967295");
  CHECK(child().with("VICEROY_BOOTSTRAP_INDEX", "4294967296").refusal().find("VICEROY_BOOTSTRAP_INDEX=") ==
        0);
  CHECK(child().with("VICEROY_BOOTSTRAP_INDEX", "three").refusal().find("VICEROY_BOOTSTRAP_INDEX") == 0);
  CHECK(child().with("VICEROY_BOOTSTRAP_MODE", "host").refusal() ==
        "VICEROY_BOOTSTRAP_MODE='host' is not a bootstrap mode: expected allocated or proc");
}
