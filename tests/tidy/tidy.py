#!/usr/bin/env python3
"""Checks what the tree promises about itself: layers, includes, sizes, registration, documents.

usage: tidy.py [--register] [ROOT]

Each rule is a function of the tree that yields complaints, "path:line: what is wrong and what to do". The layer table, the
headers that must not reach Asio and the life of a message are read from docs/ARCHITECTURE.md, so that the document stays true.
--register lists in the meson.build files what is in the tree and not in them.
"""
import re
import sys
from pathlib import Path

HEADER_LINES = 300
README_LINES = 200
ASIO_FLOOR = "channel"
BESIDE_THE_TOP = ("testing", "admin", "python")
TEXT = (".hpp", ".cpp", ".in", ".py", ".md", ".build", ".txt", ".sh", "")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.M)
BODIES = re.compile(r"^#if !defined\(VICEROY_SEPARATE_COMPILATION\)\n(.*?)^#endif\n\Z", re.M | re.S)
# Spelled in two halves: this file obeys its own rule.
MARKER = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
EMPTY_PROMISE = re.compile(r"\bnot " + r"(?:yet )?implemented\b|\bst" + r"ub\b", re.I)
SLEEP = re.compile(r"\b(?:sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(")
LISTS = (  # file, list, pattern of what belongs there
    ("tests/meson.build", "unit_tests", "tests/*/*.cpp"),
    ("tests/meson.build", "system_tests", "tests/system/*.cpp"),
    ("tests/meson.build", "reject_tests", "tests/reject/*.cpp"),
    ("examples/meson.build", "example_programs", "examples/*.cpp"),
    ("benchmarks/meson.build", "benchmark_programs", "benchmarks/**/*.cpp"),
)
NOT_UNIT_TESTS = ("system", "reject", "downstream", "tools", "tidy")


class Tree:
    """The files of a checkout, read once."""

    def __init__(self, root):
        self.root = Path(root)
        self.include = self.root / "include" / "viceroy"
        self.texts = {}
        self.headers = {self.name_of(p): p for p in sorted(self.include.rglob("*.hpp"))}
        self.includes = {name: self.includes_of(path) for name, path in self.headers.items()}
        self.architecture = self.read(self.root / "docs" / "ARCHITECTURE.md")
        self.layers = self.layer_table()

    def name_of(self, path):
        return path.relative_to(self.include.parent).as_posix()

    def read(self, path):
        if path not in self.texts:
            self.texts[path] = path.read_text(encoding="utf-8") if path.is_file() else ""
        return self.texts[path]

    def shown(self, path, line=1):
        return f"{path.relative_to(self.root)}:{line}"

    def includes_of(self, path):
        """What a header includes, whatever its #if says: (line, name) in order."""
        text = self.read(path)
        return [(text.count("\n", 0, m.start(2)) + 1, m.group(2)) for m in INCLUDE.finditer(text)]

    def block_under(self, heading):
        """The lines of the first code block under a heading of ARCHITECTURE.md, or None."""
        section = re.search(rf"^## {heading}\b.*?\n(.*?)(?=^## |\Z)", self.architecture, re.M | re.S)
        block = section and re.search(r"^```\w*\n(.*?)^```", section.group(1), re.M | re.S)
        return block.group(1).splitlines() if block else None

    def layer_table(self):
        lines = self.block_under("Layers") or []
        names = [m.group(1) for m in (re.match(r"(\w+)/\s", line) for line in lines) if m]
        return {name: rank for rank, name in enumerate(names)}

    def layer_of(self, name):
        """The folder of "viceroy/<folder>/x.hpp"; "" for what stands at the top."""
        parts = name.split("/")
        return parts[1] if len(parts) > 2 else ""

    def rank_of(self, name):
        layer = self.layer_of(name)
        if layer == "" or layer in BESIDE_THE_TOP:
            return len(self.layers)
        return self.layers.get(layer)

    def closure(self, name):
        """Every header reached from one, with the path that leads there."""
        reached, waiting = {name: [name]}, [name]
        while waiting:
            at = waiting.pop()
            for _, to in self.includes.get(at, []):
                if to not in reached:
                    reached[to] = reached[at] + [to]
                    waiting.append(to)
        return reached

    def sources(self):
        skip = {".git", "__pycache__", "subprojects"}
        for path in sorted(self.root.rglob("*")):
            parts = path.relative_to(self.root).parts
            if path.is_file() and path.suffix in TEXT and not skip & set(parts) and not parts[0].startswith("build"):
                yield path


def layers_are_written_down(tree):
    if not tree.layers:
        yield "docs/ARCHITECTURE.md:1: no layer table; write '## Layers' with a code block of lines 'name/  what it is', bottom to top"
        return
    for name, path in tree.headers.items():
        if tree.rank_of(name) is None:
            yield f"{tree.shown(path)}: the folder is no layer of docs/ARCHITECTURE.md"


def includes_go_down(tree):
    for name, path in tree.headers.items():
        here = tree.rank_of(name)
        for line, to in tree.includes[name]:
            if not to.startswith("viceroy/"):
                continue
            if to not in tree.headers:
                yield f"{tree.shown(path, line)}: includes {to}, which does not exist"
                continue
            there = tree.rank_of(to)
            if here is None or there is None:
                continue
            if there > here or (tree.layer_of(to) in BESIDE_THE_TOP and tree.layer_of(name) != tree.layer_of(to)):
                yield f"{tree.shown(path, line)}: includes {to}, which stands above it; includes go down only"


def no_include_cycles(tree):
    """Depth first; each cycle is told once, from the header where it was entered. What declares may end with what it declares."""
    state = {}

    def visit(name, trail):
        state[name] = "open"
        text = tree.read(tree.headers[name])
        bodies = {to for block in BODIES.findall(text) for _, to in INCLUDE.findall(block)}
        for _, to in tree.includes.get(name, []):
            if to in bodies:
                continue
            if state.get(to) == "open":
                cycle = trail[trail.index(to):] + [to]
                yield f"{tree.shown(tree.headers[name])}: include cycle {' -> '.join(cycle)}"
            elif to in tree.headers and to not in state:
                yield from visit(to, trail + [to])
        state[name] = "done"

    for name in tree.headers:
        if name not in state:
            yield from visit(name, [name])


def asio_stays_in_its_layers(tree):
    floor = tree.layers.get(ASIO_FLOOR)
    for name, path in tree.headers.items():
        rank = tree.rank_of(name)
        for line, to in tree.includes[name]:
            if to.startswith("boost/asio") and floor is not None and rank is not None and rank < floor:
                yield f"{tree.shown(path, line)}: Asio belongs to {ASIO_FLOOR}/ and above"


def actor_files_see_no_asio(tree):
    lines = tree.block_under("Headers that see no Asio")
    if lines is None:
        yield "docs/ARCHITECTURE.md:1: no list under '## Headers that see no Asio' (a code block, one header a line)"
        return
    for name in (line.split()[0] for line in lines if line.strip()):
        if name not in tree.headers:
            if "viceroy/viceroy.hpp" in tree.headers:
                yield f"docs/ARCHITECTURE.md:1: lists {name} among the headers that see no Asio; it does not exist"
            continue
        for reached, trail in tree.closure(name).items():
            if reached.startswith("boost/asio"):
                yield f"{tree.shown(tree.headers[name])}: reaches Asio: {' -> '.join(trail)}"
                break


def headers_are_short(tree):
    for path in tree.headers.values():
        lines = tree.read(path).count("\n")
        if lines > HEADER_LINES:
            yield f"{tree.shown(path, lines)}: {lines} lines; a header has at most {HEADER_LINES}, split it by concept"


def headers_say_what_they_are(tree):
    for path in tree.headers.values():
        lines = tree.read(path).splitlines() or [""]
        if not re.match(r"// \S.{10,}", lines[0]):
            yield f"{tree.shown(path)}: the first line is to be a comment, one sentence that says what the header is"
        if "#pragma once" not in lines:
            yield f"{tree.shown(path)}: no #pragma once"


def nothing_is_left_over(tree):
    for path in tree.sources():
        for number, line in enumerate(tree.read(path).splitlines(), 1):
            if MARKER.search(line):
                yield f"{tree.shown(path, number)}: leftover marker; do it, or file an issue"
            if path.suffix in (".hpp", ".cpp", ".in") and EMPTY_PROMISE.search(line):
                yield f"{tree.shown(path, number)}: an empty promise; build it, or leave it out"


def tests_wait_for_events(tree):
    for path in sorted((tree.root / "tests").rglob("*.[ch]pp")):
        for number, line in enumerate(tree.read(path).splitlines(), 1):
            if SLEEP.search(line):
                yield f"{tree.shown(path, number)}: sleeps; wait for the event instead"


def belongs(tree, file, pattern):
    """The files that a list of a meson.build has to name, relative to its folder."""
    folder = (tree.root / file).parent
    for path in sorted(tree.root.glob(pattern)):
        name = path.relative_to(folder)
        if pattern == "tests/*/*.cpp" and (name.parts[0] in NOT_UNIT_TESTS):
            continue
        yield name.as_posix()


def listed(tree, file, variable):
    block = re.search(rf"^{variable} = \[\n(.*?)^\]", tree.read(tree.root / file), re.M | re.S)
    return None if block is None else re.findall(r"'([^']+)'", re.sub(r"#.*", "", block.group(1)))


def everything_is_registered(tree):
    for file, variable, pattern in LISTS:
        wanted, named = list(belongs(tree, file, pattern)), listed(tree, file, variable)
        if named is None:
            if wanted:
                yield f"{file}:1: has no list {variable} = [...]"
            continue
        for name in wanted:
            if name not in named:
                yield f"{file}:1: {variable} does not list '{name}', so nothing builds it; run tests/tidy/tidy.py --register"
        for name in named:
            if name not in wanted:
                yield f"{file}:1: {variable} lists '{name}', which is not there"


def examples_have_their_output(tree):
    for path in sorted((tree.root / "examples").glob("*.cpp")):
        if not path.with_suffix(".expected").is_file():
            yield f"{tree.shown(path)}: has no {path.stem}.expected, what it prints"


def first_program(text):
    block = re.search(r"^```cpp\n(.*?)^```", text, re.M | re.S)
    return block.group(1) if block else None


def readme_is_true(tree):
    readme, canonical = tree.root / "README.md", tree.root / "examples" / "canonical.cpp"
    text = tree.read(readme)
    if not text:
        yield "README.md:1: does not exist"
        return
    if text.count("\n") >= README_LINES:
        yield f"README.md:1: {text.count(chr(10))} lines; it has fewer than {README_LINES}"
    if not canonical.is_file():
        return
    program = first_program(text)
    if program is None:
        yield "README.md:1: shows no program (```cpp)"
        return
    compiled = iter(line.rstrip() for line in tree.read(canonical).splitlines())
    # Its lines in its order: the file that is compiled may do more than the page shows, and have longer typed lists.
    for line in (line.rstrip() for line in program.splitlines()):
        listed_so_far = line[:-2] + "," if line.endswith(">;") else None
        if line and not any(line == other or listed_so_far and other.startswith(listed_so_far) for other in compiled):
            yield f"README.md:1: its first program is not examples/canonical.cpp: '{line.strip()}' does not follow there"
            return


def life_of_a_message_exists(tree):
    section = re.search(r"^## .*life of (?:a|one) message.*?\n(.*?)(?=^## |\Z)", tree.architecture, re.M | re.S | re.I)
    rows = re.findall(r"^\|\s*\d+\s*\|\s*`([^`]+)`\s*`([^`]+)`", section.group(1) if section else "", re.M)
    if not rows and "viceroy/viceroy.hpp" in tree.headers:
        yield "docs/ARCHITECTURE.md:1: no life of a message: rows '| n | `path` `function` | what happens |' under a heading of that name"
    for file, function in rows:
        path = next((p for p in (tree.root / file, tree.include / file, tree.include.parent / file) if p.is_file()), None)
        if path is None:
            yield f"docs/ARCHITECTURE.md:1: the life of a message names {file}, which does not exist"
        elif not re.search(rf"\b{re.escape(function.split('::')[-1].strip('()'))}\s*[(<]", tree.read(path)):
            yield f"docs/ARCHITECTURE.md:1: the life of a message names {function} in {file}, which is not there"


RULES = (
    layers_are_written_down, includes_go_down, no_include_cycles, asio_stays_in_its_layers, actor_files_see_no_asio,
    headers_are_short, headers_say_what_they_are, nothing_is_left_over, tests_wait_for_events, everything_is_registered,
    examples_have_their_output, readme_is_true, life_of_a_message_exists,
)


def register(tree):
    """Rewrites each list as the sorted names of what is in the tree."""
    for file, variable, pattern in LISTS:
        path = tree.root / file
        names = "".join(f"  '{name}',\n" for name in belongs(tree, file, pattern))
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(rf"^({variable} = \[\n).*?^\]", lambda m: m.group(1) + names + "]", text, flags=re.M | re.S), encoding="utf-8")


def main(arguments):
    root = next((a for a in arguments if not a.startswith("-")), Path(__file__).resolve().parents[2])
    if "--register" in arguments:
        register(Tree(root))
    tree = Tree(root)
    passed = failed = 0
    for rule in RULES:
        complaints = list(rule(tree))
        print(*complaints, sep="\n", end="\n" if complaints else "")
        passed, failed = passed + (not complaints), failed + bool(complaints)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
