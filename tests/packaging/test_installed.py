#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is installed is complete, exports the API only, and can be used through pkg-config alone."""

import re
import unittest

import support
from support import run, settings

API = re.compile(r"(?:(?:vtable|VTT|typeinfo|typeinfo name|guard variable) for |(?:non-virtual|virtual) thunk to )?"
                 r"nestling::(?!(?:sync|os|fdmon|loop|async)::)")


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = support.Installation()
        cls.addClassCleanup(cls.tree.remove)

    def build_consumer(self, module, *options):
        program = self.tree.compile(module, support.CONSUMER / "main.cpp", *options)
        self.assertIn("calls", self.tree.run(program))
        return program

    def libraries(self):
        found = sorted(self.tree.libraries.glob("libnestling*.so"))
        self.assertEqual(len(found), 2 if settings.glib == "yes" else 1)
        return found

    def test_a_program_builds_and_runs_on_the_core_alone(self):
        program = self.build_consumer("nestling")
        needed = run("readelf", "-d", program)
        self.assertIn("[libnestling.so.0]", needed)
        self.assertNotIn("glib", needed)

    def test_a_program_builds_and_runs_on_the_adapter(self):
        if settings.glib == "no":
            self.skipTest("built without GLib")
        self.build_consumer("nestling-glib", "-DCONSUMER_GLIB")

    def test_the_core_asks_for_no_glib(self):
        for what in ("--print-requires", "--print-requires-private", "--cflags", "--libs"):
            self.assertNotIn("glib", self.tree.ask(what, "nestling"))

    def test_every_public_header_is_installed_and_no_other(self):
        expected = {"nestling/version.hpp"}
        folders = ["lib/include"] + (["glib-source/include"] if settings.glib == "yes" else [])
        for folder in folders:
            top = settings.source / folder
            expected |= {path.relative_to(top).as_posix() for end in ("*.hpp", "*.h") for path in top.rglob(end)}
        found = {path.relative_to(self.tree.headers).as_posix() for path in self.tree.headers.rglob("*") if path.is_file()}
        self.assertEqual(found, expected)

    def test_the_soname_has_the_version_of_the_api(self):
        for library in self.libraries():
            self.assertIn(f"[{library.name}.0]", run("readelf", "-d", library))

    def test_only_the_api_is_exported(self):
        for library in self.libraries():
            names = [line.split(maxsplit=2)[2] for line in run("nm", "-DC", "--defined-only", library).splitlines()]
            self.assertIn("nestling::", "".join(names))
            self.assertEqual([name for name in names if not API.match(name)], [], library.name)


if __name__ == "__main__":
    support.main()
