#!/usr/bin/env python3
"""What including Viceroy costs a compiler, as ratios to a file that includes only <boost/asio.hpp>, in one run.

usage: compile_time.py [--compiler COMMAND] [--repeats N] [--json FILE] [--keep FOLDER] ROOT

  actor_file            an actor with two messages: what most files of a program are
  application_100       the main file of an application of 100 messages, header-only
  application_100_separate   the same with VICEROY_SEPARATE_COMPILATION
  application_100_each_other_separate   the same, and no two messages have their fields in one order, so that they share less
  peer_asio_echo_server, peer_beast_http_server   for comparison: the least that serves with Asio's coroutines, and with Beast, both header-only

Each line is what benchmarks/harness.hpp prints, and the limit the design sets: printed, not asserted, for a busy machine to pass.
Values are CPU seconds of `-O0 -c`; each round compiles every file once, and ratios are taken within a round. Without --compiler g++ compiles, and
then clang++-19 where there is one, whose lines end in _clang.
"""
import argparse
import itertools
import json
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SEPARATE = "-DVICEROY_SEPARATE_COMPILATION"
ASIO = "#include <boost/asio.hpp>\n"
ACTOR = """#include <viceroy/actor/actor.hpp>

namespace vr = viceroy;

struct add {
  long amount;
};

struct get {
  vr::once_port_ref<long> reply;
};

struct counter {
  using handles = vr::messages<add, get>;

  void handle(vr::context<counter>&, const add& m) { value += m.amount; }
  void handle(vr::context<counter>& cx, const get& m) { m.reply.send(cx, value); }

  long value = 0;
};
"""


FIELDS = [("int rank", "1"), ("double weight", "2.0"), ("std::string text", '"three"'), ("std::vector<int> numbers", "std::vector<int>(4)"),
          ("bool last", "true"), ("long total", "6L")]


def application(actors=10, messages=10, each_other=False):
    """A main file: actors that handle messages of six fields each, and a client that talks to every actor."""
    orders = list(itertools.islice(itertools.permutations(FIELDS), 0, None, 7)) if each_other else [FIELDS] * (actors * messages)
    parts = ["#include <viceroy/viceroy.hpp>\n", "#include <string>\n#include <vector>\n", "namespace vr = viceroy;\n"]
    names = [[f"message_{a * messages + m}" for m in range(messages)] for a in range(actors)]
    for name, fields in zip(sum(names, []), orders):
        parts.append(f"struct {name} {{\n" + "".join(f"  {field};\n" for field, _ in fields) + "};\n")
    for a, own in enumerate(names):
        handlers = "".join(f"  void handle(vr::context<actor_{a}>&, const {name}& m) {{ total += m.total; }}\n" for name in own)
        parts.append(f"struct actor_{a} {{\n  using handles = vr::messages<{', '.join(own)}>;\n{handlers}  long total = 0;\n}};\n")
    listed = ", ".join(f"actor_{a}" for a in range(actors))
    casts = "".join(
        f"  auto mesh_{a} = co_await procs.spawn<actor_{a}>(client, \"a{a}\");\n"
        f"  mesh_{a}.cast<{own[0]}>(client, {', '.join(value for _, value in orders[a * messages])});\n" for a, own in enumerate(names))
    parts.append(
        f"using app = vr::application<\"hundred\", vr::actors<{listed}>>;\n\n"
        "vr::task<void> run(vr::runtime<app>& rt) {\n"
        "  auto root = vr::proc<app>::direct(rt, vr::transport::unix_domain, \"root\");\n"
        "  auto client = root.instance(\"client\");\n"
        "  auto procs = co_await vr::this_host<app>(client).spawn_procs(vr::dim(\"gpus\", 2));\n"
        f"{casts}}}\n\nVICEROY_MAIN(app, run)\n")
    return "\n".join(parts)


ECHO_SERVER = """#include <boost/asio.hpp>

namespace asio = boost::asio;
using asio::ip::tcp;

asio::awaitable<void> serve(tcp::socket peer) {
  char bytes[1024];
  while (true) {
    const auto size = co_await peer.async_read_some(asio::buffer(bytes), asio::use_awaitable);
    co_await asio::async_write(peer, asio::buffer(bytes, size), asio::use_awaitable);
  }
}

asio::awaitable<void> accept_all(tcp::acceptor doors) {
  while (true) {
    tcp::socket peer = co_await doors.async_accept(asio::use_awaitable);
    asio::co_spawn(doors.get_executor(), serve(std::move(peer)), asio::detached);
  }
}

int main() {
  asio::io_context loop;
  asio::signal_set signals(loop, SIGTERM);
  signals.async_wait([&](auto, auto) { loop.stop(); });
  asio::co_spawn(loop, accept_all(tcp::acceptor(loop, {tcp::v4(), 0})), asio::detached);
  loop.run();
}
"""

HTTP_SERVER = """#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <memory>

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;

struct visit : std::enable_shared_from_this<visit> {
  explicit visit(tcp::socket peer) : stream(std::move(peer)) {}
  void listen() {
    question = {};
    http::async_read(stream, buffer, question, beast::bind_front_handler(&visit::reply, shared_from_this()));
  }
  void reply(beast::error_code failed, std::size_t) {
    if (failed) return;
    answer = {http::status::ok, question.version(), "hello"};
    answer.prepare_payload();
    http::async_write(stream, answer, [self = shared_from_this()](beast::error_code e, std::size_t) { if (!e) self->listen(); });
  }
  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  http::request<http::string_body> question;
  http::response<http::string_body> answer;
};

int main() {
  boost::asio::io_context loop;
  tcp::acceptor doors(loop, {tcp::v4(), 0});
  std::make_shared<visit>(doors.accept())->listen();
  loop.run();
}
"""


def cpu_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        print(f"{shlex.join(command)}\n{done.stderr[:4000]}", file=sys.stderr)
        return None
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", action="append")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="where to leave the generated files, to look at")
    parser.add_argument("root", type=Path, nargs="?", default=Path(__file__).resolve().parents[1])
    options = parser.parse_args()
    compilers = options.compiler or ["g++"] + (["clang++-19"] if shutil.which("clang++-19") else [])
    results = []
    for number, compiler in enumerate(compilers):
        found = measure(compiler, options, "" if number == 0 else "_" + Path(shlex.split(compiler)[-1]).name.split("+")[0])
        if found is None:
            return 1
        results += found
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")
    return 0 if results else 77


def measure(compiler, options, suffix):
    """Prints a compiler's lines, their names ending in `suffix`. Returns: what they say; None if a file does not compile."""
    # A compiler cache would measure itself.
    compiler = [word for word in shlex.split(compiler) if Path(word).name not in ("ccache", "sccache")]
    include = options.root / "include"

    cases = [("asio", ASIO, [], None, None), ("peer_asio_echo_server", ECHO_SERVER, [], None, None),
             ("peer_beast_http_server", HTTP_SERVER, [], None, None)]
    for name, text, flags, limit, needs in (
        ("actor_file", ACTOR, [], 0.5, "actor/actor.hpp"),
        ("application_100", application(), [], 2.5, "viceroy.hpp"),
        ("application_100_separate", application(), [SEPARATE], 1.0, "src.hpp"),
        ("application_100_each_other_separate", application(each_other=True), [SEPARATE], None, "src.hpp"),
    ):
        if (include / "viceroy" / needs).is_file():
            cases.append((name, text, flags, limit, needs))
        else:
            print(f"{name}: left out, there is no {needs}", file=sys.stderr)

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        commands = {}
        for name, text, flags, _, _ in cases:
            source = folder / f"{name}.cpp"
            source.write_text(text)
            commands[name] = [*compiler, "-std=c++20", "-O0", "-pthread", "-I" + str(include), *flags, "-c", str(source), "-o", "/dev/null"]
        seconds = {name: [] for name in commands}
        for turn in range(-1, options.repeats):    # the first fills the file cache
            for name, command in list(commands.items()):
                took = cpu_seconds(command)
                if took is None:
                    return None
                if turn >= 0:
                    seconds[name].append(took)

    results, baseline = [], seconds["asio"]
    for name, _, _, limit, _ in cases[1:]:
        ratios = [value / base for value, base in zip(seconds[name], baseline)]
        results.append({
            "name": f"compile_{name}{suffix}", "value": statistics.median(seconds[name]), "unit": "cpu_s", "baseline": "boost_asio_hpp",
            "baseline_value": statistics.median(baseline), "ratio": statistics.median(ratios), "spread": [min(ratios), max(ratios)], "limit": limit})
        r = results[-1]
        print(f"name={r['name']} value={r['value']:.3f} unit={r['unit']} baseline={r['baseline']} baseline_value={r['baseline_value']:.3f} "
              f"ratio={r['ratio']:.3f} spread={min(ratios):.3f}..{max(ratios):.3f}" + (f" limit={limit}" if limit else ""), flush=True)
    return results


if __name__ == "__main__":
    sys.exit(main())
