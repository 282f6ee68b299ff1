#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The planted sources: each bug fails its case, in the command as in the kit."""

import unittest

import support
from support import check, report_of


class Planted(unittest.TestCase):
    def test_each_bug_fails_its_case_and_no_other(self):
        code, report = report_of("planted")
        self.assertEqual(code, 1)
        self.assertEqual(len(report), 25)
        for bug in range(1, 24):
            results = report[f"bug {bug}"]
            with self.subTest(bug=bug):
                self.assertEqual(list(results), list(range(24)))
                failed = [case for case, result in results.items() if result["outcome"] not in ("passed", "not applicable")]
                self.assertEqual(failed, [bug])
                self.assertNotEqual(results[bug]["words"], "")
                self.assertNotEqual(results[bug]["why"], "")

    def test_a_source_that_keeps_its_promises_is_success(self):
        done = check("planted", "--subject", "queue", "--subject", "reader")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"(?m)^queue$")
        self.assertRegex(done.stdout, r"(?m)^  pass   8 timers are exact$")
        self.assertRegex(done.stdout, r"2 sources: \d+ passed, 0 failed, \d+ not applicable\n$")

    def test_one_case_is_run_after_case_0(self):
        _, report = report_of("planted", "--subject=bug 9", "--case=9", "--case", "3")
        self.assertEqual({name: {case: result["outcome"] for case, result in results.items()}
                          for name, results in report.items()},
                         {"bug 9": {0: "passed", 3: "passed", 9: "failed"}})


if __name__ == "__main__":
    support.main()
