#!/usr/bin/env python3
"""What including Viceroy costs a compiler, as ratios to a file that includes only <boost/asio.hpp>, in one run.

usage: compile_time.py [--compiler COMMAND] [--repeats N] [--json FILE] [--keep FOLDER] ROOT

  actor_file            an actor with two messages: what most files of a program are
  application_100       the main file of an application of 100 messages, header-only
  application_100_separate   the same with VICEROY_SEPARATE_COMPILATION
  application_100_each_other_separate   the same, and no two messages have their fields in one order, so that they share less

Each line is what benchmarks/harness.hpp prints, and the limit the design sets: printed, not asserted, for a busy machine to pass.
Values are CPU seconds of `-O0 -c`; each round compiles every file once, and ratios are taken within a round.
"""
import argparse
import itertools
import json
import resource
import shlex
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
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="where to leave the generated files, to look at")
    parser.add_argument("root", type=Path, nargs="?", default=Path(__file__).resolve().parents[1])
    options = parser.parse_args()
    # A compiler cache would measure itself.
    compiler = [word for word in shlex.split(options.compiler) if Path(word).name not in ("ccache", "sccache")]
    include = options.root / "include"

    cases = [("asio", ASIO, [], None, None)]
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
                    return 1
                if turn >= 0:
                    seconds[name].append(took)

    results, baseline = [], seconds["asio"]
    for name, _, _, limit, _ in cases[1:]:
        ratios = [value / base for value, base in zip(seconds[name], baseline)]
        results.append({
            "name": f"compile_{name}", "value": statistics.median(seconds[name]), "unit": "cpu_s", "baseline": "boost_asio_hpp",
            "baseline_value": statistics.median(baseline), "ratio": statistics.median(ratios), "spread": [min(ratios), max(ratios)], "limit": limit})
        r = results[-1]
        print(f"name={r['name']} value={r['value']:.3f} unit={r['unit']} baseline={r['baseline']} baseline_value={r['baseline_value']:.3f} "
              f"ratio={r['ratio']:.3f} spread={min(ratios):.3f}..{max(ratios):.3f}" + (f" limit={limit}" if limit else ""), flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")
    return 0 if results else 77


if __name__ == "__main__":
    sys.exit(main())
