#!/usr/bin/env python3
"""Prints the first program (```cpp) of a document, to be compiled as it stands there: first_program.py DOCUMENT"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tidy"))
from tidy import first_program  # noqa: E402

print(first_program(Path(sys.argv[1]).read_text(encoding="utf-8")), end="")
