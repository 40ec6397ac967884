#!/usr/bin/env python3
"""Shows that the harness can fail: each file of self/ says in its first line what run.py must make of it."""
import re
import subprocess
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
failed, cases = 0, sorted((here / "self").glob("*.cpp"))
for case in cases:
    wanted = re.match(r"// harness: (.+)", case.read_text(encoding="utf-8")).group(1)
    run = subprocess.run([sys.executable, here / "run.py", *sys.argv[1:], case], capture_output=True, text=True)
    right = run.returncode == 0 if wanted == "accepts" else run.returncode == 1 and re.search(wanted, run.stdout)
    if not right:
        failed += 1
        print(f"{case.name}: wanted '{wanted}', got status {run.returncode} and:\n{run.stdout}{run.stderr}")
print(f"{len(cases) - failed} passed, {failed} failed")
sys.exit(1 if failed or not cases else 0)
