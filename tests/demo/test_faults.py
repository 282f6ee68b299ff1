#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad input and files that cannot be read: each is named, the exit code says so, and nothing else is lost."""

import os
import subprocess
import unittest

import support
from support import MODES, groups_of, run, search, settings

NOBODY = 65534


def can_run_as_nobody():
    """Whether root can start the program as somebody whom permissions stop."""
    try:
        done = subprocess.run([settings.program, "--version"], user=NOBODY, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


class Folders(unittest.TestCase):
    def test_folders_that_are_not_there_are_all_named(self):
        result = run("--terminal", "--json", "/nonexistent/one", "/nonexistent/two", "/")
        self.assertEqual((result.code, result.out), (2, b""))
        self.assertEqual(result.err.splitlines(), ["nestling-demo: /nonexistent/one: No such file or directory",
                                                   "nestling-demo: /nonexistent/two: No such file or directory"])

    def test_a_file_is_not_a_folder(self):
        result = run("--terminal", __file__)
        self.assertEqual((result.code, result.out), (2, b""))
        self.assertIn(f"{__file__}: Not a directory", result.err)


class Unreadable(unittest.TestCase):
    def setUp(self):
        self.folder = support.Folder()
        self.addCleanup(self.folder.remove)
        self.root = str(self.folder.path)
        self.folder.write("a", b"content")
        self.folder.write("b", b"content")

    def check(self, words, result, errors):
        """The equal files are found, and each error is in the report and on stderr."""
        self.assertEqual(result.code, 1)
        report = result.json
        self.assertIn(2, [len(files) for _, files in groups_of(report)])
        problems = [problem for problem in report["problems"] if problem["kind"] == "error"]
        self.assertEqual((len(problems), report["counts"]["errors"]), (errors, errors), problems)
        for problem in problems:
            self.assertIn(f"error: {problem['path']}: {problem['text']}", result.err)
        self.assertTrue(any(words in problem["text"] for problem in problems), problems)
        self.assertEqual(report["counts"]["jobs"], report["counts"]["jobs_done"])

    def test_a_file_that_fails_while_it_is_read_is_named(self):
        # The memory of a process is a regular file of size 0, and nothing is mapped where reading begins. Also for root.
        (self.folder.path / "memory").symlink_to("/proc/self/mem")
        self.folder.write("empty", b"")
        for mode in MODES:
            with self.subTest(mode=mode):
                result = run("--terminal", "--json", "--follow", f"--mode={mode}", self.root)
                self.check("", result, 1)
                self.assertTrue(result.json["problems"][0]["path"].endswith("/memory"))

    def test_files_and_folders_without_permission_are_named(self):
        as_nobody = {}
        if os.geteuid() == 0:
            if not can_run_as_nobody():
                self.skipTest("root reads everything, and nobody else can run the program where it is")
            os.chmod(self.root, 0o755)
            as_nobody = {"user": NOBODY, "group": NOBODY}
        os.chmod(self.folder.write("secret", b"CONTENT"), 0)
        closed = self.folder.mkdir("closed")
        os.chmod(closed, 0)
        self.addCleanup(os.chmod, closed, 0o700)
        for mode in MODES:
            with self.subTest(mode=mode):
                result = run("--terminal", "--json", f"--mode={mode}", self.root, **as_nobody)
                self.check("Permission denied", result, 2)

    def test_paths_longer_than_the_kernel_takes_at_once_are_read(self):
        fd = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        name = "d" * 200
        try:
            for _ in range(25):
                os.mkdir(name, dir_fd=fd)
                deeper = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=fd)
                os.close(fd)
                fd = deeper
            with open(os.open("deep", os.O_WRONLY | os.O_CREAT, dir_fd=fd), "wb") as file:
                file.write(b"content")
        finally:
            os.close(fd)
        report = search(self.root)
        self.assertEqual([len(files) for _, files in groups_of(report)], [3])
        self.assertEqual((report["counts"]["errors"], report["counts"]["folders"]), (0, 26))


class Descriptors(unittest.TestCase):
    def test_too_few_descriptors_end_the_program_with_the_reason(self):
        if "undefined" in settings.sanitizer:
            self.skipTest("UBSan needs descriptors itself, and reports errors of its own when it gets none")
        for mode in MODES:
            with self.subTest(mode=mode):
                done = subprocess.run(["sh", "-c", 'ulimit -n 5 && exec "$0" --terminal --mode="$1" /', settings.program,
                                       mode], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
                self.assertEqual((done.returncode, done.stdout), (2, b""))
                self.assertIn(b"Too many open files", done.stderr)


if __name__ == "__main__":
    support.main()
