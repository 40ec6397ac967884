#!/usr/bin/env python3
"""Asserts what a message within a loop costs: instructions, counted by callgrind, and allocations.

usage: message_costs.py [--record] PROGRAM (instructions | allocations)

PROGRAM is message_costs.cpp, compiled by g++ 12 with -O2. The bounds are in message_costs.json; both counts are the same from run to
run, so that a bound is 3 % above what was measured: for another libc, not for growth. A change that is worth what it costs raises them
with --record, and its commit says why. Exits with 77 (skipped) where the bounds say nothing: without valgrind, or of another compiler.
"""
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BOUNDS = Path(__file__).with_suffix(".json")
MARGIN = 1.03
MARK = "message_costs_mark"
GAMES_OWN = 4   # allocations of a game, not of its messages: the frame of a task


def played(output):
    """What the program printed: its compiler, and (game, count, allocations) in order."""
    compiler = re.search(r"^compiler=(.*)$", output, re.M)
    games = re.findall(r"^game=(\w+) count=(\d+) allocations=(\d+)$", output, re.M)
    return compiler.group(1) if compiler else "", [(name, int(count), int(taken)) for name, count, taken in games]


def instructions_between_marks(folder):
    """The counts between the first mark and the second, the third and the fourth, ...: callgrind begins a new file at each."""
    parts = sorted((int(p.suffix[1:]), p) for p in folder.glob("out.*"))
    totals = [int(re.search(r"^totals: (\d+)$", p.read_text(), re.M).group(1)) for _, p in parts]
    return totals[1::2]


def run(program, folder=None):
    tool = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={folder}/out", f"--dump-before={MARK}"] if folder else []
    done = subprocess.run([*tool, program], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"{program} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return played(done.stdout)


def measure(program, what):
    """For each game what one message (call, actor) of it takes."""
    if what == "allocations":
        return {name: max(0, taken - GAMES_OWN) / count for name, count, taken in run(program)[1]}
    with tempfile.TemporaryDirectory() as folder:
        _, games = run(program, folder)
        counted = instructions_between_marks(Path(folder))
    if len(counted) != len(games):
        sys.exit(f"callgrind saw {len(counted)} games of {len(games)}: is {MARK} still called around each?")
    return {name: total / count for (name, count, _), total in zip(games, counted)}


def compare(what, measured, bounds):
    """The lines to print, and whether each is within its bound."""
    for name, value in measured.items():
        bound = bounds.get(name)
        good = bound is not None and value <= bound
        yield f"{name}: {value:.1f} {what} (bound {bound})" + ("" if good else ": TOO MANY"), good
    for name in bounds.keys() - measured.keys():
        yield f"{name}: has a bound and is not measured", False


def main(arguments):
    record = "--record" in arguments
    rest = [a for a in arguments if a != "--record"]
    if len(rest) != 2 or rest[1] not in ("instructions", "allocations"):
        sys.exit(__doc__)
    program, what = rest
    known = json.loads(BOUNDS.read_text())
    compiler, _ = run(program)
    if not compiler.startswith(known["compiler"]):
        print(f"skipped: the bounds are those of {known['compiler']}, this program is of {compiler}")
        return 77
    if what == "instructions" and not shutil.which("valgrind"):
        print("skipped: valgrind is not here, so nobody counts instructions (on Debian: apt-get install valgrind)")
        return 77
    measured = measure(program, what)
    if record:
        known[what] = {name: round(value * MARGIN) if what == "instructions" else math.ceil(value) for name, value in measured.items()}
        BOUNDS.write_text(json.dumps(known, indent=2) + "\n")
    results = list(compare(what, measured, known[what]))
    print(*[line for line, _ in results], sep="\n")
    failed = sum(not good for _, good in results)
    if failed:
        print(f"A message has become dearer than {BOUNDS.name} allows. If that is meant: {Path(__file__).name} --record {program} {what}, "
              "and the commit says why.")
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
