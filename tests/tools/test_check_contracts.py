#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_contracts.py knows ids and ranges, and tells what is missing and what is said twice."""

import unittest

import check_contracts
from temporary_tree import temporary_tree

PAGE = "# Design\n\nF10.1 is elsewhere.\n\n" + check_contracts.HEADING + "\n\n- F21.1 to F21.7, B-57: not there.\n\n## Next\n\nB-1\n"


class Contracts(unittest.TestCase):
    def test_ids_and_ranges(self):
        self.assertEqual(check_contracts.ids_of("[F9.6][B-17] F13.1 to F13.3, not F13.x"),
                         {"F9.6", "B-17", "F13.1", "F13.2", "F13.3"})

    def test_only_its_own_section_counts(self):
        with temporary_tree({"docs/design.md": PAGE, "tests/a.cpp": "// F10.2\n", "tests/b.txt": "F10.3"}) as top:
            self.assertEqual(check_contracts.excused(top), {f"F21.{n}" for n in range(1, 8)} | {"B-57"})
            self.assertEqual(check_contracts.tested(top), {"F10.2"})

    def test_the_number_of_ids(self):
        self.assertEqual(len(check_contracts.wanted()), 100 + 70)


if __name__ == "__main__":
    unittest.main()
