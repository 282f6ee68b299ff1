#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_layers.py passes a good tree and fails on each kind of bad include."""

import unittest

import check_layers
from temporary_tree import temporary_tree

GOOD = {
    "lib/sync/word.hpp": "#include <atomic>\n#include <nestling/callback.hpp>\n",
    "lib/os/clock.hpp": '#include <time.h>\n#include "sync/word.hpp"\n',
    "lib/loop/context.cpp": '#include <nestling/context.hpp>\n#include "os/clock.hpp"\n',
    "lib/loop/version.cpp": "#include <nestling/version.hpp>\n",
    "lib/include/nestling/callback.hpp": "#include <utility>\n",
    "lib/include/nestling/context.hpp": "#include <nestling/callback.hpp>\n",
    "glib-source/source.cpp": "#include <nestling/context.hpp>\n#include <nestling-glib/source.hpp>\n",
    "glib-source/include/nestling-glib/source.hpp": "#include <glib.h>\n",
    "tests/unit/a.cpp": '#include <glib.h>\n#include "loop/own.hpp"\n#include "sync/word.hpp"\n',
}


class Layers(unittest.TestCase):
    def errors(self, changes):
        """The errors of the good tree with some files changed or added."""
        with temporary_tree({**GOOD, **changes}) as top:
            return check_layers.check(top)[0]

    def assert_one(self, part, changes):
        errors = self.errors(changes)
        self.assertEqual(len(errors), 1, errors)
        self.assertIn(part, errors[0])

    def test_a_good_tree_passes(self):
        self.assertEqual(self.errors({}), [])

    def test_a_lower_layer_may_not_include_a_higher_one(self):
        self.assert_one("os may not include loop",
                        {"lib/os/clock.cpp": '#include "loop/own.hpp"\n', "lib/loop/own.hpp": ""})

    def test_a_relative_path_is_no_way_around(self):
        self.assert_one("os may not include loop",
                        {"lib/os/clock.cpp": '#include "../loop/own.hpp"\n', "lib/loop/own.hpp": ""})

    def test_a_lower_layer_may_not_include_a_public_header_of_a_higher_one(self):
        self.assert_one("os may not include loop", {"lib/os/clock.cpp": "#include <nestling/context.hpp>\n"})

    def test_a_public_header_may_not_include_a_private_one(self):
        self.assert_one("private", {"lib/include/nestling/context.hpp": '#include "os/clock.hpp"\n'})

    def test_no_glib_in_lib(self):
        for name in ("glib.h", "glib-unix.h", "glib-object.h", "gio/gio.h", "gobject/gvalue.h", "gtk/gtk.h"):
            self.assert_one("no GLib in lib", {"lib/async/pool.cpp": f"#include <{name}>\n"})

    def test_sync_includes_the_standard_library_only(self):
        self.assert_one("standard library only", {"lib/sync/futex.hpp": "#include <linux/futex.h>\n"})

    def test_the_lab_and_the_rest_know_nothing_of_each_other(self):
        lab = {"glib-source/lab/lab_core.hpp": "", "glib-source/lab/lab.cpp": '#include "lab_core.hpp"\n'}
        self.assertEqual(self.errors(lab), [])
        self.assert_one("know nothing of each other",
                        {**lab, "glib-source/lab/kit.cpp": "#include <nestling/context.hpp>\n"})
        self.assert_one("know nothing of each other",
                        {**lab, "glib-source/source.cpp": '#include "lab/lab_core.hpp"\n'})

    def test_the_adapter_sees_public_headers_only(self):
        self.assert_one("public headers of lib only", {"glib-source/own.cpp": '#include "sync/word.hpp"\n'})

    def test_lib_does_not_include_the_adapter(self):
        self.assert_one("lib may not include glib-source",
                        {"lib/async/pool.cpp": "#include <nestling-glib/source.hpp>\n"})

    def test_everything_in_lib_stands_in_the_table(self):
        self.assert_one("not in the table", {"lib/extra/new.hpp": ""})
        self.assert_one("not in the table", {"lib/include/nestling/new.hpp": ""})
        self.assert_one("not in the table", {"lib/loop/own.cpp": "#include <nestling/contxt.hpp>\n"})

    def test_a_file_that_is_not_there_is_reported(self):
        self.assert_one("no such file", {"lib/loop/own.cpp": '#include "loop/gone.hpp"\n'})

    def test_a_circle_of_includes_is_reported_once(self):
        self.assert_one("circle of includes: lib/os/a.hpp -> lib/os/b.hpp -> lib/os/a.hpp",
                        {"lib/os/a.hpp": '#include "os/b.hpp"\n', "lib/os/b.hpp": '#include "os/a.hpp"\n'})


if __name__ == "__main__":
    unittest.main()
