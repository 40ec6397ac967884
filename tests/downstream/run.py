#!/usr/bin/env python3
"""Uses Viceroy as a project of its own would: one of four ways, in a temporary folder.

usage: run.py --compiler COMMAND --meson COMMAND ROOT subproject|pkgconfig|separate|mixed

  subproject  Viceroy is a Meson subproject, header-only
  pkgconfig   Viceroy is installed; the program is built by the compiler alone with what pkg-config says
  separate    two files and one with src.hpp, all with VICEROY_SEPARATE_COMPILATION; and by Meson's option
  mixed       files that disagree about VICEROY_SEPARATE_COMPILATION: linking fails, and the linker names it
"""
import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent / "project"
SEPARATE = "-DVICEROY_SEPARATE_COMPILATION"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
            "-Wold-style-cast", "-Wnon-virtual-dtor", "-Woverloaded-virtual", "-Werror"]
ONLY_GXX = ["-Wuseless-cast"]


class Failure(Exception):
    pass


def run(*command, **more):
    """Runs a command and returns what it prints; what fails is told with its output."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode != 0:
        raise Failure(f"{shlex.join(words)}\nstatus {done.returncode}\n{done.stdout}")
    return done.stdout


class Downstream:
    def __init__(self, options, folder):
        self.compiler, self.meson, self.root, self.folder = shlex.split(options.compiler), options.meson, options.root, folder
        self.environment = dict(os.environ, CXX=options.compiler)
        self.made = {}
        version = run(*self.compiler, "--version")
        self.warnings = WARNINGS + (ONLY_GXX if "clang" not in version else [])

    def compile(self, source, name, *flags):
        target = self.folder / name
        run(*self.compiler, "-std=c++20", "-O0", "-pthread", *self.warnings, *flags, "-c", source, "-o", target)
        return target

    def link(self, *objects):
        program = self.folder / "downstream"
        run(*self.compiler, "-pthread", *objects, "-o", program)
        return program

    def check(self, program):
        printed = run(program)
        if printed != "downstream: ok\n":
            raise Failure(f"{program} printed: {printed}")

    def meson_project(self, *options):
        """The project with Viceroy as its subproject, by a link: nothing of this checkout is written to."""
        source, build = self.folder / "project", self.folder / "build"
        shutil.copytree(PROJECT, source)
        (source / "subprojects").mkdir()
        (source / "subprojects" / "viceroy").symlink_to(self.root)
        run(self.meson, "setup", build, source, "-Doptimization=0", "-Ddebug=false", *options, env=self.environment)
        run("ninja", "-C", build)
        self.check(build / "downstream")

    def subproject(self):
        self.meson_project()

    def pkgconfig(self):
        build, prefix = self.folder / "build", self.folder / "prefix"
        run(self.meson, "setup", build, self.root, "--prefix", prefix, "-Dtests=disabled", "-Dexamples=disabled", env=self.environment)
        run(self.meson, "install", "-C", build, "--quiet")
        where = next(prefix.rglob("viceroy.pc")).parent
        environment = dict(os.environ, PKG_CONFIG_PATH=str(where))

        def ask(*what):
            return shlex.split(run("pkg-config", *what, "viceroy", env=environment))

        template = Path(ask("--variable=bootstrap_main")[0])
        if (self.root / "include/viceroy/bootstrap/main.cpp.in").is_file() and not template.is_file():
            raise Failure(f"{template} is not installed")
        program = self.folder / "downstream"
        sources = [PROJECT / "main.cpp", PROJECT / "greeter.cpp"]
        run(*self.compiler, "-std=c++20", "-O0", *self.warnings, *ask("--cflags"), *sources, "-o", program, *ask("--libs"))
        self.check(program)

    def objects(self, **modes):
        """Object files of main, greeter or core, compiled separately or header-only; each is compiled once."""
        for name, separate in modes.items():
            if (name, separate) not in self.made:
                flags = ["-I" + str(self.root / "include"), *([SEPARATE] if separate else [])]
                self.made[name, separate] = self.compile(PROJECT / f"{name}.cpp", f"{name}-{separate}.o", *flags)
        return [self.made[mode] for mode in modes.items()]

    def separate(self):
        self.check(self.link(*self.objects(main=True, greeter=True, core=True)))
        self.meson_project("-Dviceroy:separate_compilation=true")

    def mixed(self):
        for modes in (dict(main=True, greeter=False, core=True), dict(main=False, greeter=True, core=True), dict(main=False, greeter=True)):
            objects = self.objects(**modes)
            try:
                self.link(*objects)
            except Failure as failure:
                if "VICEROY_SEPARATE_COMPILATION" not in str(failure).partition("\nstatus")[2]:
                    raise Failure(f"the linker does not name VICEROY_SEPARATE_COMPILATION for {modes}:\n{failure}") from failure
            else:
                raise Failure(f"files that disagree link: {modes}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--meson", default="meson")
    parser.add_argument("root", type=Path)
    parser.add_argument("way", choices=["subproject", "pkgconfig", "separate", "mixed"])
    options = parser.parse_args()
    options.root = options.root.resolve()
    if options.way in ("separate", "mixed") and not (options.root / "include/viceroy/src.hpp").is_file():
        print("src.hpp is not there: nothing to compile separately")
        return 77
    with tempfile.TemporaryDirectory(prefix="downstream-") as folder:
        try:
            getattr(Downstream(options, Path(folder)), options.way)()
        except Failure as failure:
            print(failure, "\n0 passed, 1 failed")
            return 1
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
