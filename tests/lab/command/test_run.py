#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""nestling-lab run: a lab in an interpreter has virtual time."""

import subprocess
import sys
import unittest

import support
from support import run, settings

ASK = "import ctypes, sys; sys.exit(ctypes.CDLL(sys.argv[1]).why_real_time())"


class Run(unittest.TestCase):
    def setUp(self):
        if settings.sanitizer != "none":
            self.skipTest("an interpreter does not load what was built with a sanitizer")

    def test_time_is_virtual_in_an_interpreter(self):
        for dashes in ((), ("--",)):
            done = run("run", *dashes, sys.executable, "-c", ASK, settings.libraries["late"])
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "virtual\n", ""))

    def test_without_it_time_is_real_and_the_lab_says_so(self):
        done = subprocess.run([sys.executable, "-c", ASK, settings.libraries["late"]], stdout=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"loaded late", done.stdout)

    def test_arguments_and_the_exit_code_are_the_programs(self):
        done = run("run", "sh", "-c", 'echo "$1"; exit 42', "name", "--help")
        self.assertEqual((done.returncode, done.stdout), (42, "--help\n"))

    def test_a_program_that_is_not_there_is_named(self):
        done = run("run", "/nonexistent/program")
        self.assertEqual(done.returncode, 2)
        self.assertIn("/nonexistent/program cannot be started: No such file", done.stderr)


if __name__ == "__main__":
    support.main()
