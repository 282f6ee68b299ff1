#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The window does the same job under Xvfb, and its picture shows something."""

import json
import os
import select
import signal
import struct
import subprocess
import sys
import unittest
import zlib
from pathlib import Path

import support
from support import MODES, groups_of, run, search, settings

SKIPPED = 77


class Display:
    """An X server of our own, on a display that it chose itself. Call stop() at the end."""

    def __init__(self):
        read, write = os.pipe()
        try:
            self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten",
                                            "tcp"], pass_fds=[write], stdin=subprocess.DEVNULL,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        finally:
            os.close(write)
        with open(read, "rb") as answer:
            ready, _, _ = select.select([answer], [], [], 60)
            number = answer.readline().strip() if ready else b""
        if not number:
            self.stop()
            raise AssertionError("Xvfb does not start")
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
        self.environment.update(DISPLAY=f":{number.decode()}", GDK_BACKEND="x11", GSK_RENDERER="cairo")

    def stop(self):
        self.server.terminate()
        self.server.wait()


def read_png(path):
    """Width, height and the filtered bytes of the pixels."""
    data = Path(path).read_bytes()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise AssertionError("not a PNG file")
    width, height = struct.unpack(">II", data[16:24])
    at, pixels = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IDAT":
            pixels += data[at + 8:at + 8 + length]
        at += 12 + length
    return width, height, zlib.decompress(pixels)


class Picture(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.display = Display()
        cls.addClassCleanup(cls.display.stop)
        cls.folder = support.Folder()
        cls.addClassCleanup(cls.folder.remove)
        for number in range(200):
            cls.folder.write(f"{number % 10}/{number}", b"content %d" % (number % 50))

    def test_the_window_finds_what_the_terminal_finds_and_is_pictured(self):
        expected = groups_of(search(str(self.folder.path)))
        self.assertEqual(len(expected), 50)
        for mode in MODES:
            with self.subTest(mode=mode):
                file = self.folder.path.parent / f"{self.folder.path.name}-{mode}.png"
                self.addCleanup(file.unlink, missing_ok=True)
                result = run(f"--record={file}", "--json", "--both", f"--mode={mode}", str(self.folder.path),
                             env=self.display.environment)
                self.assertEqual(result.code, 0, result.err)
                self.assertEqual(groups_of(result.json), expected)
                self.assertEqual(result.json["measured"]["timers_early"], 0)
                width, height, pixels = read_png(file)
                self.assertGreaterEqual((width, height), (900, 600))
                self.assertGreater(file.stat().st_size, 20000)
                self.assertGreater(len(set(pixels)), 100)

    def test_a_picture_that_cannot_be_written_is_an_error(self):
        result = run("--record=/nonexistent/picture.png", str(self.folder.path), env=self.display.environment)
        self.assertEqual(result.code, 2)
        self.assertIn("/nonexistent/picture.png", result.err)

    def test_a_signal_in_the_middle_closes_the_window_and_reports_a_part(self):
        folder = support.Folder()
        self.addCleanup(folder.remove)
        folder.write("a", b"content")
        for name in ("endless", "endless too"):
            os.truncate(folder.write(name, b""), 1 << 36)
        # Its note is how we learn that the job has begun.
        (folder.path / "link").symlink_to("nothing")
        with subprocess.Popen([settings.program, "--json", "--follow", folder.path], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=self.display.environment) as process:
            try:
                next(line for line in process.stderr if "leads nowhere" in line)
                process.send_signal(signal.SIGINT)
                out, _ = process.communicate(timeout=60)
            finally:
                process.kill()
        self.assertEqual(process.returncode, 130)
        self.assertIs(json.loads(out)["interrupted"], True)


def reason_to_skip():
    if settings.window == "no":
        return "the demo was built without GTK 4"
    if not any(os.access(os.path.join(folder, "Xvfb"), os.X_OK) for folder in os.get_exec_path()):
        return "there is no Xvfb"
    return ""


if __name__ == "__main__":
    support.parse_settings()
    if reason_to_skip():
        print(reason_to_skip(), file=sys.stderr)
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1])
