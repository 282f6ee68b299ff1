#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/how-to/test-your-gsource-in-cpp.md tells of files that exist, in their words, and of failures that happen."""

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


class HowTo(unittest.TestCase):
    settings = None

    def test_the_page_shows_what_is_in_the_files(self):
        page = (self.settings.docs / "test-your-gsource-in-cpp.md").read_text(encoding="utf-8")
        files = "\n".join(path.read_text(encoding="utf-8") for path in sorted((self.settings.docs / "examples/cpp").iterdir()))
        blocks = re.findall(r"^```cpp\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        self.assertGreaterEqual(len(blocks), 4)
        for block in blocks:
            self.assertIn(block, files)

    def test_the_ticker_fails_as_the_page_says(self):
        done = self.run_program(self.settings.broken)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertRegex(done.stdout, r"polls for 0 ms, does not sleep")
        self.assertRegex(done.stdout, r"FAIL  19 name and priority: it has no name")
        self.assertRegex(done.stdout, r"test cases: 3 \| 1 passed \| 2 failed")

    def test_the_mended_ticker_passes(self):
        done = self.run_program(self.settings.mended)
        self.assertEqual(done.returncode, 0, done.stdout)

    def run_program(self, program):
        return subprocess.run([*EMULATOR, program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("--broken", required=True)
    parser.add_argument("--mended", required=True)
    HowTo.settings = parser.parse_args()
    unittest.main(argv=sys.argv[:1])
