#!/usr/bin/env python3
"""Tests of the tools that the tests stand on."""
import os
import subprocess
import sys
import tempfile
import threading
import unittest
import uuid
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import clean_check  # noqa: E402
import golden  # noqa: E402
import message_costs  # noqa: E402
import run_tests  # noqa: E402
import soak  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import compile_corpus  # noqa: E402

TOOLS = Path(__file__).resolve().parent


class GoldenOutput(unittest.TestCase):
    def test_equal_text_is_no_difference(self):
        self.assertIsNone(golden.difference("a (b)\nc\n", "a (b)\nc\n"))

    def test_braces_hold_a_regular_expression_and_the_rest_does_not(self):
        self.assertIsNone(golden.difference("took {{[0-9.]+}} ms.\n", "took 1.5 ms.\n"))
        self.assertIn("line 1", golden.difference("took {{[0-9.]+}} ms.\n", "took 1.5 ms!\n"))

    def test_an_expression_may_end_with_a_brace(self):
        self.assertIsNone(golden.difference("{{[0-9a-f]{4}}}, {{b}}.\n", "00ff, b.\n"))

    def test_missing_and_surplus_lines_are_told(self):
        self.assertIn("line 2 is missing: b", golden.difference("a\nb\n", "a\n"))
        self.assertIn("line 2 is too many: b", golden.difference("a\n", "a\nb\n"))


class MessageCosts(unittest.TestCase):
    def test_what_a_game_took_stands_between_two_marks(self):
        with tempfile.TemporaryDirectory() as folder:
            for number, total in ((1, 9000), (2, 500), (3, 70), (10, 8), (4, 600), (5, 1)):
                Path(folder, f"out.{number}").write_text(f"version: 1\nsummary: {total}\n\ntotals: {total}\n")
            self.assertEqual([500, 600, 8], message_costs.instructions_between_marks(Path(folder)))
        self.assertEqual(("g++ 12.2.0", [("ball", 100, 3)]), message_costs.played("compiler=g++ 12.2.0\ngame=ball count=100 allocations=3\n"))

    def test_more_than_the_bound_no_bound_and_no_game_fail(self):
        told = dict(message_costs.compare("instructions", {"dear": 101.2, "cheap": 99.0, "new": 1.0}, {"dear": 101, "cheap": 101, "gone": 7}))
        self.assertEqual(["cheap: 99.0 instructions (bound 101)"], [line for line, good in told.items() if good])
        self.assertEqual(4, len(told))


class CompileCorpus(unittest.TestCase):
    def test_growth_beyond_the_bound_is_told_and_what_is_within_it_is_not(self):
        recorded = {"handlers_10": {"classes": 1000, "functions": 100}}
        self.assertEqual(([], []), compile_corpus.compare(recorded, {"handlers_10": {"classes": 1030, "functions": 97}}))
        grown, shrunk = compile_corpus.compare(recorded, {"handlers_10": {"classes": 1031, "functions": 96}})
        self.assertIn("1031 instantiated classes, 3.1 % more than the 1000 recorded", grown[0])
        self.assertIn("96 instantiated functions, 4.0 % fewer", shrunk[0])

    def test_a_figure_that_was_never_recorded_is_told(self):
        self.assertIn("no figure is recorded", compile_corpus.compare({}, {"handlers_10": {"classes": 1}})[0][0])

    def test_counts_of_other_headers_are_skipped_by_name(self):
        with mock.patch.object(compile_corpus, "toolchain", return_value="clang 99"), mock.patch("builtins.print") as told, \
             mock.patch.object(compile_corpus.shutil, "which", return_value="/usr/bin/clang++-19"):
            self.assertEqual(77, compile_corpus.check(Path(".")))
        self.assertIn("here is clang 99", told.call_args.args[0])


class Prerequisites(unittest.TestCase):
    """prerequisites.sh with a PATH of programs that only pretend: nothing is installed, and apt-get tells what it was asked."""

    def require(self, system="ID=debian\nVERSION_ID=12\n", user="0", would_remove="", apt=True, tools="g++ boost doctest meson ninja pkg-config", meson="1.0.1"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            for name in ("bash", "sort", "head", "tail", "sed", "tr", "cut", "cat"):
                path.joinpath(name).symlink_to(f"/usr/bin/{name}")
            asked = path / "asked"
            programs = {
                "g++": 'case "$*" in *-dump*) echo 12.2.0 ;; *) case "$(cat)" in *doctest*) echo 2 ;; *) echo 108100 ;; esac ;; esac',
                "meson": f'if [ -e "{asked}.done" ]; then echo 1.0.1; else echo {meson}; fi',
                "ninja": "echo 1.11",
                "pkg-config": "echo 1",
                "id": f"echo {user}",
            }
            if apt:
                removes = f'echo "Remv {would_remove} [1.74]"' if would_remove else ":"
                programs["apt-get"] = f'echo "$*" >>{asked}; case "$*" in *-s*) {removes} ;; *install*) : >{asked}.done ;; esac'
            for name, text in programs.items():
                path.joinpath(name).write_text(f"#!/bin/bash\n{text}\n")
                path.joinpath(name).chmod(0o755)
            path.joinpath("os-release").write_text(system)
            run = subprocess.run(
                ["/bin/bash", "-euo", "pipefail", "-c", f". {TOOLS}/prerequisites.sh; viceroy_require {tools}; echo ready"],
                env={"PATH": folder, "VICEROY_OS_RELEASE": str(path / "os-release")}, capture_output=True, text=True)
            return run.returncode, run.stdout + run.stderr, asked.read_text() if asked.exists() else ""

    def test_nothing_is_touched_if_nothing_is_missing(self):
        self.assertEqual((0, "ready\n", ""), self.require(user="1000"))

    def test_root_on_debian_12_gets_what_is_missing_and_loses_nothing(self):
        status, output, asked = self.require(meson="0.61.2")
        self.assertEqual(0, status, output)
        self.assertIn("missing: Meson 1.0 or later", output)
        self.assertIn("ready", output)
        self.assertIn("install -q -y --no-remove --no-install-recommends meson\n", asked)

    def test_without_root_the_command_is_named(self):
        status, output, asked = self.require(meson="0.61.2", user="1000")
        self.assertEqual((2, "-s install --no-install-recommends meson\n"), (status, asked))
        self.assertIn('sudo sh -c "apt-get update && apt-get install --no-remove --no-install-recommends meson"', output)

    def test_what_is_in_the_way_is_named_and_left_alone(self):
        for user in ("0", "1000"):
            status, output, asked = self.require(meson="0.61.2", user=user, would_remove="libboost-dev")
            self.assertEqual(2, status)
            self.assertIn("in the way: libboost-dev", output)
            self.assertNotIn("-y", asked)

    def test_another_system_is_told_what_is_missing(self):
        for more in (dict(system="ID=fedora\nVERSION_ID=40\n"), dict(system="ID=debian\nVERSION_ID=13\n"), dict(apt=False)):
            status, output, asked = self.require(meson="0.61.2", **more)
            self.assertEqual((2, ""), (status, asked))
            self.assertIn("missing: Meson 1.0 or later", output)
            self.assertIn("not Debian 12", output)


class Totals(unittest.TestCase):
    def count(self, result, output):
        counts = run_tests.count_test({"result": result, "stdout": output})
        return counts.passed, counts.failed

    def test_a_doctest_program_counts_its_cases(self):
        self.assertEqual((5, 0), self.count("OK", "[doctest] test cases:  5 |  5 passed | 0 failed | 1 skipped\n"))
        self.assertEqual((3, 2), self.count("FAIL", "[doctest] test cases: 5 | 3 passed | 2 failed |\n"))

    def test_a_script_counts_what_its_last_line_says(self):
        self.assertEqual((7, 0), self.count("OK", "1 passed, 0 failed\n7 passed, 0 failed\n"))

    def test_a_silent_test_is_one_and_a_skipped_one_is_none(self):
        self.assertEqual((1, 0), self.count("OK", ""))
        self.assertEqual((0, 1), self.count("TIMEOUT", ""))
        self.assertEqual((0, 0), self.count("SKIP", ""))

    def test_a_crash_after_good_totals_is_a_failure(self):
        self.assertEqual((5, 1), self.count("FAIL", "[doctest] test cases:  5 |  5 passed | 0 failed | 0 skipped\nfree(): invalid pointer\n"))

    def test_what_a_sanitizer_found_in_any_process_is_a_failure(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch("builtins.print"):
            self.assertEqual(0, run_tests.show_reports(Path(folder)).failed)
            self.assertIn("detect_leaks=1", run_tests.sanitizer_environment(Path(folder))["ASAN_OPTIONS"])
            Path(folder, "report.1").write_text("leaks")
            Path(folder, "report.2").write_text("races")
            self.assertEqual(2, run_tests.show_reports(Path(folder)).failed)

    def test_a_program_that_ran_no_case_counts_nothing(self):
        self.assertEqual((0, 0), self.count("OK", "[doctest] test cases:  0 |  0 passed | 0 failed | 9 skipped\n"))


class Variants(unittest.TestCase):
    def variants(self, found, has, quick=False):
        with mock.patch.object(run_tests, "compilers", lambda: found), mock.patch.object(run_tests, "works", has), mock.patch("builtins.print"):
            return {v.name: (v.targets, v.suites) for v in run_tests.variants(quick)}

    def test_sanitizers_are_part_of_the_default_run_and_not_of_the_quick_one(self):
        names = ["g++", "clang++-19", "g++-separate", "clang++-19-address", "g++-address", "clang++-19-thread"]
        self.assertEqual(names, list(self.variants(["g++", "clang++-19"], lambda compiler, flag: True)))
        self.assertEqual(["g++"], list(self.variants(["g++", "clang++-19"], lambda compiler, flag: True, quick=True)))

    def test_every_test_runs_with_every_compiler_whichever_sanitizers_there_are(self):
        for has in (lambda compiler, flag: True, lambda compiler, flag: False, lambda compiler, flag: compiler == "g++"):
            found = self.variants(["g++", "clang++-19"], has)
            self.assertEqual((("all_tests",), []), found["g++"])
            whole = found["clang++-19"] == (("all_tests",), [])
            self.assertNotEqual(whole, found.get("clang++-19-address") == run_tests.UNITS)

    def test_one_compiler_alone_has_its_sanitizers_too(self):
        found = self.variants(["g++"], lambda compiler, flag: True)
        self.assertEqual(run_tests.UNITS, found["g++-address"])
        self.assertEqual(run_tests.THREADS, found["g++-thread"])


class Leftovers(unittest.TestCase):
    def test_a_process_is_known_by_its_mark_until_it_is_dead(self):
        mark = f"VICEROY_TEST_MARK={os.getpid()}"
        process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, env=dict(os.environ, VICEROY_TEST_MARK=str(os.getpid())))
        while not clean_check.left(mark):
            pass    # between the fork and the exec it is still this program
        self.assertEqual([f"process {process.pid}: cat"], clean_check.left(mark))
        process.stdin.close()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        self.assertEqual([], clean_check.left(mark))    # a zombie
        process.wait()

    def test_the_end_of_a_process_is_heard_from_the_kernel_and_its_life_is_told_at_the_limit(self):
        number = str(uuid.uuid4())
        mark, environment = f"VICEROY_TEST_MARK={number}", dict(os.environ, VICEROY_TEST_MARK=number)
        def found(seconds):
            return clean_check.left_after(seconds, lambda: clean_check.left(mark), lambda: clean_check.processes(mark))
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE, env=environment) as process:
            self.assertEqual(1, len(found(0)))
            closes = threading.Timer(0, process.stdin.close)
            closes.start()
            self.assertEqual([], found(60))
            closes.join()

    def test_a_run_that_fails_hangs_or_leaves_a_process_is_told_as_that(self):
        soak.adopt_orphans()
        self.assertIsNone(soak.run_once(["true"], 10)[0])
        self.assertIn("status 3", soak.run_once(["bash", "-c", "exit 3"], 10)[0])
        self.assertIn("hangs", soak.run_once(["cat", "/dev/zero"], 0.2)[0])
        self.assertIn("leaves process", soak.run_once(["bash", "-c", "setsid yes >/dev/null & exit 0"], 10)[0])


if __name__ == "__main__":
    result = unittest.TextTestRunner(stream=sys.stdout).run(unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)
