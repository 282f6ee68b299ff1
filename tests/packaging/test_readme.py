#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The first program in the README is what a reader pastes into a file: it compiles, runs, and ends well."""

import re
import unittest

import support
from support import settings

CODE = re.compile(r"^```cpp\n(.*?)^```$", re.S | re.M)


def first_program(text):
    return next((code for code in CODE.findall(text) if "int main" in code), None)


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


if __name__ == "__main__":
    support.main()
