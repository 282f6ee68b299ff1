#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_includes.py finds names of the standard library whose headers nobody asked for, and no others."""

import unittest

import check_includes
from temporary_tree import temporary_tree


class Includes(unittest.TestCase):
    def errors(self, files):
        with temporary_tree(files) as top:
            return check_includes.check(top)[0]

    def test_a_header_of_its_own_will_do(self):
        self.assertEqual(self.errors({"lib/os/a.cpp": "#include <vector>\nstd::vector<int> a;\n"}), [])

    def test_so_will_that_of_a_file_that_is_included(self):
        self.assertEqual(self.errors({
            "lib/os/a.hpp": '#include "os/b.hpp"\n',
            "lib/os/b.hpp": "#include <vector>\n",
            "lib/os/a.cpp": '#include "os/a.hpp"\nstd::vector<int> a;\n',
        }), [])

    def test_a_name_without_its_header_is_reported_once(self):
        found = self.errors({"tests/unit/a.cpp": "#include <string>\n\nstd::vector<int> a;\nstd::vector<int> b;\n"})
        self.assertEqual(found, ["tests/unit/a.cpp:3: std::vector without <vector>"])

    def test_a_precompiled_header_is_not_asked(self):
        self.assertEqual(len(self.errors({
            "lib/pch/standard.hpp": "#include <vector>\n",
            "lib/os/a.cpp": "std::vector<int> a;\n",
        })), 1)

    def test_of_two_headers_either_will_do(self):
        for header in ("cstdint", "stdint.h"):
            self.assertEqual(self.errors({"docs/a.cpp": f"#include <{header}>\nstd::uint64_t a;\n"}), [])

    def test_comments_and_texts_name_nothing(self):
        text = '// std::vector\n/* std::vector\n std::vector */\nconst char* a = "std::vector \\" std::vector";\n'
        self.assertEqual(self.errors({"glib-source/a.hpp": text}), [])

    def test_the_line_is_right_after_a_comment(self):
        found = self.errors({"lib/os/a.cpp": "/* one\n two */\n// three\nstd::string a;\n"})
        self.assertEqual(found, ["lib/os/a.cpp:4: std::string without <string>"])

    def test_files_that_include_each_other_end(self):
        self.assertEqual(len(self.errors({"lib/os/a.hpp": '#include "os/b.hpp"\nstd::string a;\n',
                                          "lib/os/b.hpp": '#include "os/a.hpp"\n'})), 1)


if __name__ == "__main__":
    unittest.main()
