#!/usr/bin/env python3
"""Tests of the tools that the tests stand on."""
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import golden  # noqa: E402


class GoldenOutput(unittest.TestCase):
    def test_equal_text_is_no_difference(self):
        self.assertIsNone(golden.difference("a (b)\nc\n", "a (b)\nc\n"))

    def test_braces_hold_a_regular_expression_and_the_rest_does_not(self):
        self.assertIsNone(golden.difference("took {{[0-9.]+}} ms.\n", "took 1.5 ms.\n"))
        self.assertIn("line 1", golden.difference("took {{[0-9.]+}} ms.\n", "took 1.5 ms!\n"))

    def test_missing_and_surplus_lines_are_told(self):
        self.assertIn("line 2 is missing: b", golden.difference("a\nb\n", "a\n"))
        self.assertIn("line 2 is too many: b", golden.difference("a\n", "a\nb\n"))


if __name__ == "__main__":
    result = unittest.TextTestRunner(stream=sys.stdout).run(unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)
