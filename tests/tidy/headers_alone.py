#!/usr/bin/env python3
"""Compiles every header in a translation unit of its own (-fsyntax-only), header-only and, for what that changes, separately.

What a unit test includes first (tests/<layer>/<header>.cpp does) is compiled so by the tests' own build, and not here again.

usage: headers_alone.py --compiler COMMAND [--cache FOLDER] ROOT

A header that compiled is not compiled again until it, something it includes, the compiler or the flags change.
"""
import argparse
import hashlib
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from tidy import Tree  # noqa: E402

FLAGS = ["-std=c++20", "-fsyntax-only", "-pthread", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
         "-Wold-style-cast", "-Wnon-virtual-dtor", "-Woverloaded-virtual", "-Werror", "-x", "c++", "-"]
ONLY_GXX = ["-Wuseless-cast"]
SEPARATE = "-DVICEROY_SEPARATE_COMPILATION"


def without_wrapper(command):
    words = shlex.split(command)
    return words[1:] if Path(words[0]).name in ("ccache", "sccache") and len(words) > 1 else words


def mirror(header):
    """The unit test of a header, as a path below tests/."""
    return Path(*Path(header).parts[1:]).with_suffix(".cpp")


def first_include(source):
    """The first header that a source file includes; nothing where there is no such file."""
    found = re.search(r'^#include ["<]([^">]+)[">]', source.read_text(), re.M) if source.is_file() else None
    return found and found.group(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("root", type=Path)
    options = parser.parse_args()
    compiler = without_wrapper(options.compiler)
    version = subprocess.run(compiler + ["--version"], capture_output=True, text=True, check=True).stdout
    tree = Tree(options.root)
    flags = FLAGS + (ONLY_GXX if "clang" not in version else [])

    def job(name, mode):
        digest = hashlib.sha256("\0".join([version, *compiler, *flags, *mode, name]).encode())
        for reached in sorted(tree.closure(name)):
            if reached in tree.headers:
                digest.update(tree.read(tree.headers[reached]).encode())
        mark = options.cache and options.cache / digest.hexdigest()
        if mark and mark.exists():
            return name, mode, True, ""
        run = subprocess.run(
            compiler + ["-I" + str(tree.include.parent)] + mode + flags, input=f'#include "{name}"\n', capture_output=True, text=True)
        if mark and run.returncode == 0:
            mark.touch()
        return name, mode, run.returncode == 0, run.stderr

    if options.cache:
        options.cache.mkdir(parents=True, exist_ok=True)
    # Only what reads the switch (through VICEROY_DECL or itself) differs between the modes: the top, and what Asio or the system is in.
    both = [name for name, path in tree.headers.items() if tree.layer_of(name) == "" or "VICEROY_DECL" in tree.read(path)]
    tested = {name for name in tree.headers if first_include(options.root / "tests" / mirror(name)) == name}
    jobs = [(name, []) for name in tree.headers if name not in tested] + [(name, [SEPARATE]) for name in both]
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, mode, ok, output in pool.map(lambda j: job(*j), jobs):
            if not ok:
                failed += 1
                print(f"{name} does not compile alone{' separately' if mode else ''}:", *output.splitlines()[:12], sep="\n")
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
