#!/usr/bin/env python3
"""Runs a program and compares all it prints with a file: line by line, {{...}} in the file being a regular expression.

usage: golden.py EXPECTED PROGRAM [ARGUMENT]...
"""
import re
import subprocess
import sys
from pathlib import Path


def pattern_of(line):
    """A regular expression for one expected line."""
    parts = re.split(r"\{\{(.*?)\}\}(?!\})", line)    # a}}} ends with a brace of the expression's own
    return "".join(part if i % 2 else re.escape(part) for i, part in enumerate(parts))


def difference(expected, printed):
    """The first line that differs, in words; None if none does."""
    wanted, got = expected.splitlines(), printed.splitlines()
    for number in range(max(len(wanted), len(got))):
        if number >= len(got):
            return f"line {number + 1} is missing: {wanted[number]}"
        if number >= len(wanted):
            return f"line {number + 1} is too many: {got[number]}"
        if not re.fullmatch(pattern_of(wanted[number]), got[number]):
            return f"line {number + 1} should be: {wanted[number]}\n{' ' * (len(str(number)) + 8)} but is: {got[number]}"
    return None


def main():
    expected, command = Path(sys.argv[1]), sys.argv[2:]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    wrong = difference(expected.read_text(encoding="utf-8"), run.stdout)
    if run.returncode != 0:
        wrong = f"exit status {run.returncode}" + (f"; {wrong}" if wrong else "")
    if wrong:
        print(f"{expected.name}: {wrong}\n--- printed ---\n{run.stdout}--- errors ---\n{run.stderr}")
    print("0 passed, 1 failed" if wrong else "1 passed, 0 failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
