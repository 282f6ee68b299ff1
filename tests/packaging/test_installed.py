#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is installed is complete, exports the API only, and can be used through pkg-config alone."""

import re
import unittest

import support
from support import run, settings

FORM = r"(?:(?:vtable|VTT|typeinfo|typeinfo name|guard variable) for |(?:non-virtual|virtual) thunk to )?"
API = re.compile(FORM + r"nestling::(?!(?:sync|os|fdmon|loop|async)::)")
PART = re.compile(FORM + r"nestling::async::(\w+)")


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
        names = ["libnestling-glib.so", "libnestling-lab.so"] if settings.glib == "yes" else []
        self.assertEqual([library.name for library in found], [*names, "libnestling.so"])
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

    def test_a_test_builds_and_runs_on_the_source_lab_alone(self):
        if settings.glib == "no":
            self.skipTest("built without GLib")
        program = self.tree.compile("nestling-lab", support.CONSUMER / "lab.cpp")
        self.assertIn("exact there is a lab in this process already", self.tree.run(program))
        self.assertNotIn("[libnestling.so", run("readelf", "-d", program))

    def test_the_command_checks_a_library_that_is_built_on_what_is_installed(self):
        found = list(self.tree.folder.rglob("bin/nestling-lab"))
        if settings.glib == "no":
            self.assertEqual(found, [])
            self.skipTest("built without GLib")
        library = self.tree.compile("nestling-lab", support.CONSUMER / "plugin.cpp", "-shared", "-fPIC")
        self.assertRegex(self.tree.run(found[0], "check", library), r"1 source: \d+ passed, 0 failed, \d+ not applicable\n$")
        self.assertIn("libnestling-lab.so", self.tree.run(found[0], "run", "--", "sh", "-c", 'echo "$LD_PRELOAD"'))

    def test_what_interpreters_need_is_installed(self):
        if not (settings.build / "glib-source/lab/NestlingLab-0.typelib").exists():
            self.skipTest("built without introspection")
        for name in ("NestlingLab-0.typelib", "NestlingLab-0.gir"):
            self.assertEqual(len(list(self.tree.folder.rglob(name))), 1, name)

    def test_the_core_asks_for_no_glib(self):
        for what in ("--print-requires", "--print-requires-private", "--cflags", "--libs"):
            self.assertNotIn("glib", self.tree.ask(what, "nestling"))

    def test_every_public_header_is_installed_and_no_other(self):
        of_windows = {"nestling/win32.hpp"}
        expected = {"nestling/version.hpp"}
        folders = ["lib/include"]
        folders += ["glib-source/include", "glib-source/lab/include"] if settings.glib == "yes" else []
        for folder in folders:
            top = settings.source / folder
            expected |= {path.relative_to(top).as_posix() for end in ("*.hpp", "*.h") for path in top.rglob(end)}
        found = {path.relative_to(self.tree.headers).as_posix() for path in self.tree.headers.rglob("*") if path.is_file()}
        self.assertEqual(found, expected - of_windows)

    def test_the_soname_has_the_version_of_the_api(self):
        for library in self.libraries():
            self.assertIn(f"[{library.name}.0]", run("readelf", "-d", library))

    def test_only_the_api_is_exported(self):
        for library in self.libraries():
            names = [line.split(maxsplit=2)[2] for line in run("nm", "-DC", "--defined-only", library).splitlines()]
            self.assertIn("nestling::", "".join(names))
            others = {name for name in names if not API.match(name) and not self.is_for_templates(name)}
            if library.name == "libnestling-lab.so":
                others -= self.names_of_the_lab(others)
            self.assertEqual(others, set(), library.name)

    def is_for_templates(self, name):
        """What public templates are made of, and their headers mark: coroutines are compiled by who writes them."""
        part = PART.match(name)
        headers = (settings.source / "lib/include/nestling").glob("*.hpp")
        mark = re.compile(rf"class NESTLING_API {part[1]}\b") if part else None
        return part and any(mark.search(path.read_text(encoding="utf-8")) for path in headers)

    def names_of_the_lab(self, found):
        """The C API, and what stands before the C library."""
        exported = (settings.source / "glib-source/lab/lab.map").read_text(encoding="utf-8")
        interposed = set(re.findall(r"^ +([a-z0-9_]+);$", exported, re.M))
        return {name for name in found if name.startswith("nestling_lab_") or name in interposed}


if __name__ == "__main__":
    support.main()
