#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/examples/curl-multi fetches from a server that this starts on the loopback.

    check_curl.py PROGRAM
"""

import http.server
import os
import subprocess
import sys
import threading
import unittest

SIZE = 1_000_000
TOGETHER = 20


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 2 * TOGETHER

    def __init__(self):
        self.together = threading.Barrier(TOGETHER)
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # pylint: disable=invalid-name
        if self.path == "/together":
            # None is answered before all have asked: they must be under way at the same time.
            self.server.together.wait(timeout=120)
        if self.path == "/absent":
            self.send_error(404)
            return
        if self.path == "/broken":
            self.send_response(200)
            self.send_header("Content-Length", str(SIZE))
            self.end_headers()
            self.wfile.write(b"short")
            self.close_connection = True  # pylint: disable=attribute-defined-outside-init
            return
        body = b"x" * (SIZE if self.path == "/large" else 10)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):  # pylint: disable=arguments-differ
        pass


class Curl(unittest.TestCase):
    program = None

    def setUp(self):
        self.server = Server()
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def fetch(self, *paths):
        where = f"http://127.0.0.1:{self.server.server_address[1]}"
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        done = subprocess.run([self.program, *(where + path for path in paths)], stdout=subprocess.PIPE, text=True,
                              timeout=120, check=False, env=environment)
        return done.returncode, sorted(line.removeprefix(where) for line in done.stdout.splitlines())

    def test_one(self):
        self.assertEqual(self.fetch("/small"), (0, ["/small: No error, status 200, 10 bytes"]))

    def test_a_large_one(self):
        self.assertEqual(self.fetch("/large"), (0, [f"/large: No error, status 200, {SIZE} bytes"]))

    def test_many_at_the_same_time(self):
        self.assertEqual(self.fetch(*["/together"] * TOGETHER),
                         (0, ["/together: No error, status 200, 10 bytes"] * TOGETHER))

    def test_failures_are_told(self):
        code, lines = self.fetch("/absent", "/broken", "/small")
        self.assertEqual(code, 1)
        self.assertRegex(lines[0], r"/absent: No error, status 404, \d+ bytes")
        self.assertEqual(lines[1], "/broken: Transferred a partial file, status 200, 5 bytes")
        self.assertEqual(lines[2], "/small: No error, status 200, 10 bytes")

    def test_nobody_answers(self):
        port = self.server.server_address[1]
        self.doCleanups()
        done = subprocess.run([self.program, f"http://127.0.0.1:{port}/"], stdout=subprocess.PIPE, text=True, timeout=120,
                              check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("Couldn't connect to server", done.stdout)


if __name__ == "__main__":
    Curl.program = sys.argv.pop()
    unittest.main()
