#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_barriers.py passes what is explained and fails on what is not."""

import unittest

import check_barriers
from temporary_tree import temporary_tree

PUSH = """// BARRIER push.data (release) pairs pop.data: the data -> the reader.
word.store(1, std::memory_order_release);
"""
POP = """// BARRIER pop.data (acquire) pairs push.data: the word -> the data.
word.load(std::memory_order_acquire);
"""
HINT = "// RELAXED a hint.\n"
LOAD = "word.load(std::memory_order_relaxed);\n"


class Barriers(unittest.TestCase):
    def errors(self, text, **others):
        """The errors of a file with `text`, and of others by name."""
        files = {"lib/sync/word.hpp": text, **{f"lib/os/{name}.hpp": other for name, other in others.items()}}
        with temporary_tree(files) as top:
            return check_barriers.check(top)[0]

    def assert_one(self, part, text, **others):
        errors = self.errors(text, **others)
        self.assertEqual(len(errors), 1, errors)
        self.assertIn(part, errors[0])

    def test_a_pair_passes_in_one_file_and_across_files(self):
        self.assertEqual(self.errors(PUSH + POP), [])
        self.assertEqual(self.errors(PUSH, pop=POP), [])

    def test_each_file_may_have_a_barrier_of_the_same_name(self):
        self.assertEqual(self.errors(PUSH + POP, other=PUSH + POP), [])

    def test_an_order_without_comment_is_reported(self):
        for order in ("relaxed", "acquire", "release", "acq_rel"):
            self.assert_one("has no BARRIER or RELAXED", f"word.load(std::memory_order_{order});\n")
            self.assert_one("has no BARRIER or RELAXED", f"word.load(std::memory_order::{order});\n")

    def test_a_comment_further_up_does_not_count(self):
        self.assert_one("has no BARRIER or RELAXED", HINT + "\n" + LOAD)
        self.assert_one("has no BARRIER or RELAXED", HINT + "one();\n" + LOAD)

    def test_a_comment_above_the_statement_or_behind_it_counts(self):
        self.assertEqual(self.errors(HINT + "auto x = word.load(\n    std::memory_order_relaxed);\n"), [])
        self.assertEqual(self.errors("word.load(std::memory_order_relaxed);  // RELAXED a hint.\n"), [])
        self.assertEqual(self.errors("if (odd) {\n" + HINT + LOAD + "}\n"), [])

    def test_a_comment_may_have_several_lines(self):
        self.assertEqual(self.errors("// RELAXED a hint, and\n// nothing else.\n" + LOAD), [])

    def test_comments_and_strings_are_not_code(self):
        text = '// with memory_order_relaxed\nsay("memory_order_relaxed");\n/* fence(x) */\n'
        self.assertEqual(self.errors(text), [])

    def test_relaxed_does_not_excuse_a_stronger_order(self):
        self.assert_one("no BARRIER comment above names the order acquire",
                        HINT + "word.load(std::memory_order_acquire);\n")

    def test_the_comment_must_name_the_order_of_the_code(self):
        errors = self.errors(PUSH + POP.replace("memory_order_acquire", "memory_order_acq_rel"))
        self.assertEqual(len(errors), 2, errors)

    def test_a_fence_needs_a_barrier(self):
        fence = "std::atomic_thread_fence(std::memory_order_seq_cst);\n"
        self.assert_one("has no BARRIER or RELAXED", fence)
        self.assert_one("a fence needs a BARRIER", "// RELAXED no.\n" + fence.replace("seq_cst", "relaxed"))
        self.assert_one("has no BARRIER or RELAXED", "full_fence();\n")
        both = "".join(f"// BARRIER {one} (seq_cst) pairs {two}: a -> b.\n{fence}" for one, two in ("xy", "yx"))
        self.assertEqual(self.errors(both), [])

    def test_a_fence_by_name_is_explained_at_the_constant(self):
        self.assertEqual(self.errors("Atomics::fence(Orders::announce);\n" + PUSH + POP), [])
        constant = "static constexpr std::memory_order announce = std::memory_order_seq_cst;\n"
        self.assert_one("has no BARRIER or RELAXED", "struct Orders {\n" + constant + "};\n")

    def test_pairs_exist_and_are_symmetric(self):
        self.assert_one("of which there are 0", PUSH)
        self.assert_one("which does not pair push.data", PUSH + POP.replace("pairs push.data", "pairs pop.data"))
        errors = self.errors(PUSH, a=POP, b=POP)
        self.assertTrue(any("of which there are 2" in error for error in errors), errors)

    def test_a_barrier_above_nothing_is_reported(self):
        nothing = POP.replace("std::memory_order_acquire", "")
        self.assert_one("stands above no fence and no order", PUSH + nothing)

    def test_a_name_is_used_once_in_a_file(self):
        self.assertTrue(any("two barriers" in error for error in self.errors(PUSH + PUSH + POP)))

    def test_a_barrier_that_cannot_be_read_is_reported(self):
        errors = self.errors("// BARRIER push.data release\nword.store(1, std::memory_order_release);\n")
        self.assertTrue(any("cannot be read" in error for error in errors), errors)


SITES = """struct WordOrders {
    // BARRIER push.data (release) pairs pop.data: the data -> the reader.
    static constexpr std::memory_order push = std::memory_order_release;
    // BARRIER pop.data (acquire) pairs push.data: the word -> the data.
    static constexpr std::memory_order pop = std::memory_order_acquire;
};
"""
PAGE = """<!-- barriers -->
| id | order | pairs | what is ordered | shown by |
|---|---|---|---|---|
| `push.data` | release | `pop.data` | the data -> the reader | mutations |
| `pop.data` | acquire | `push.data` | the word -> the data | mutations |
<!-- /barriers -->
<!-- mutations -->
| protocol | barrier | site | weakened | reported | in scenario | steps |
|---|---|---|---|---|---|---|
| word | `push.data` | push | release -> relaxed | data race | one | 1 |
| word | `pop.data` | pop | acquire -> relaxed | data race | one | 1 |
<!-- /mutations -->
"""


class Page(unittest.TestCase):
    def errors(self, page, code=SITES):
        with temporary_tree({"lib/sync/word.hpp": code}) as top:
            errors, barriers = check_barriers.check(top)
            self.assertEqual(errors, [])
            return check_barriers.check_page(page, barriers)

    def without(self, part):
        lines = PAGE.splitlines(keepends=True)
        left = [line for line in lines if part not in line]
        self.assertLess(len(left), len(lines))
        return "".join(left)

    def assert_one(self, part, page, code=SITES):
        errors = self.errors(page, code)
        self.assertEqual(len(errors), 1, errors)
        self.assertIn(part, errors[0])

    def test_a_page_that_says_what_the_code_says_passes(self):
        self.assertEqual(self.errors(PAGE), [])

    def test_a_barrier_without_row_a_row_without_barrier_and_another_text_are_reported(self):
        self.assert_one("the row of push.data is not", self.without("| the data -> the reader |"))
        self.assert_one("the row of push.data is not", PAGE.replace("the data -> the reader", "something"))
        self.assert_one("the row of push.data is not", PAGE.replace("| release | `pop", "| acq_rel | `pop"))
        row = "| `other` | acquire | `push.data` | this | mutations |\n"
        self.assert_one("there is no barrier `other`", PAGE.replace("<!-- /barriers", row + "<!-- /barriers"))

    def test_a_weaker_order_without_mutation_and_a_mutation_of_nothing_are_reported(self):
        self.assert_one("no mutation of push.data, release -> relaxed", self.without("| push | release"))
        row = "| word | `other` | pop | acquire -> relaxed | data race | one | 1 |\n"
        self.assert_one("none that can be weakened", PAGE.replace("<!-- /mutations", row + "<!-- /mutations"))

    def test_what_no_mutation_can_weaken_needs_a_reason(self):
        page = PAGE.replace("| word | `push.data`", "x").replace("| word | `pop.data`", "x")
        self.assertEqual(self.errors(page.replace("| mutations |", "| a reason |"), PUSH + POP), [])
        self.assertEqual(len(self.errors(page, PUSH + POP)), 2)
        self.assertEqual(len(self.errors(page.replace("| mutations |", "|  |"), PUSH + POP)), 2)

    def test_a_page_without_the_tables_is_reported(self):
        self.assert_one("has no table", "nothing")


if __name__ == "__main__":
    unittest.main()
