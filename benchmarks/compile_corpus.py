#!/usr/bin/env python3
"""What a handler costs a compiler: actors' files of 10, 50 and 200 handlers, in milliseconds and in template instantiations.

usage: compile_corpus.py [--compiler COMMAND] [--repeats N] [--json FILE] [--keep FOLDER] [ROOT]     measures, and prints each line as compile_time.py does
       compile_corpus.py --check [ROOT]            counts instantiations; fails where one is over its recorded figure by more than 3 %
       compile_corpus.py --record REASON [ROOT]    writes the figures of this tree down, with the reason for the change

Counts are clang++-19's and the same in every run, so that a machine that is busy does not matter. They belong to one set of headers of the
standard library and of Boost; with others --check is skipped.
"""
import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from compile_time import cpu_seconds

COUNTER = "clang++-19"
RECORD = Path(__file__).resolve().with_name("compile_corpus.json")
GROWTH = 0.03
SIZES = (10, 50, 200)
LIMIT_MS = 25.0    # a handler, in a file of 200
SKIPPED = 77

# In turns: handlers that return nothing, a value or a task, and one that answers through a port.
KINDS = (
    ("  long total;\n  std::string text;\n  std::vector<int> numbers;\n", "void handle(vr::context<worker>&, const {m}& m) {{ total += m.total; }}"),
    ("  std::string text;\n  double weight;\n", "std::string handle(vr::context<worker>&, {m} m) {{ return m.text; }}"),
    ("  long total;\n  vr::once_port_ref<long> reply;\n", "void handle(vr::context<worker>& cx, const {m}& m) {{ m.reply.send(cx, m.total); }}"),
    ("  long total;\n  bool last;\n", "vr::task<long> handle(vr::context<worker>&, {m} m) {{ co_return m.total + total; }}"),
    ("  int first;\n  int second;\n", "long handle(vr::context<worker>&, const {m}& m) {{ return m.first + m.second; }}"),
)


def actor_file(handlers):
    """A file that defines an actor of so many handlers, one type of message each, and another that spawns it."""
    parts = ["#include <viceroy/actor/actor.hpp>\n\n#include <string>\n#include <vector>\n\nnamespace vr = viceroy;\n"]
    names = [f"message_{i}" for i in range(handlers)]
    for i, name in enumerate(names):
        parts.append(f"struct {name} {{\n{KINDS[i % len(KINDS)][0]}}};\n")
    written = "".join(f"  {KINDS[i % len(KINDS)][1].format(m=name)}\n" for i, name in enumerate(names))
    parts.append(f"struct worker {{\n  using handles = vr::messages<{', '.join(names)}>;\n{written}  long total = 0;\n}};\n")
    parts.append("struct start {};\nstruct foreman {\n  using handles = vr::messages<start>;\n"
                 "  void handle(vr::context<foreman>& cx, const start&) { cx.spawn<worker>(); }\n};\n"
                 "vr::actor_ref<foreman> begin(vr::context<foreman>& cx) { return cx.spawn<foreman>(); }\n")
    return "\n".join(parts)


def corpus():
    return {f"handlers_{n}": actor_file(n) for n in SIZES}


def command(compiler, root, source, output, flags=()):
    return [*compiler, "-std=c++20", "-O0", "-pthread", "-I" + str(root / "include"), *flags, "-c", str(source), "-o", str(output)]


def instantiations(root, folder):
    """Of each file: how many classes and functions are instantiated from templates."""
    counts = {}
    for name, text in corpus().items():
        source, trace = folder / f"{name}.cpp", folder / f"{name}.json"
        source.write_text(text)
        done = subprocess.run(command([COUNTER], root, source, folder / "out.o", [f"-ftime-trace={trace}", "-ftime-trace-granularity=0"]),
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{name}: {COUNTER} does not compile it\n{done.stderr[:4000]}")
        events = [event["name"] for event in json.loads(trace.read_text())["traceEvents"]]
        counts[name] = {"classes": events.count("InstantiateClass"), "functions": events.count("InstantiateFunction")}
    return counts


def toolchain():
    """What the counts depend on beside this tree: the compiler, and the headers that it finds."""
    version = subprocess.run([COUNTER, "--version"], capture_output=True, text=True).stdout.split()
    macros = subprocess.run([COUNTER, "-std=c++20", "-xc++", "-E", "-dM", "-"], input="#include <version>\n#include <boost/version.hpp>\n",
                            capture_output=True, text=True).stdout
    known = dict(line.split(maxsplit=2)[1:] for line in macros.splitlines() if len(line.split()) > 2)
    compiler = version[version.index("version") + 1].split(".")[0]
    return f"clang {compiler}, libstdc++ {known.get('_GLIBCXX_RELEASE', '?')}, Boost {known.get('BOOST_LIB_VERSION', '?').strip(chr(34))}"


def compare(recorded, counted):
    """Sentences about what grew beyond the bound; and about what shrank as much."""
    grown, shrunk = [], []
    for name, kinds in counted.items():
        for kind, now in kinds.items():
            before = recorded.get(name, {}).get(kind)
            if before is None:
                grown.append(f"{name}: no figure is recorded for its {kind}")
            elif now > before * (1 + GROWTH):
                grown.append(f"{name}: {now} instantiated {kind}, {100 * (now / before - 1):.1f} % more than the {before} recorded; {100 * GROWTH:.0f} % is the bound")
            elif now < before * (1 - GROWTH):
                shrunk.append(f"{name}: {now} instantiated {kind}, {100 * (1 - now / before):.1f} % fewer than the {before} recorded")
    return grown, shrunk


def check(root):
    if shutil.which(COUNTER) is None:
        print(f"skipped: {COUNTER} is not installed, and it does the counting")
        return SKIPPED
    kept = json.loads(RECORD.read_text())
    here = toolchain()
    if here != kept["toolchain"]:
        print(f"skipped: the figures were recorded with {kept['toolchain']}, and here is {here}")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        counted = instantiations(root, Path(folder))
    for name, kinds in counted.items():
        print(f"{name}: {kinds['classes']} classes, {kinds['functions']} functions")
    grown, shrunk = compare(kept["counts"], counted)
    for sentence in grown + shrunk:
        print(sentence)
    how = 'python3 benchmarks/compile_corpus.py --record "why"'
    if grown:
        print(f"Every file that defines actors pays for this. Make it cheaper, or raise the figures with a reason that a reader can judge: {how}")
        return 1
    if shrunk:
        print(f"Record the gain, so that it is kept: {how}")
    return 0


def record(root, reason):
    if not reason.strip():
        sys.exit("a reason is one sentence that says what makes the figures change")
    with tempfile.TemporaryDirectory() as folder:
        counted = instantiations(root, Path(folder))
    reasons = json.loads(RECORD.read_text())["reasons"] if RECORD.is_file() else []
    RECORD.write_text(json.dumps({"toolchain": toolchain(), "counts": counted, "reasons": [*reasons, reason.strip()]}, indent=2) + "\n")
    print(f"recorded in {os.path.relpath(RECORD)}")
    return 0


def measure(compiler, root, repeats, folder, json_file):
    """CPU milliseconds of a handler: what the file of 200 takes beyond the file of 10, for each handler more."""
    seconds = {name: [] for name in corpus()}
    for name, text in corpus().items():
        (folder / f"{name}.cpp").write_text(text)
    for turn in range(-1, repeats):    # the first fills the file cache
        for name in seconds:
            took = cpu_seconds(command(compiler, root, folder / f"{name}.cpp", folder / "out.o"))
            if took is None:
                return 1
            if turn >= 0:
                seconds[name].append(took)
    first, results = seconds[f"handlers_{SIZES[0]}"], []

    def keep(name, values, unit, limit=None):
        value = statistics.median(values)
        results.append({"name": name, "value": value, "unit": unit, "baseline": "limit", "baseline_value": limit or 0,
                        "ratio": value / limit if limit else 0, "spread": [min(values), max(values)]})
        if limit:
            results[-1].update(limit=limit, limit_of="value")

    for size in SIZES:
        own = seconds[f"handlers_{size}"]
        print(f"name=compile_handlers_{size} value={statistics.median(own):.3f} unit=cpu_s")
        keep(f"compile_handlers_{size}", own, "cpu_s")
        if size != SIZES[0]:
            each = [1000 * (more - less) / (size - SIZES[0]) for more, less in zip(own, first)]
            limit = f" limit={LIMIT_MS}" if size == SIZES[-1] else ""
            print(f"name=compile_per_handler_{size} value={statistics.median(each):.2f} unit=cpu_ms spread={min(each):.2f}..{max(each):.2f}{limit}")
            keep(f"compile_per_handler_{size}", each, "cpu_ms", LIMIT_MS if size == SIZES[-1] else None)
    if json_file:
        json_file.write_text(json.dumps(results, indent=2) + "\n")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="where to leave the generated files, to look at")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--record", metavar="REASON")
    parser.add_argument("root", type=Path, nargs="?", default=Path(__file__).resolve().parents[1])
    options = parser.parse_args()
    if options.check:
        return check(options.root)
    if options.record is not None:
        return record(options.root, options.record)
    compiler = [word for word in shlex.split(options.compiler) if Path(word).name not in ("ccache", "sccache")]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        return measure(compiler, options.root, options.repeats, folder, options.json)


if __name__ == "__main__":
    sys.exit(main())
