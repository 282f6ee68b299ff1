#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sources that hang, crash, end the process or break the lab, and libraries that cannot be used."""

import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

import support
from support import check, report_of, settings

GOOD = '<good> & "well"'
WORDS = {
    "null": "the factory returned no source",
    "hang in the factory": "it did not return within 0.5 seconds",
    "hang": "it did not return within 0.5 seconds",
    "crash": "it was ended by SIGABRT (Aborted)",
    "child": "it was ended by SIGABRT (Aborted)",
    "exit": "it ended the process, with exit code 7",
    "close": "it ended the process, with exit code 1, and last said: nestling-lab: the pipe for the result was closed",
    "throw": "an exception came out of it: out of the stimulus",
}
# For how long each may take. Those that hang take all of it; so does "child", whose child process holds the pipe open. All
# others have so much that they end before, also where the machine is busy.
LIMITS = {
    "0.5": ["hang in the factory", "hang"],
    "5": ["child"],
    "60": ["null", "crash", "exit", "close", "error", "throw", "context", GOOD],
}
REFUSALS = {
    "without_factory": "exports no function nestling_lab_plugin()",
    "null": "nestling_lab_plugin() returned null",
    "empty": "names no sources",
    "other_version": "was built for version 2 of <nestling-lab/plugin.h>; this is version 1",
    "without_make": '"idle" has no make function',
    "unknown_traits": '"idle" has traits that this version does not know',
    "crashes": "while it was loaded and asked for its sources, it was ended by SIGABRT",
    "throws": "while it was loaded and asked for its sources, it was ended by SIGABRT",
}


def processes_of(library):
    """Those that were started to check `library`."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and os.fsencode(library) in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            pass
    return found


class BadSources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.codes, cls.report = [], {}
        for limit, names in LIMITS.items():
            chosen = [word for name in names for word in ("--subject", name)]
            code, report = report_of("bad", "--timeout", limit, "--case", "4", *chosen)
            cls.codes.append(code)
            cls.report.update(report)

    def test_each_is_a_line_and_the_report_goes_on(self):
        self.assertEqual(self.codes, [1] * len(LIMITS))
        for name, words in WORDS.items():
            with self.subTest(source=name):
                self.assertEqual(list(self.report[name]), [0])
                self.assertEqual(self.report[name][0]["words"], words)
                self.assertEqual(self.report[name][0]["outcome"],
                                 "failed" if name in ("null", "throw") else "broke off")
        self.assertEqual(self.report[GOOD][0]["outcome"], "passed")
        self.assertEqual(list(self.report[GOOD]), [0, 4])

    def test_what_a_source_said_last_is_in_its_line(self):
        self.assertIn('and last said: the queue is on <fire> & "burns"', self.report["error"][0]["words"])
        self.assertIn("the lab's context was destroyed: somebody dropped a reference that was not theirs",
                      self.report["context"][0]["words"])

    def test_nothing_is_left_running(self):
        self.assertEqual(processes_of(settings.libraries["bad"]), [])

    def test_a_command_that_is_ended_takes_its_child_along(self):
        command = subprocess.Popen([settings.program, "check", settings.libraries["bad"], "--subject", "hang"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while len(processes_of(settings.libraries["bad"])) < 2:
                time.sleep(0.01)
        finally:
            command.send_signal(signal.SIGTERM)
            self.assertEqual(command.wait(30), -signal.SIGTERM)
        for _ in range(1000):
            if not processes_of(settings.libraries["bad"]):
                break
            time.sleep(0.01)
        self.assertEqual(processes_of(settings.libraries["bad"]), [])


class BadLibraries(unittest.TestCase):
    def test_each_is_refused_with_a_reason(self):
        for name, words in REFUSALS.items():
            with self.subTest(library=name):
                done = check(name)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(words, done.stderr)

    def test_a_file_that_is_no_library(self):
        for path in ("/nonexistent.so", __file__, "nonexistent.so"):
            with self.subTest(path=path):
                done = support.run("check", path)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn("the library cannot be loaded: ", done.stderr)


if __name__ == "__main__":
    support.main()
