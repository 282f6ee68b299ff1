#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the README shows is what a reader pastes into a file: the first program compiles, runs, and ends well; the rest compiles."""

import re
import unittest

import support
from support import settings

CODE = re.compile(r"^```cpp\n(.*?)^```$", re.S | re.M)


def first_program(text):
    return next((code for code in CODE.findall(text) if "int main" in code), None)


def parts(text):
    """What is no program."""
    return [code for code in CODE.findall(text) if "int main" not in code]


class Readme(unittest.TestCase):
    def test_its_example_compiles_and_runs(self):
        code = first_program((settings.source / "README.md").read_text(encoding="utf-8"))
        self.assertIsNotNone(code, "README.md has no ```cpp block with `int main`")
        module = "nestling-glib" if "nestling-glib/" in code else "nestling"
        if module == "nestling-glib" and settings.glib == "no":
            self.skipTest("built without GLib")
        tree = support.Installation()
        self.addCleanup(tree.remove)
        source = tree.folder / "example.cpp"
        source.write_text(code, encoding="utf-8")
        tree.run(tree.compile(module, source, "-Wall", "-Wextra", "-Werror"))

    def test_what_else_it_shows_compiles(self):
        shown = parts((settings.source / "README.md").read_text(encoding="utf-8"))
        self.assertTrue(shown)
        tree = support.Installation()
        self.addCleanup(tree.remove)
        for number, code in enumerate(shown):
            source = tree.folder / f"part{number}.cpp"
            source.write_text(code + "\nint main() {}\n", encoding="utf-8")
            tree.run(tree.compile("nestling", source, "-Wall", "-Wextra", "-Werror"))


if __name__ == "__main__":
    support.main()
