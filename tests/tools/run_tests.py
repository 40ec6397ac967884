#!/usr/bin/env python3
"""Builds and runs every test in every variant that this machine can build, and closes with one line of totals.

usage: tests/run [--soak[=N]] [--quick] [MESON TEST ARGUMENT]...

  --soak[=N]  then runs the canonical example N times (1000), and N/5 times more with every core kept busy
  --quick     the first compiler only, without other variants and without sanitizers

Variants: g++ with every test; clang++ (16 or later, where one is found) with every test that a compiler makes a difference to, its unit
and system tests under AddressSanitizer and UBSan; the examples with the core compiled once; g++ under AddressSanitizer and UBSan for what has
coroutines, memory or processes; ThreadSanitizer for what threads share. Anything else on the command line goes to `meson test`: names or
suites of tests. Each variant is a build directory build/<name>, kept for the next time.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What a variant builds (ninja's targets) and runs (Meson's suites); the system tests have the core compiled once in all of them.
UNITS = (("unit_tests", "system_tests"), ["unit", "system"])
CORE = (("core_tests", "system_tests"), ["core", "system"])                          # coroutines, memory, threads, processes
THREADS = (("thread_tests", "system_tests"), ["thread", "system"])                   # the same, and lives on real loops
NOT_UNITS = (("process_tests",), ["examples", "reject", "linking"])
SANITIZER_ENVIRONMENT = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "second_deadlock_stack=1:halt_on_error=1:atexit_sleep_ms=100",   # a second for each process would be long
}
DOCTEST = re.compile(r"\[doctest\] test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed \|(?:\s*(\d+) skipped)?")
TOTALS = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0

    def __iadd__(self, other):
        self.passed += other.passed
        self.failed += other.failed
        return self


@dataclass
class Variant:
    name: str
    compiler: str
    options: list
    targets: tuple = ("all_tests",)
    suites: list = field(default_factory=list)   # none: all
    slower: int = 1


def count_test(record):
    """What one test of a testlog.json adds up to: its own totals where it prints some, else one."""
    output, good = record.get("stdout", ""), record["result"] in ("OK", "EXPECTEDFAIL")
    if record["result"] == "SKIP":
        return Counts()
    own = [Counts(int(m.group(1)), int(m.group(2))) for m in DOCTEST.finditer(output)]
    own = own or [Counts(int(a), int(b)) for a, b in TOTALS.findall(output)[-1:]]
    counts = Counts()
    for each in own or [Counts(int(good), 0)]:
        counts += each
    if not good and counts.failed == 0:
        counts.failed = 1   # it crashed or hung after, or instead of, counting
    return counts


def count_log(lines):
    counts = Counts()
    for line in lines:
        if line.strip():
            counts += count_test(json.loads(line))
    return counts


def clang_version(program):
    text = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"clang version (\d+)", text)
    return int(found.group(1)) if found else 0


def compilers():
    """g++, and the newest clang++ from 16 on that builds a C++20 program here."""
    found = ["g++"]
    candidates = [shutil.which(name) for name in ["clang++"] + [f"clang++-{n}" for n in range(40, 15, -1)]]
    for program in sorted(filter(None, candidates), key=clang_version, reverse=True):
        if clang_version(program) >= 16 and works(program):
            return found + [Path(program).name]
    return found


def works(compiler, *flags):
    """Whether it compiles, links and runs a C++20 program with these flags: a sanitizer may fail at each."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "probe.cpp")
        source.write_text("#include <coroutine>\n#include <string>\nint main() { return std::string().size() ? 1 : 0; }\n")
        command = [compiler, "-std=c++20", *flags, str(source), "-o", str(source.with_suffix(""))]
        return all(subprocess.run(c, capture_output=True).returncode == 0 for c in (command, command[-1:]))


def variants(quick):
    found = compilers()
    fast = ["-Doptimization=0", "-Ddebug=false"]
    traced = ["-Doptimization=0", "-Ddebug=false", "-Dcpp_args=-g1"]
    address = {compiler: not quick and works(compiler, "-fsanitize=address,undefined") for compiler in found}
    yield Variant(found[0], found[0], fast)
    if quick:
        return
    for compiler in found[1:]:
        yield Variant(compiler, compiler, fast, *(NOT_UNITS if address[compiler] else ()))
    yield Variant(f"{found[0]}-separate", found[0], fast + ["-Dseparate_compilation=true"], ("process_tests",), ["examples"])
    for compiler in reversed(found):
        if address[compiler]:
            what = UNITS if compiler == found[-1] else CORE   # the last is clang, which takes half of g++'s time for it
            yield Variant(f"{compiler}-address", compiler, traced + ["-Dsanitizers=address"], *what, slower=4)
        else:
            print(f"{compiler} has no AddressSanitizer here: that variant is left out")
    threads = [compiler for compiler in reversed(found) if works(compiler, "-fsanitize=thread")]
    if threads:
        yield Variant(f"{threads[0]}-thread", threads[0], traced + ["-Dsanitizers=thread"], *THREADS, slower=8)
    else:
        print("no compiler has ThreadSanitizer here: that variant is left out")


def quietly(command, log, **more):
    """Runs a command into a file and shows that only if it fails."""
    with open(log, "w") as out:
        status = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **more).returncode
    if status != 0:
        lines = log.read_text(errors="replace").splitlines()
        print(*lines[:200], sep="\n")
    return status == 0


def configure(build, compiler, options):
    """A build directory with these options: made, kept, or made anew if they have changed."""
    wanted, memory = "\n".join([compiler, *options]), build / ".configured"
    fresh = not (build / "build.ninja").is_file()
    if not fresh and memory.is_file() and memory.read_text() == wanted:
        return True
    shutil.rmtree(build, ignore_errors=True)
    build.parent.mkdir(exist_ok=True)
    wrapper = "ccache " if shutil.which("ccache") else ""
    done = quietly(["meson", "setup", str(build), *options], Path(f"{build}.log"), cwd=ROOT, env=dict(os.environ, CXX=wrapper + compiler))
    if done:
        memory.write_text(wanted)
    return done


def run_variant(variant, arguments):
    build = ROOT / "build" / variant.name
    options = variant.options + ["-Dtests=enabled", "-Dexamples=enabled", "-Dbenchmarks=disabled"]
    if not configure(build, variant.compiler, options):
        return Counts(failed=1)
    if not quietly(["ninja", "-C", str(build), "-k", "0", "-j", str(os.cpu_count()), *variant.targets], Path(f"{build}.log")):
        print(f"{variant.name}: does not build")
        return Counts(failed=1)
    reports = build / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir()
    log = build / "meson-logs" / "testlog.json"
    log.unlink(missing_ok=True)
    command = ["meson", "test", "-C", str(build), "--no-rebuild", "--print-errorlogs", "--timeout-multiplier", str(variant.slower)]
    for suite in variant.suites if not any(a.startswith("--suite") for a in arguments) else []:
        command += ["--suite", suite]
    status = subprocess.run(command + arguments, stdin=subprocess.DEVNULL, env=sanitizer_environment(reports)).returncode
    counts = count_log(log.read_text().splitlines()) if log.is_file() else Counts()
    if status != 0 and counts.failed == 0 and (counts.passed or not arguments):
        counts.failed = 1
    counts += show_reports(reports)
    return counts


def sanitizer_environment(reports):
    """The environment in which a sanitizer writes what it finds to a file of its own: in a child nobody may look at the status."""
    return {**{name: f"{options}:log_path={reports}/report" for name, options in SANITIZER_ENVIRONMENT.items()}, **os.environ}


def show_reports(reports):
    """Prints what the sanitizers found in any process of a run; each process that found something is a failure."""
    found = sorted(reports.iterdir())
    for each in found:
        print(f"--- {each} ---", *each.read_text(errors="replace").splitlines()[:100], sep="\n")
    return Counts(failed=len(found))


def compare_manifests(names):
    """The manifests of one application, printed by the programs that variants have made of it, are to be the same bytes."""
    programs = [p for p in (ROOT / "build" / name / "tests" / "print_manifest" for name in names) if p.is_file()]
    if len(programs) < 2:
        return Counts()
    texts = [subprocess.run([p], capture_output=True, text=True, check=False).stdout for p in programs]
    if texts[0] and all(t == texts[0] for t in texts):
        return Counts(passed=1)
    print(f"the manifests of {' and '.join(names)} differ:")
    for name, text in zip(names, texts):
        print(f"--- {name} ---\n{text}")
    return Counts(failed=1)


def soak(runs):
    """The canonical example in the build that ./examples/run makes: what a user has."""
    run = ROOT / "examples" / "run"
    first = subprocess.run([run, "canonical"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if first.returncode != 0:
        print(f"./examples/run canonical: status {first.returncode}\n{first.stdout}{first.stderr}")
        return Counts(failed=1)
    command = [sys.executable, ROOT / "tests/tools/soak.py", "--runs", str(runs), "--busy", str(runs // 5), ROOT / "build/release/examples/canonical"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        output = []
        for line in process.stdout:
            output.append(line)
            if not TOTALS.match(line):
                print(line, end="", flush=True)
    return count_test({"stdout": "".join(output), "result": "OK" if process.returncode == 0 else "FAIL"})


def main(arguments):
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    soaks = [a for a in arguments if re.fullmatch(r"--soak(=\d+)?", a)]
    quick = "--quick" in arguments
    rest = [a for a in arguments if a not in soaks and a != "--quick"]
    results, begin = [], time.monotonic()

    def record(name, work, *inputs):
        print(f"=== {name} ===", flush=True)
        start = time.monotonic()
        results.append((name, work(*inputs), time.monotonic() - start))
        sys.stdout.flush()

    ran = []
    for variant in variants(quick):
        record(variant.name, run_variant, variant, rest)
        ran.append(variant.name)
    if not quick:
        record("manifests", compare_manifests, ran)
    if soaks:
        record("soak", soak, int((soaks[-1] + "=1000").split("=")[1]))

    total = Counts()
    print(f"\n{'variant':28} {'passed':>7} {'failed':>7} {'seconds':>8}")
    for name, counts, seconds in results:
        total += counts
        print(f"{name:28} {counts.passed:7} {counts.failed:7} {seconds:8.0f}")
    print(f"{'all':28} {total.passed:7} {total.failed:7} {time.monotonic() - begin:8.0f}\n")
    print(f"{total.passed} passed, {total.failed} failed")
    return 0 if total.failed == 0 and total.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
