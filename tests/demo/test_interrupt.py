#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Ctrl-C in the middle of a job: what was found until then is reported, as a part, and the exit code says so."""

import json
import os
import re
import signal
import subprocess
import unittest

import support
from support import MODES, groups_by_sha256sum, groups_of, regular_files, settings

# Takes longer to hash than any test may last, and no space: there is nothing in it.
ENDLESS = 1 << 36


class Interrupt(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = support.Folder()
        cls.addClassCleanup(cls.folder.remove)
        for name in ("endless", "endless too"):
            with open(cls.folder.path / name, "wb") as file:
                os.truncate(file.fileno(), ENDLESS)
        cls.small = cls.folder.mkdir("small")
        for number in range(40):
            cls.folder.write(f"small/{number}", b"content %d" % (number % 20))

    def interrupt(self, mode, number):
        """Sends the signal when both endless files are all that is left, and returns code, report and messages."""
        with subprocess.Popen([settings.program, "--terminal", "--json", f"--mode={mode}", "--threads=4",
                               self.folder.path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            try:
                messages = []
                for line in process.stderr:
                    messages.append(line)
                    if re.search(r"\b20 groups\b", line):
                        process.send_signal(number)
                        break
                out, rest = process.communicate(timeout=60)
                return process.returncode, json.loads(out), "".join(messages) + rest
            finally:
                process.kill()

    def test_what_was_found_is_reported_as_a_part(self):
        expected = groups_by_sha256sum(regular_files(self.small))
        self.assertEqual(len(expected), 20)
        for mode in MODES:
            with self.subTest(mode=mode):
                code, report, messages = self.interrupt(mode, signal.SIGINT)
                self.assertEqual(code, 130)
                self.assertIs(report["interrupted"], True)
                self.assertEqual(groups_of(report), expected)
                self.assertLess(report["counts"]["jobs_done"], report["counts"]["jobs"])
                self.assertEqual(report["counts"]["errors"], 0)
                self.assertEqual(report["measured"]["timers_early"], 0)
                self.assertIn("nestling-demo: interrupted\n", messages)

    def test_a_request_to_terminate_is_answered_likewise(self):
        code, report, _ = self.interrupt("nestling", signal.SIGTERM)
        self.assertEqual((code, report["interrupted"]), (143, True))

    def test_the_text_says_that_it_is_a_part(self):
        with subprocess.Popen([settings.program, "--terminal", "--threads=4", self.folder.path],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as process:
            try:
                next(line for line in process.stderr if "found" in line)
                process.send_signal(signal.SIGINT)
                out, _ = process.communicate(timeout=60)
            finally:
                process.kill()
        self.assertEqual(process.returncode, 130)
        self.assertIn("INTERRUPTED, this is a part only", out)


if __name__ == "__main__":
    support.main()
