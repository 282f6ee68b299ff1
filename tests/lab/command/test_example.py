#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The example of docs/nestling-lab.md compiles as C and as C++, and its report says what the page says."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import support
from support import run, settings

TOP = Path(__file__).resolve().parents[3]
PAGE = TOP / "docs" / "nestling-lab.md"


class Example(unittest.TestCase):
    def compile(self, folder, language):
        if settings.sanitizer != "none":
            self.skipTest("the example is built without sanitizers")
        source, library = Path(folder) / "watch.c", Path(folder) / "watch.so"
        source.write_text(re.search(r"```c\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1], encoding="utf-8")
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "glib-2.0"], stdout=subprocess.PIPE, check=True)
        lab = settings.program.resolve().parents[1]
        subprocess.run([*settings.compiler, "-x", language, "-Wall", "-Werror", "-shared", "-fPIC", str(source), "-o",
                        str(library), "-I", str(TOP / "glib-source" / "lab" / "include"), "-L", str(lab),
                        "-lnestling-lab", *flags.stdout.decode().split()], check=True)
        return str(library)

    def test_it_fails_the_cases_that_the_page_names(self):
        for language in ("c", "c++"):
            with self.subTest(language=language), tempfile.TemporaryDirectory() as folder:
                report = Path(folder) / "report.json"
                done = run("check", self.compile(folder, language), "--json", str(report))
                self.assertEqual((done.returncode, done.stderr), (1, ""))
                results = json.loads(report.read_text(encoding="utf-8"))["sources"][0]["results"]
                self.assertEqual([result["case"] for result in results if result["outcome"] == "failed"], [15, 18, 19])


if __name__ == "__main__":
    support.main()
