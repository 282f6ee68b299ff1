#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the command line of nestling-lab takes, and what it answers."""

import re
import subprocess
import unittest

import support
from support import check, run, settings


class Usage(unittest.TestCase):
    def check_complaint(self, words, *arguments):
        done = run(*arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn(words, done.stderr)
        self.assertIn("--help", done.stderr)

    def test_help_names_every_option_and_the_exit_codes(self):
        done = run("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        named = set(re.findall(r"--[a-z]+", done.stdout))
        self.assertEqual(named, {"--subject", "--case", "--junit", "--html", "--json", "--timeout", "--list", "--help",
                                 "--version"})
        self.assertIn("Exit codes: 0 all passed, 1 something failed, 2", done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)

    def test_the_version_is_one_line(self):
        self.assertRegex(run("--version").stdout, r"^nestling-lab \d+\.\d+\.\d+\n$")

    def test_what_makes_no_sense_is_named(self):
        self.check_complaint("what? check, or run")
        self.check_complaint('"chekc" is none of', "chekc")
        self.check_complaint("which library?", "check")
        self.check_complaint("which program?", "run")
        self.check_complaint("which program?", "run", "--")
        self.check_complaint("run has no option --fast", "run", "--fast", "sh")
        self.check_complaint("there is no option --nonsense", "check", "--nonsense", "x.so")
        self.check_complaint("there is no option --list=", "check", "--list=yes", "x.so")
        self.check_complaint("--subject needs a value", "check", "x.so", "--subject")
        self.check_complaint('not "y.so" too', "check", "x.so", "y.so")
        self.check_complaint("the library's name is empty", "check", "")

    def test_values_that_make_no_sense_are_named(self):
        for option, value in (("case", "-1"), ("case", "one"), ("case", "4294967296"), ("case", ""), ("timeout", "0"),
                              ("timeout", "-1"), ("timeout", "1x"), ("timeout", "nan"), ("timeout", "inf"),
                              ("timeout", "")):
            with self.subTest(option=option, value=value):
                self.check_complaint(f'--{option} cannot be "{value}"', "check", f"--{option}={value}", "x.so")

    def test_no_such_source_or_case(self):
        done = check("planted", "--subject=bug 24")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn('there is no source "bug 24" in', done.stderr)
        self.assertIn('there is "queue", "reader", "bug 1"', done.stderr)
        done = check("planted", "--case=24")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("there is no case 24; the last is 23", done.stderr)

    def test_the_list_names_sources_with_their_traits_and_the_cases(self):
        done = check("planted", "--list")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("\n  queue (posts, can be armed)\n  reader (watches a descriptor of others)\n  bug 1 ", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^  23 silence when idle: \w")
        self.assertEqual(len(re.findall(r"(?m)^ +\d+ .+: ", done.stdout)), 23)

    def test_a_report_that_nobody_takes_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([settings.program, "check", settings.libraries["planted"], "--list"], stdout=full,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"the report cannot be written", done.stderr)


if __name__ == "__main__":
    support.main()
