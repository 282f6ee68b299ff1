#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the command line takes, and what it answers."""

import os
import re
import subprocess
import tempfile
import unittest

import support
from support import run, settings


class Usage(unittest.TestCase):
    def check_complaint(self, words, *arguments):
        result = run(*arguments)
        self.assertEqual((result.code, result.out), (2, b""))
        self.assertIn(words, result.err)
        self.assertIn("--help", result.err)

    def test_help_names_every_option_and_the_exit_codes(self):
        result = run("--help")
        self.assertEqual((result.code, result.err), (0, ""))
        text = result.out.decode("utf-8")
        named = set(re.findall(r"--[a-z-]+", text))
        self.assertEqual(named, {"--mode", "--both", "--threads", "--min-size", "--follow", "--monitor", "--terminal",
                                 "--json", "--record", "--help", "--version"})
        for words in ("130", r"\xHH", "hard links"):
            self.assertIn(words, text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_the_version_is_one_line(self):
        self.assertRegex(run("--version").out.decode(), r"^nestling-demo \d+\.\d+\.\d+\n$")

    def test_a_folder_must_be_given(self):
        self.check_complaint("which folder?")

    def test_what_is_not_an_option_is_named(self):
        self.check_complaint("--nonsense", "--nonsense", "/")
        self.check_complaint("--threads", "--threads")

    def test_values_that_make_no_sense_are_named(self):
        for option, value in (("mode", "fast"), ("threads", "0"), ("threads", "2x"), ("threads", "-1"), ("threads", "257"),
                              ("min-size", "big"), ("min-size", ""), ("min-size", "99999999999999999999"),
                              ("monitor", "kqueue")):
            with self.subTest(option=option, value=value):
                self.check_complaint(f'--{option} cannot be "{value}"', f"--{option}={value}", "/")

    def test_a_picture_of_no_window_is_refused(self):
        self.check_complaint("--record", "--terminal", "--record=picture.png", "/")
        environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        # Whatever display the session may have otherwise: none can be found here.
        environment["XDG_RUNTIME_DIR"] = "/nonexistent"
        result = run("--record=picture.png", "/", env=environment)
        self.assertEqual((result.code, result.out), (2, b""))
        self.assertIn("--record needs a window", result.err)

    def test_without_a_display_the_terminal_is_used(self):
        environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        environment["XDG_RUNTIME_DIR"] = "/nonexistent"
        with tempfile.TemporaryDirectory() as folder:
            result = run(folder, env=environment)
        self.assertEqual(result.code, 0)
        self.assertIn(b"Duplicates under " + os.fsencode(folder), result.out)

    def test_text_and_json_have_the_measurements(self):
        with tempfile.TemporaryDirectory() as folder:
            text = run("--terminal", folder).out.decode("utf-8")
            report = run("--terminal", "--json", folder).json
        for row in ("files", "read", "duplicates", "wasted", "errors", "time", "frames", "latency", "wake writes",
                    "100 us timer", "delivery"):
            self.assertRegex(text, rf"(?m)^  {row} ")
        for name in ("elapsed_ns", "files_per_second", "megabytes_per_second", "worst_frame_ns", "latency", "wake_writes",
                     "sleeps", "wake_writes_per_sleep", "timers_early", "timer_100us_lateness", "sent", "received"):
            self.assertIn(name, report["measured"])

    def test_a_result_that_cannot_be_written_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder, open("/dev/full", "wb") as full:
            done = subprocess.run([settings.program, "--terminal", folder], stdout=full, stderr=subprocess.PIPE,
                                  stdin=subprocess.DEVNULL, timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"cannot write the result", done.stderr)

    def test_a_terminal_gets_a_bar_and_is_left_clean(self):
        try:
            master, slave = os.openpty()
        except OSError as error:
            self.skipTest(f"this system gives no terminal: {error}")
        try:
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run([settings.program, "--terminal", "--json", folder], stdout=subprocess.PIPE,
                                      stderr=slave, stdin=subprocess.DEVNULL, timeout=60, check=False)
            os.close(slave)
            slave = -1
            said = os.read(master, 65536)
        finally:
            os.close(master)
            if slave >= 0:
                os.close(slave)
        self.assertEqual(done.returncode, 0)
        # Whatever was drawn on the last line has been wiped.
        self.assertNotIn("%", said.decode("utf-8").splitlines()[-1].rpartition("\x1b[K")[2])


if __name__ == "__main__":
    support.main()
