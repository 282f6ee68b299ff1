#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A page of docs/how-to shows what is in its files, and its commands answer what it says.

Usage: how_to_test.py PAGE EXAMPLES LIBRARY PROGRAM PKG_CONFIG_PATH [INTERPRETER]

Runs the page's ```sh blocks, in their order, in a copy of EXAMPLES; each line of a ```text block must be in the answer to
the one before. Every other block must be in one of the files. Exits with 77, which means skipped, without the interpreter.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import run_interpreted

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Page:
    def __init__(self, page, examples, library, program, pkg_config, interpreter):
        self.blocks = BLOCK.findall(Path(page).read_text(encoding="utf-8"))
        self.examples, self.library, self.program = Path(examples), Path(library), Path(program)
        self.pkg_config, self.interpreter = pkg_config, interpreter

    def environment(self, folder):
        """That of a reader who has installed everything."""
        commands = folder / "commands"
        commands.mkdir()
        (commands / "nestling-lab").symlink_to(self.program.resolve())
        if self.interpreter:
            (commands / Path(self.interpreter).name).symlink_to(self.interpreter)
        folders = str(self.library.resolve().parent)
        return {**os.environ, "PATH": f"{commands}:{os.environ['PATH']}", "LD_LIBRARY_PATH": folders,
                "GI_TYPELIB_PATH": folders, "PKG_CONFIG_PATH": self.pkg_config, "PYTHONDONTWRITEBYTECODE": "1"}


class HowTo(unittest.TestCase):
    page = None

    def test_the_page_shows_what_is_in_the_files(self):
        files = [path.read_text(encoding="utf-8") for path in sorted(self.page.examples.iterdir()) if path.is_file()]
        shown = [text for kind, text in self.page.blocks if kind not in ("sh", "text")]
        self.assertGreaterEqual(len(shown), 4)
        for text in shown:
            self.assertTrue(any(text in file for file in files), f"in no file:\n{text}")

    def test_the_commands_answer_what_the_page_says(self):
        statuses, answer = [], []
        with tempfile.TemporaryDirectory() as name:
            environment = self.page.environment(Path(name))
            folder = Path(name) / "examples"
            shutil.copytree(self.page.examples, folder)
            for kind, text in self.page.blocks:
                if kind == "sh":
                    done = subprocess.run(["bash", "-ec", text], cwd=folder, env=environment, text=True, check=False,
                                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    statuses.append(done.returncode)
                    answer = [line.strip() for line in done.stdout.splitlines()]
                elif kind == "text":
                    for line in text.splitlines():
                        # What went through g_test has more in front.
                        self.assertTrue(any(one.endswith(line.strip()) for one in answer),
                                        "\n".join([f"not answered: {line}", *answer]))
        self.assertEqual(statuses[-1], 0, "the mended source does not pass")
        self.assertTrue(any(statuses), "no bug was found")


if __name__ == "__main__":
    wanted = sys.argv[6] if len(sys.argv) > 6 else None
    found = run_interpreted.find_interpreter(wanted) if wanted else None
    if wanted:
        reason = run_interpreted.why_not(wanted, found, Path(sys.argv[3]))
        if reason:
            print(reason)
            sys.exit(run_interpreted.SKIPPED)
    HowTo.page = Page(*sys.argv[1:6], found)
    unittest.main(argv=sys.argv[:1])
