#!/usr/bin/env python3
"""Builds a file that holds a mistake twice: without -DREJECT it must compile in silence, with it it must fail as it says.

usage: run.py --compiler COMMAND [--include FOLDER]... FILE...

The file says in comments what the second build must print:
  // expect: REGEX            on every compiler (any number; also expect-g++: and expect-clang:)
  // reject-here              on the line where the first error must stand
  // reject-from              on a line that the output must name (the error itself stands in a header)
  // max-lines-g++: N         the most lines of output, default 16
  // max-lines-clang: N       the same, default 20
With expectations of other compilers only, it must compile in silence both ways: the mistake is none here.
"""
import argparse
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

FLAGS = ["-std=c++20", "-fsyntax-only", "-pthread", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
         "-fdiagnostics-color=never", "-fmessage-length=0"]
MOST_LINES = {"g++": 16, "clang": 20}


def without_wrapper(command):
    words = shlex.split(command)
    return words[1:] if Path(words[0]).name in ("ccache", "sccache") and len(words) > 1 else words


def family_of(compiler):
    version = subprocess.run(compiler + ["--version"], capture_output=True, text=True, check=True).stdout
    return "clang" if "clang" in version else "g++"


def compile_once(compiler, includes, file, *more):
    command = compiler + FLAGS + ["-I" + str(i) for i in includes] + list(more) + [str(file)]
    run = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, LC_ALL="C"))
    return run.returncode, run.stdout + run.stderr


def complaints(compiler, family, includes, file):
    """What is wrong with the pair, in words; nothing if all is as the file says."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    expected = re.findall(rf"^// expect(?:-{re.escape(family)})?: (.+?)\s*$", text, re.M)
    elsewhere = not expected and re.search(r"^// expect-\S+: ", text, re.M)
    if not expected and not elsewhere:
        yield "says no '// expect: REGEX'"
        return

    status, output = compile_once(compiler, includes, file)
    if status != 0:
        yield f"the control build fails:\n{output}"
        return
    if output:
        yield f"the control build is not silent:\n{output}"
        return

    status, output = compile_once(compiler, includes, file, "-DREJECT")
    if elsewhere:
        if status != 0 or output:
            yield f"it expects nothing of {family}, which does not take it in silence:\n{output}"
        return
    if status == 0:
        yield "the rejected build compiles"
        return
    for regex in expected:
        if not re.search(regex, output, re.M):
            yield f"the output does not match '{regex}'"
    here = [n for n, line in enumerate(lines, 1) if line.rstrip().endswith("// reject-here")]
    first = re.search(r"^([^\s:][^:\n]*):(\d+):(?:\d+:)? (?:fatal )?error: ", output, re.M)
    if here and (first is None or Path(first.group(1)).name != file.name or int(first.group(2)) not in here):
        yield f"the first error stands at {first.group(1) + ':' + first.group(2) if first else 'no line'}, not at {file.name}:{here[0]}"
    for number in (n for n, line in enumerate(lines, 1) if line.rstrip().endswith("// reject-from")):
        if not re.search(rf"{re.escape(file.name)}:{number}\b", output):
            yield f"the output does not name {file.name}:{number}"
    limit = re.search(rf"^// max-lines-{re.escape(family)}: (\d+)", text, re.M)
    most, count = int(limit.group(1)) if limit else MOST_LINES[family], output.count("\n")
    if count > most:
        yield f"the output has {count} lines, more than {most}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--include", type=Path, action="append")
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    compiler = without_wrapper(options.compiler)
    family = family_of(compiler)
    includes = options.include or [Path(__file__).resolve().parents[2] / "include"]
    failed = 0
    for file in options.files:
        found = list(complaints(compiler, family, includes, file))
        failed += bool(found)
        for complaint in found:
            print(f"{file}: {complaint}")
        if found and not found[0].startswith(("the control", "says", "the rejected")):
            print(compile_once(compiler, includes, file, "-DREJECT")[1])
    print(f"{len(options.files) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
