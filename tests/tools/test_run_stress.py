#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run_stress.py runs every command, tells how each ended, and gives those beside each other a CPU each."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).parent / "run_stress.py"
COUNT_CPUS = f"{sys.executable} -c 'import os; print(len(os.sched_getaffinity(0)))'"


class RunStress(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.record = Path(folder.name) / "record"

    def run_all(self, *arguments, limit=60):
        """What was printed, and what was recorded: {command: (status, last line)}."""
        done = subprocess.run([sys.executable, "-B", PROGRAM, "--limit", str(limit), "--record", self.record, *arguments],
                              stdout=subprocess.PIPE, text=True, check=True)
        lines = [line.split("\t") for line in self.record.read_text(encoding="utf-8").splitlines()]
        return done.stdout, {name: (int(status), last) for status, name, last in lines}

    def test_that_every_command_is_recorded_with_how_it_ended(self):
        said, recorded = self.run_all("--beside", "sh -c 'echo first; echo last; exit 3'", "--alone", "true",
                                      "--alone", "sh -c 'echo absent; exit 77'")
        self.assertEqual(sorted(recorded.values()), [(0, ""), (3, "last"), (77, "absent")])
        self.assertEqual(said, "first\nlast\nabsent\n")

    def test_that_one_that_takes_too_long_is_ended_and_the_rest_go_on(self):
        said, recorded = self.run_all("--beside", "sh -c 'echo begun; exec sleep 60'", "--alone", "echo after", limit=1)
        self.assertEqual(sorted(recorded.values()), [(0, "after"), (124, "begun")])
        self.assertEqual(said, "begun\nafter\n")

    def test_that_those_beside_each_other_have_a_cpu_each_and_the_others_all(self):
        said, recorded = self.run_all("--beside", COUNT_CPUS, "--beside", COUNT_CPUS, "--alone", COUNT_CPUS)
        self.assertEqual([status for status, _ in recorded.values()], [0])
        self.assertEqual(said, f"1\n1\n{len(os.sched_getaffinity(0))}\n")

    def test_that_a_program_that_is_not_there_is_a_failure_of_its_own(self):
        _, recorded = self.run_all("--beside", "/nowhere/at-all --some=option", "--alone", "echo after")
        self.assertEqual(recorded["at-all --some=option"][0], 127)
        self.assertEqual(recorded["echo after"], (0, "after"))


if __name__ == "__main__":
    unittest.main()
