#include "viceroy/host/output_relay.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "host/children.hpp"

namespace {

using viceroy::output_relay;
using viceroy::output_target;
using viceroy::owned_descriptor;

struct two_ends {
  owned_descriptor read, write;
};

two_ends make_pipe() {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
  return {owned_descriptor(ends[0]), owned_descriptor(ends[1])};
}

viceroy::shared<output_target> target_of(const owned_descriptor& end) {
  struct stat status{};
  REQUIRE(::fstat(end.get(), &status) == 0);
  return viceroy::make_counted<output_target>(end.get(), &status);
}

void put(const owned_descriptor& end, std::string_view text) {
  REQUIRE(::write(end.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

std::string take(const owned_descriptor& end) {
  std::string all;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(end.get(), buffer, sizeof buffer)) > 0;) {
    all.append(buffer, static_cast<std::size_t>(got));
  }
  return all;
}

struct fixture {
  io_loop io;
  two_ends ours = make_pipe();
  viceroy::shared<output_target> target = target_of(ours.write);
  viceroy::shared<viceroy::output_lines> lines = viceroy::make_counted<viceroy::output_lines>();

  viceroy::shared<output_relay> relay(two_ends& childs, std::string prefix = {}) {
    auto made =
        viceroy::make_counted<output_relay>(io, std::move(childs.read), target, lines, std::move(prefix));
    made->start();
    return made;
  }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "whole lines pass at once, and unfinished ones do not mix with another child's") {
  auto a = make_pipe();
  auto b = make_pipe();
  relay(a);
  relay(b);
  put(a.write, "a begins, ");
  put(b.write, "b\n");
  io.poll();
  put(a.write, "a ends\n");
  io.poll();
  CHECK(take(ours.read) == "b\na begins, a ends\n");
}

TEST_CASE_FIXTURE(fixture, "a prompt without an end appears all the same") {
  auto a = make_pipe();
  relay(a);
  put(a.write, "name? ");
  std::string seen;
  CHECK(children::run_until(io, [&] { return (seen += take(ours.read)) == "name? "; }));
}

TEST_CASE_FIXTURE(fixture, "a prefix stands before every line") {
  auto a = make_pipe();
  relay(a, "[3] ");
  put(a.write, "one\ntwo\n\nfo");
  a.write.close();
  io.run();
  CHECK(take(ours.read) == "[3] one\n[3] two\n[3] \n[3] fo");
}

TEST_CASE_FIXTURE(fixture, "a slow reader of ours holds the child up and not the loop, and loses nothing") {
  auto a = make_pipe();
  const auto made = relay(a);
  const std::string line = std::string(99, 'x') + "\n";
  std::size_t written = 0;
  // Until nothing moves any more: our pipe is full, then the relay waits, then the child's pipe is full.
  for (int refused = 0; refused < 100;) {
    const ssize_t done = ::write(a.write.get(), line.data(), line.size());
    if (done > 0) written += static_cast<std::size_t>(done);
    refused = done < 0 ? refused + 1 : 0;
    io.poll();
  }
  CHECK(written > 100u << 10);
  a.write.close();
  std::size_t seen = 0;
  CHECK(children::run_until(io, [&] {
    seen += take(ours.read).size();
    return seen == written;
  }));
  io.run();
  CHECK((::fcntl(ours.write.get(), F_GETFL) & O_NONBLOCK) != 0);
}

TEST_CASE_FIXTURE(fixture, "a slow reader of ours does not multiply who waits for the child's output") {
  auto a = make_pipe();
  relay(a);
  const std::string much(4096, 'x');
  for (int i = 0; i < 3; ++i) {
    while (::write(ours.write.get(), much.data(), much.size()) > 0) {
    }
    put(a.write, "a prompt without an end");
    io.poll();     // it is read, and held for its end
    io.run_one();  // which does not come, and our pipe is full
    take(ours.read);
    io.poll();
    CHECK(take(ours.read) == "a prompt without an end");
  }
  put(a.write, "a line\n");
  boost::asio::io_context& context = io;
  context.restart();
  CHECK(context.poll() == 1);
  CHECK(take(ours.read) == "a line\n");
}

TEST_CASE_FIXTURE(fixture, "the open file that others share keeps its blocking mode") {
  for (const int type : {0, 1}) {
    CAPTURE(type);
    int ends[2];
    REQUIRE((type == 0 ? ::pipe2(ends, O_CLOEXEC)
                       : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) == 0);
    owned_descriptor reader(ends[0]);
    owned_descriptor writer(ends[1]);
    target = target_of(writer);
    auto a = make_pipe();
    relay(a);
    const std::string much(256u << 10, 'x');
    for (int refused = 0; refused < 100;) {
      refused = ::write(a.write.get(), much.data(), much.size()) < 0 ? refused + 1 : 0;
      io.poll();
    }
    CHECK((::fcntl(writer.get(), F_GETFL) & O_NONBLOCK) == 0);
    reader.close();
    a.write.close();
    io.run();
  }
}

TEST_CASE_FIXTURE(fixture, "a reader of ours that is gone ends neither this program nor the last lines") {
  auto a = make_pipe();
  relay(a);
  ours.read.close();
  put(a.write, "one\n");
  io.poll();
  put(a.write, "two\n");
  a.write.close();
  io.run();
  CHECK(lines->last() == std::vector<std::string>{"one", "two"});
}

TEST_CASE_FIXTURE(fixture, "finish takes what is there although somebody else still holds the pipe") {
  auto a = make_pipe();
  const auto made = relay(a);
  put(a.write, "last words");
  made->finish();
  CHECK(take(ours.read) == "last words");
  CHECK(lines->last() == std::vector<std::string>{"last words"});
  io.run();
}

TEST_CASE("a target is shared while our stdout leads to the same file, and without a stdout it swallows") {
  CHECK(output_target::of(1) == output_target::of(1));
  output_target closed(1, nullptr);
  std::string_view text = "x";
  CHECK(closed.write(text) == output_target::result::gone);
}
