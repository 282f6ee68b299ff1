#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs commands with several threads each: those whose threads share a CPU beside each other, a CPU for each of them;
then those that need more than one CPU, alone.

Prints what each has said, and writes a line to a file for each: exit status, command, last line of what it said.
"""

import argparse
import os
import queue
import shlex
import subprocess
import sys
import threading
from pathlib import Path

NOT_STARTED = 127
TIMED_OUT = 124


def run(command, limit, cpus):
    """(status, output) of one command on the given CPUs."""
    try:
        done = subprocess.run(shlex.split(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=limit, check=False,
                              preexec_fn=lambda: os.sched_setaffinity(0, cpus))
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as expired:
        return TIMED_OUT, (expired.stdout or b"").decode(errors="replace")
    except OSError as error:
        return NOT_STARTED, f"{error}\n"


class Runs:
    def __init__(self, limit, record):
        self.limit, self.record = limit, record
        self.lock = threading.Lock()

    def go_through(self, commands, cpus):
        """Until there are none: several threads take from one queue."""
        while True:
            try:
                command = commands.get_nowait()
            except queue.Empty:
                return
            status, output = run(command, self.limit, cpus)
            lines = output.splitlines() or [""]
            name = " ".join([os.path.basename(command.split()[0]), *command.split()[1:]])
            with self.lock:
                print(output, end="", flush=True)
                self.record.write(f"{status}\t{name}\t{lines[-1]}\n")
                self.record.flush()

    def go_through_in(self, commands, places):
        """As many at a time as there are places, each of which is a set of CPUs."""
        waiting = queue.Queue()
        for command in commands:
            waiting.put(command)
        threads = [threading.Thread(target=self.go_through, args=(waiting, place)) for place in places]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--limit", type=float, required=True, help="seconds for each")
    parser.add_argument("--beside", action="append", default=[], help="a command whose threads share a CPU")
    parser.add_argument("--alone", action="append", default=[], help="one that needs several CPUs")
    arguments = parser.parse_args()

    cpus = sorted(os.sched_getaffinity(0))
    with arguments.record.open("w", encoding="utf-8") as record:
        runs = Runs(arguments.limit, record)
        runs.go_through_in(arguments.beside, [{cpu} for cpu in cpus])
        runs.go_through_in(arguments.alone, [set(cpus)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
