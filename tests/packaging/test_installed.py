#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is installed is complete, exports the API only, and can be used through pkg-config alone."""

import re
import shutil
import tempfile
import unittest
from pathlib import Path

import support
from support import run, settings

API = re.compile(r"(?:(?:vtable|VTT|typeinfo|typeinfo name|guard variable) for |(?:non-virtual|virtual) thunk to )?"
                 r"nestling::(?!(?:sync|os|fdmon|loop|async)::)")


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        run("meson", "install", "--no-rebuild", "--quiet", "-C", settings.build, "--destdir", cls.folder)
        cls.pkg_config = next(cls.folder.rglob("nestling.pc")).parent
        cls.libraries = cls.pkg_config.parent
        cls.headers = next(cls.folder.rglob("include/nestling-0"))
        # The prefix is as it was configured; this is where it ended up.
        for file in cls.pkg_config.glob("*.pc"):
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r"(?m)^prefix=", f"prefix={cls.folder}", text), encoding="utf-8")

    def build_consumer(self, module, *options):
        program = self.folder / f"consumer-{module}"
        support.compile_with(module, support.CONSUMER / "main.cpp", program, self.pkg_config, *options)
        self.assertIn("calls", support.run_program(program, self.libraries))
        return program

    def exported(self, library):
        names = [line.split(maxsplit=2)[2] for line in
                 run("nm", "-DC", "--defined-only", self.libraries / library).splitlines()]
        self.assertTrue(names)
        return names

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
            self.assertNotIn("glib", run("pkg-config", what, "nestling", PKG_CONFIG_PATH=str(self.pkg_config)))

    def test_every_public_header_is_installed_and_no_other(self):
        expected = {"nestling/version.hpp"}
        folders = ["lib/include"] + (["glib-source/include"] if settings.glib == "yes" else [])
        for folder in folders:
            top = settings.source / folder
            expected |= {path.relative_to(top).as_posix() for end in ("*.hpp", "*.h") for path in top.rglob(end)}
        found = {path.relative_to(self.headers).as_posix() for path in self.headers.rglob("*") if path.is_file()}
        self.assertEqual(found, expected)

    def test_the_soname_has_the_version_of_the_api(self):
        for library in sorted(self.libraries.glob("libnestling*.so")):
            self.assertIn(f"[{library.name}.0]", run("readelf", "-d", library))

    def test_only_the_api_is_exported(self):
        for library in sorted(self.libraries.glob("libnestling*.so")):
            foreign = [name for name in self.exported(library.name) if not API.match(name)]
            self.assertEqual(foreign, [], f"{library.name} exports {len(foreign)} names that are not API")


if __name__ == "__main__":
    support.main()
