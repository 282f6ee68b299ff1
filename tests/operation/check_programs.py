#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/how-to/operation.md shows what is in its files, and its programs do what it says.

    check_programs.py --docs FOLDER --programs FOLDER
"""

import argparse
import os
import re
import shlex
import signal
import subprocess
import sys
import unittest
from pathlib import Path

SECONDS = 60
# What runs programs of another platform.
EMULATOR = shlex.split(os.environ.get("NESTLING_EMULATOR", ""))


class HowTo(unittest.TestCase):
    settings = None

    def start(self, name, *arguments):
        # By its number, and waited for: nothing is left behind.
        program = subprocess.Popen([*EMULATOR, self.settings.programs / f"how-to-{name}", *arguments], stdout=subprocess.PIPE,
                                   text=True)
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        return program

    def run_program(self, name, *arguments):
        program = self.start(name, *arguments)
        output = program.communicate(timeout=SECONDS)[0]
        return program.returncode, output

    def test_the_page_shows_what_is_in_the_files(self):
        page = (self.settings.docs / "operation.md").read_text(encoding="utf-8")
        files = "\n".join(path.read_text(encoding="utf-8")
                          for path in sorted((self.settings.docs / "examples/operation").iterdir()))
        blocks = re.findall(r"^```cpp\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        self.assertGreaterEqual(len(blocks), 5)
        for block in blocks:
            self.assertIn(block, files)

    def test_signals_are_callbacks(self):
        program = self.start("signals")
        self.assertEqual(program.stdout.readline(), "ready\n")
        program.send_signal(signal.SIGHUP)
        program.send_signal(signal.SIGTERM)
        output = program.communicate(timeout=SECONDS)[0]
        self.assertEqual(program.returncode, 0)
        self.assertEqual(output, f"signal {signal.SIGTERM.value} from process {os.getpid()}\nreloaded 1 times\n")

    def test_a_child_is_waited_for(self):
        self.assertEqual(self.run_program("children", "sh", "-c", "exit 3"), (3, "exited with 3\n"))
        self.assertEqual(self.run_program("children", "sh", "-c", "kill -KILL $$"), (137, "ended by signal 9\n"))

    def test_a_child_can_be_ended_although_its_parent_blocks_the_signal(self):
        program = self.start("children", "sh", "-c", "echo ready; exec sleep 600")
        self.assertEqual(program.stdout.readline(), "ready\n")
        program.terminate()
        self.assertEqual(program.communicate(timeout=SECONDS)[0], "ended by signal 15\n")
        self.assertEqual(program.returncode, 143)

    def test_a_forked_child_begins_anew(self):
        if self.settings.thread_sanitizer:
            self.skipTest("SKIPPED: ThreadSanitizer lets a child of many threads start none")
        self.assertEqual(self.run_program("fork"), (0, "child 42, parent 42\n"))

    def test_the_doctor_names_who_is_to_blame(self):
        code, output = self.run_program("doctor")
        self.assertEqual(code, 0)
        self.assertRegex(output, r'"sleeper" of context "patient" has been running for [\d.]+ m?s\n')
        self.assertRegex(output, r'"lazy reader" of context "patient" was called in \d+ iterations in a row, and its '
                                 r'descriptor was ready still after each call\n')
        self.assertRegex(output, r"lazy reader +\d+ calls\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--thread-sanitizer", action="store_true")
    HowTo.settings = parser.parse_args()
    unittest.main(argv=sys.argv[:1])
