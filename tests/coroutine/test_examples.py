#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/how-to/coroutines.md shows what is in its files and prints what it says, and the echo server echoes and ends."""

import argparse
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path

# What runs programs of another platform.
EMULATOR = shlex.split(os.environ.get("NESTLING_EMULATOR", ""))


class Examples(unittest.TestCase):
    settings = None

    def test_the_page_shows_what_is_in_the_files(self):
        page = self.page()
        folder = self.settings.docs / "how-to/examples/coroutines"
        files = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))
        blocks = re.findall(r"^```cpp\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        self.assertGreaterEqual(len(blocks), 4)
        for block in blocks:
            self.assertIn(block, files)

    def test_the_programs_print_what_the_page_says(self):
        lines = {line.strip() for line in self.page().splitlines() if line.startswith("    ")}
        for name in "first", "together", "threads":
            printed = self.run_program(name).splitlines()
            self.assertTrue(printed)
            for line in printed:
                self.assertIn(line, lines)
                self.assertNotIn("lost", line)

    def test_a_file_is_shown_through_gio(self):
        if "glib" not in self.settings.programs:
            self.skipTest("built without GLib")
        size = Path(__file__).stat().st_size
        self.assertEqual(self.run_program("glib", __file__), f"{size} bytes\n")
        self.assertIn("nonexistent", self.run_program("glib", "/nonexistent"))

    def test_the_echo_server_echoes_to_several_clients_and_ends_while_they_are_there(self):
        if "echo-server" not in self.settings.programs:
            self.skipTest("built without GLib")
        with subprocess.Popen([*EMULATOR, self.settings.programs["echo-server"]], stdout=subprocess.PIPE, text=True) as server:
            try:
                port = int(re.search(r"port (\d+)", server.stdout.readline()).group(1))
                clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
                for number, client in enumerate(clients):
                    client.sendall(f"client {number}, ".encode() * 100)
                for number, client in enumerate(clients):
                    wanted = f"client {number}, ".encode() * 100
                    got = b""
                    while len(got) < len(wanted):
                        got += client.recv(len(wanted) - len(got))
                    self.assertEqual(got, wanted)
                clients.pop().close()
                server.send_signal(signal.SIGTERM)
                self.assertEqual(server.wait(timeout=60), 0)
                for client in clients:
                    self.assertEqual(client.recv(1), b"")
                    client.close()
            finally:
                if server.poll() is None:
                    server.kill()

    def page(self):
        return (self.settings.docs / "how-to/coroutines.md").read_text(encoding="utf-8")

    def run_program(self, name, *arguments):
        return subprocess.run([*EMULATOR, self.settings.programs[name], *arguments], stdout=subprocess.PIPE, text=True, check=True,
                              timeout=60).stdout


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("programs", nargs="+", help="NAME=PATH")
    Examples.settings = parser.parse_args()
    Examples.settings.programs = dict(pair.split("=", 1) for pair in Examples.settings.programs)
    unittest.main(argv=sys.argv[:1])
