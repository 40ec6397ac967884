#!/usr/bin/env python3
"""Shows that every rule of tidy.py can fail: a small tree that obeys all of them, and one change for each way to break one."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import tidy  # noqa: E402

LEFTOVER = "TO" + "DO"
ARCHITECTURE = """# Architecture

## Layers

```
base/     values
channel/  links
actor/    behaviour
```

## Headers that see no Asio

```
viceroy/actor/actor.hpp
```

## The life of one message

| hop | where | what happens |
|---|---|---|
| 1 | `actor/actor.hpp` `cast` | it starts |
| 2 | `channel/link.hpp` `link::post` | it leaves |
"""
GOOD = {
    "docs/ARCHITECTURE.md": ARCHITECTURE,
    "README.md": "# It\n\n```cpp\nint main() {\n}\n```\n",
    "examples/canonical.cpp": "int main() {\n  print();\n}\n",
    "examples/canonical.expected": "",
    "examples/meson.build": "example_programs = [\n  'canonical.cpp',\n]\n",
    "benchmarks/meson.build": "benchmark_programs = [\n]\n",
    "tests/meson.build": "unit_tests = [\n  'base/error.cpp',\n]\nsystem_tests = [\n]\nreject_tests = [\n  'reject/wrong.cpp',\n]\n",
    "tests/base/error.cpp": '#include "viceroy/base/error.hpp"\n',
    "tests/reject/wrong.cpp": "// expect: wrong\n",
    "include/viceroy/viceroy.hpp": '// viceroy: everything, in layer order.\n#pragma once\n#include "viceroy/actor/actor.hpp"\n',
    "include/viceroy/base/error.hpp": "// error: what every failure is.\n#pragma once\n#include <string>\n",
    "include/viceroy/channel/link.hpp": '// link: one road between processes.\n#pragma once\nvoid post();\n#include "viceroy/base/error.hpp"\n',
    "include/viceroy/channel/socket.hpp":
        '// socket: what carries a link.\n#pragma once\n#include <boost/asio/ip/tcp.hpp>\n#include "viceroy/channel/link.hpp"\n',
    "include/viceroy/actor/actor.hpp": '// actor: what handles messages.\n#pragma once\n#include "viceroy/channel/link.hpp"\nvoid cast();\n',
}
HEADER = "// a header that says what it is.\n#pragma once\n"


class Rules(unittest.TestCase):
    def complaints(self, changes=None, without=()):
        """What each rule says of the good tree with some files changed: {rule name: [complaint]}."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**GOOD, **(changes or {})}.items():
                if name not in without:
                    path = Path(folder, name)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, encoding="utf-8")
            tree = tidy.Tree(folder)
            found = {rule.__name__: list(rule(tree)) for rule in tidy.RULES}
            return {name: texts for name, texts in found.items() if texts}

    def broken(self, rule, text, changes=None, without=()):
        """Exactly this rule complains, and says this."""
        found = self.complaints(changes, without)
        self.assertEqual([rule], list(found), found)
        self.assertIn(text, "\n".join(found[rule]))
        tested.add(rule)

    def test_the_good_tree_is_good(self):
        self.assertEqual({}, self.complaints())

    def test_a_folder_is_a_layer(self):
        self.broken("layers_are_written_down", "include/viceroy/odd/x.hpp:1: the folder is no layer", {"include/viceroy/odd/x.hpp": HEADER})

    def test_the_layer_table_is_there(self):
        self.broken("layers_are_written_down", "no layer table", {"docs/ARCHITECTURE.md": ARCHITECTURE.replace("## Layers", "## Other")})

    def test_an_include_that_goes_up(self):
        text = '#include "viceroy/channel/link.hpp"\n'
        self.broken("includes_go_down", "base/x.hpp:3: includes viceroy/channel/link.hpp", {"include/viceroy/base/x.hpp": HEADER + text})

    def test_a_layer_that_includes_the_top(self):
        text = '#include "viceroy/fwd.hpp"\n'
        changes = {"include/viceroy/fwd.hpp": HEADER, "include/viceroy/actor/x.hpp": HEADER + text}
        self.broken("includes_go_down", "actor/x.hpp:3: includes viceroy/fwd.hpp", changes)

    def test_nobody_includes_what_stands_beside_the_top(self):
        text = '#include "viceroy/testing/clock.hpp"\n'
        changes = {"include/viceroy/testing/clock.hpp": HEADER, "include/viceroy/other.hpp": HEADER + text}
        self.broken("includes_go_down", "other.hpp:3: includes viceroy/testing/clock.hpp", changes)

    def test_an_include_of_nothing(self):
        self.broken("includes_go_down", "does not exist", {"include/viceroy/base/x.hpp": HEADER + '#include "viceroy/base/gone.hpp"\n'})

    def test_an_include_cycle(self):
        changes = {
            "include/viceroy/base/a.hpp": HEADER + '#include "viceroy/base/b.hpp"\n',
            "include/viceroy/base/b.hpp": HEADER + '#include "viceroy/base/c.hpp"\n',
            "include/viceroy/base/c.hpp": HEADER + '#include <viceroy/base/a.hpp>\n',
        }
        cycle = "viceroy/base/a.hpp -> viceroy/base/b.hpp -> viceroy/base/c.hpp -> viceroy/base/a.hpp"
        self.broken("no_include_cycles", cycle, changes)

    def test_what_declares_may_end_with_its_bodies(self):
        bodies = '#include "viceroy/base/b.hpp"\n'
        self.assertEqual({}, self.complaints({
            "include/viceroy/base/a.hpp": HEADER + "#if !defined(VICEROY_SEPARATE_COMPILATION)\n" + bodies + "#endif\n",
            "include/viceroy/base/b.hpp": HEADER + '#include "viceroy/base/a.hpp"\n',
        }))
        changes = {
            "include/viceroy/base/a.hpp": HEADER + bodies,
            "include/viceroy/base/b.hpp": HEADER + '#include "viceroy/base/a.hpp"\n',
        }
        self.broken("no_include_cycles", "viceroy/base/a.hpp -> viceroy/base/b.hpp -> viceroy/base/a.hpp", changes)

    def test_asio_below_channel(self):
        changes = {"include/viceroy/base/x.hpp": HEADER + "#  include <boost/asio.hpp>\n"}
        self.broken("asio_stays_in_its_layers", "base/x.hpp:3: Asio belongs to channel/", changes)

    def test_asio_in_what_an_actor_reaches_even_behind_a_condition(self):
        text = GOOD["include/viceroy/actor/actor.hpp"] + '#if 0\n#include "viceroy/channel/socket.hpp"\n#endif\n'
        trail = "viceroy/actor/actor.hpp -> viceroy/channel/socket.hpp -> boost/asio/ip/tcp.hpp"
        self.broken("actor_files_see_no_asio", trail, {"include/viceroy/actor/actor.hpp": text})

    def test_the_list_of_headers_without_asio_is_there_and_true(self):
        self.broken("actor_files_see_no_asio", "no list", {"docs/ARCHITECTURE.md": ARCHITECTURE.replace("that see no", "without")})
        other = ARCHITECTURE.replace("viceroy/actor/actor.hpp\n", "viceroy/actor/gone.hpp\n")
        self.broken("actor_files_see_no_asio", "it does not exist", {"docs/ARCHITECTURE.md": other})

    def test_a_header_of_301_lines(self):
        full = HEADER + "\n" * 298
        self.assertEqual({}, self.complaints({"include/viceroy/base/x.hpp": full}))
        self.broken("headers_are_short", "301 lines", {"include/viceroy/base/x.hpp": full + "\n"})

    def test_a_header_that_does_not_say_what_it_is(self):
        self.broken("headers_say_what_they_are", "first line", {"include/viceroy/base/x.hpp": "#pragma once\n// too late to say so\n"})
        self.broken("headers_say_what_they_are", "#pragma once", {"include/viceroy/base/x.hpp": "// a header without its guard.\n"})

    def test_a_leftover_marker(self):
        changes = {"tests/base/error.cpp": GOOD["tests/base/error.cpp"] + f"// {LEFTOVER}: more\n"}
        self.broken("nothing_is_left_over", "tests/base/error.cpp:2: leftover", changes)

    def test_an_empty_promise(self):
        changes = {"include/viceroy/base/x.hpp": HEADER + "// Not " + "implemented on this system.\n"}
        self.broken("nothing_is_left_over", "an empty promise", changes)

    def test_a_test_that_sleeps(self):
        changes = {"tests/base/error.cpp": "void f() { std::this_thread::sleep" + "_for(1s); }\n"}
        self.broken("tests_wait_for_events", "tests/base/error.cpp:1: sleeps", changes)

    def test_what_is_not_registered(self):
        self.broken("everything_is_registered", "'base/more.cpp'", {"tests/base/more.cpp": ""})
        self.broken("everything_is_registered", "'system/kill.cpp'", {"tests/system/kill.cpp": ""})
        self.broken("everything_is_registered", "'reject/more.cpp'", {"tests/reject/more.cpp": ""})
        self.broken("everything_is_registered", "'second.cpp'", {"examples/second.cpp": "", "examples/second.expected": ""})
        self.broken("everything_is_registered", "'speed.cpp'", {"benchmarks/speed.cpp": ""})

    def test_what_is_registered_and_is_not_there(self):
        self.broken("everything_is_registered", "which is not there", without=("tests/reject/wrong.cpp",))

    def test_an_example_without_its_output(self):
        self.broken("examples_have_their_output", "canonical.expected", without=("examples/canonical.expected",))

    def test_a_readme_that_is_long_missing_or_not_true(self):
        self.broken("readme_is_true", "it has fewer than 200", {"README.md": GOOD["README.md"] + "\n" * 200})
        self.broken("readme_is_true", "does not exist", without=("README.md",))
        self.broken("readme_is_true", "shows no program", {"README.md": "# It\n"})
        self.broken("readme_is_true", "'int other() {' does not follow", {"README.md": "```cpp\nint other() {\n}\n```\n"})
        self.broken("readme_is_true", "'int main() {' does not follow", {"README.md": "```cpp\n}\nint main() {\n```\n"})

    def test_an_example_may_do_more_than_the_readme_shows(self):
        changes = {
            "README.md": "```cpp\nusing all = list<a>;\nint main() {\n}\n```\n",
            "examples/canonical.cpp": "using all = list<a, b>;\nint main() {\n  print();\n}\n",
        }
        self.assertEqual({}, self.complaints(changes))
        changes["examples/canonical.cpp"] = changes["examples/canonical.cpp"].replace("list<a, b>", "list<ab>")
        self.broken("readme_is_true", "'using all = list<a>;' does not follow", changes)

    def test_a_life_of_a_message_that_is_not_true(self):
        changed = {"docs/ARCHITECTURE.md": ARCHITECTURE.replace("`cast`", "`throw_far`")}
        self.broken("life_of_a_message_exists", "throw_far in actor/actor.hpp", changed)
        changed = {"docs/ARCHITECTURE.md": ARCHITECTURE.replace("`channel/link.hpp`", "`channel/gone.hpp`")}
        self.broken("life_of_a_message_exists", "channel/gone.hpp, which does not exist", changed)
        changed = {"docs/ARCHITECTURE.md": ARCHITECTURE.replace("| 1 |", "| one |").replace("| 2 |", "| two |")}
        self.broken("life_of_a_message_exists", "no life of a message", changed)

    def test_zz_every_rule_was_broken(self):
        self.assertEqual({rule.__name__ for rule in tidy.RULES}, tested)


class EveryHeaderAlone(unittest.TestCase):
    def run_on(self, folder, error):
        Path(folder, "include/viceroy/base").mkdir(parents=True, exist_ok=True)
        Path(folder, "include/viceroy/base/error.hpp").write_text(error)
        Path(folder, "include/viceroy/base/user.hpp").write_text(HEADER + '#include "viceroy/base/error.hpp"\ninline error f() { return {}; }\n')
        script = Path(__file__).resolve().parent / "headers_alone.py"
        return subprocess.run([sys.executable, script, "--cache", Path(folder, "cache"), folder], capture_output=True, text=True)

    def test_a_header_that_needs_another_before_it_fails_and_is_looked_at_again_when_what_it_includes_changes(self):
        with tempfile.TemporaryDirectory() as folder:
            good = self.run_on(folder, HEADER + "struct error {};\n")
            self.assertEqual((0, "2 passed, 0 failed"), (good.returncode, good.stdout.strip()))
            bad = self.run_on(folder, HEADER + "struct error { error(int); };\n")
            self.assertEqual(1, bad.returncode)
            self.assertIn("viceroy/base/user.hpp does not compile alone", bad.stdout)
            self.assertIn("1 passed, 1 failed", bad.stdout)
            alone = self.run_on(folder, HEADER + "inline std::string error;\n")
            self.assertIn("viceroy/base/error.hpp does not compile alone", alone.stdout)


class Registering(unittest.TestCase):
    def test_register_lists_what_is_there_in_order_and_drops_what_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in GOOD.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            Path(folder, "tests/base/aaa.cpp").write_text("")
            Path(folder, "tests/system").mkdir()
            Path(folder, "tests/system/kill.cpp").write_text("")
            Path(folder, "tests/reject/wrong.cpp").unlink()
            tidy.register(tidy.Tree(folder))
            self.assertEqual(
                "unit_tests = [\n  'base/aaa.cpp',\n  'base/error.cpp',\n]\nsystem_tests = [\n  'system/kill.cpp',\n]\nreject_tests = [\n]\n",
                Path(folder, "tests/meson.build").read_text())


if __name__ == "__main__":
    tested = set()
    result = unittest.TextTestRunner(stream=sys.stdout).run(unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)
