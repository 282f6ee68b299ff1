#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The quick form of the report on shipped sources: GLib's own, which need no packages."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "command"))
import support
from support import report_of

# What docs/lab-report.md says of them. A later GLib may keep more promises.
FAILS = {
    "GTimeout": {19},
    "GTimeout, once": {19},
    "GTimeout, by ready time": {13, 19},
    "GIdle": set(),
    "GIdle, once": set(),
    "GUnixFD": {16, 18, 19},
    "GIOChannel": {16, 18},
    "GPollableInputStream": {15, 16, 18},
    "GCancellable": set(),
    "GSocket": {18},
}


class Glib(unittest.TestCase):
    def test_each_source_fails_what_the_report_says_and_nothing_else(self):
        code, report = report_of("glib")
        self.assertEqual(code, 1)
        self.assertEqual(set(report), set(FAILS))
        for name, results in report.items():
            with self.subTest(source=name):
                outcomes = {case: result["outcome"] for case, result in results.items()}
                self.assertEqual(list(outcomes), list(range(24)))
                self.assertNotIn("broke off", outcomes.values())
                self.assertLessEqual({case for case, outcome in outcomes.items() if outcome == "failed"}, FAILS[name])
                self.assertGreaterEqual(list(outcomes.values()).count("passed"), 10)


if __name__ == "__main__":
    support.main()
