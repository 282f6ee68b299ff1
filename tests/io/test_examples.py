#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/how-to/background-io.md shows what is in its files, and prints what it says, on either engine."""

import argparse
import os
import re
import shlex
import subprocess
import sys
import unittest
from pathlib import Path

# What runs programs of another platform.
EMULATOR = shlex.split(os.environ.get("NESTLING_EMULATOR", ""))


class Examples(unittest.TestCase):
    settings = None

    def test_the_page_shows_what_is_in_the_files(self):
        folder = self.settings.docs / "how-to/examples/io"
        files = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))
        blocks = re.findall(r"^```cpp\n(.*?)^```$", self.page(), re.MULTILINE | re.DOTALL)
        self.assertGreaterEqual(len(blocks), 4)
        for block in blocks:
            self.assertIn(block, files)

    def test_the_programs_print_what_the_page_says(self):
        lines = {line.strip() for line in self.page().splitlines() if line.startswith("    ")}
        for engine in "threads", "":
            for name, length in ("chain", 4), ("wait", 2):
                printed = self.run_program(engine, name).splitlines()
                self.assertEqual(len(printed), length)
                for line in printed:
                    self.assertIn(line, lines)

    def test_a_file_is_read_and_asked_about(self):
        size = Path(__file__).stat().st_size
        for engine in "threads", "":
            self.assertEqual(self.run_program(engine, "read", __file__), f"{size} bytes\n")
            self.assertIn("No such file", self.run_program(engine, "read", "/nonexistent"))
            if "glib" in self.settings.programs:
                self.assertEqual(self.run_program(engine, "glib", __file__), f"{size} bytes\n")

    def page(self):
        return (self.settings.docs / "how-to/background-io.md").read_text(encoding="utf-8")

    def run_program(self, engine, name, *arguments):
        environment = dict(os.environ, NESTLING_IO=engine)
        return subprocess.run([*EMULATOR, self.settings.programs[name], *arguments], stdout=subprocess.PIPE, text=True, check=True,
                              timeout=60, env=environment).stdout


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("programs", nargs="+", help="NAME=PATH")
    Examples.settings = parser.parse_args()
    Examples.settings.programs = dict(pair.split("=", 1) for pair in Examples.settings.programs)
    unittest.main(argv=sys.argv[:1])
