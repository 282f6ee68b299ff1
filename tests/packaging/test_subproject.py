#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Another project takes the tree as a subproject, gets the library, and gets nothing that it did not ask for."""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import support
from support import run, settings


class Subproject(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        shutil.copytree(support.CONSUMER, cls.folder, dirs_exist_ok=True)
        shutil.copytree(settings.source, cls.folder / "subprojects/nestling", symlinks=True,
                        ignore=shutil.ignore_patterns(".git", "build*", "__pycache__"))
        cls.build = cls.folder / "b"
        run("meson", "setup", cls.build, cls.folder, "--buildtype=plain", "--force-fallback-for=nestling",
            f"-Dglib={'true' if settings.glib == 'yes' else 'false'}", CXX=" ".join(settings.compiler))

    def test_a_program_finds_the_library_by_its_dependency_and_runs(self):
        run("ninja", "-C", self.build, "consumer")
        self.assertIn("calls", run(self.build / "consumer", seconds=30))

    def test_the_users_of_the_tree_get_neither_tests_nor_demo(self):
        self.assertEqual(json.loads(run("meson", "introspect", "--tests", self.build)), [])
        targets = json.loads(run("meson", "introspect", "--targets", self.build))
        programs = {target["name"] for target in targets if target["type"] == "executable"}
        # The command of the Source Lab belongs to the library.
        self.assertEqual(programs - {"nestling-lab"}, {"consumer"})


if __name__ == "__main__":
    support.main()
