#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the recorded protocol headers with spin, under sequential consistency and under TSO.

    run_spin.py --generator PATH [--json FILE] [--keep DIR] [--only WORD] [--jobs N]

Prints `scenario | protocol | tool | verdict | states`. Every mutation must be reported. Exit code 77 without spin or
a C compiler.
"""

import concurrent.futures
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
import harness  # noqa: E402
import report  # noqa: E402
import scenarios  # noqa: E402

SECONDS, MEGABYTES, DEPTH = 60, 1024, 200_000
COMPILERS = ("clang", "cc", "gcc")  # the checkers take longer to compile than to run; clang is faster
PAN_FLAGS = ["-O0", "-w", "-DSAFETY", "-DNOFAIR", f"-DMEMLIM={MEGABYTES}"]


@functools.lru_cache(maxsize=None)
def recorded(generator, protocol, nodes, mutation):
    command = [generator, protocol, str(nodes)] + ([mutation] if mutation else [])
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


class Checker:
    """One scenario and protocol, compiled once and run with each memory model."""

    def __init__(self, text, compiler, folder):
        self.folder = folder
        (folder / "model.pml").write_text(text, encoding="utf-8")
        made = subprocess.run(["spin", "-a", "model.pml"], cwd=folder, capture_output=True, text=True, check=False)
        if made.returncode != 0 or "Error" in made.stdout:
            raise RuntimeError(f"spin refuses the model: {made.stdout}{made.stderr}")
        subprocess.run([compiler, *PAN_FLAGS, "-o", "pan", "pan.c"], cwd=folder, check=True)

    def run(self, memory_model):
        """The verdict, and the number of states. Anything but a complete search counts as no verdict."""
        environment = {name: value for name, value in os.environ.items() if name != "STORE_BUFFERS"}
        if memory_model == "TSO":
            environment["STORE_BUFFERS"] = "1"
        try:
            ran = subprocess.run(["./pan", f"-m{DEPTH}"], cwd=self.folder, capture_output=True, text=True,
                                 env=environment, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return "incomplete: out of time", 0
        states = int(re.search(r"(\d+) states, stored", ran.stdout + "0 states, stored").group(1))
        failure = re.search(r"pan:1: (.*?) \(at depth", ran.stdout)
        if failure:
            return f"broken: {self.promise(failure.group(1))}", states
        if "errors: 0" not in ran.stdout or "Search not completed" in ran.stdout or "depth too small" in ran.stdout:
            return "incomplete: " + ran.stdout.strip().splitlines()[0], states
        return "ok", states

    @staticmethod
    def promise(message):
        """The promise whose name is in the assertion that failed."""
        broken = [name for name in harness.PROMISES if name in message]
        return broken[0].replace("_", " ") if broken else message


def checks():
    for scenario in scenarios.SCENARIOS:
        for protocol in scenario.protocols:
            yield scenario, protocol, None
    by_name = {scenario.name: scenario for scenario in scenarios.SCENARIOS}
    for mutation in scenarios.MUTATIONS:
        yield by_name[mutation.scenario], mutation.protocol, mutation


def named(scenario, _, mutation):
    return scenario.name + (f" [{mutation.argument}]" if mutation else "")


def run():
    parser = report.arguments("checks the recorded protocol headers with spin")
    parser.add_argument("--generator", required=True, help="the program record-protocols")
    parser.add_argument("--keep", metavar="DIR", help="keep the models here")
    parser.add_argument("--only", default="", help="scenarios and mutations with this in their name")
    parser.add_argument("--jobs", type=int, help="so many at once; as many as there are processors if not given")
    options = parser.parse_args()
    compiler = os.environ.get("CC") or next(filter(shutil.which, COMPILERS), None)
    if shutil.which("spin") is None or compiler is None:
        return report.skip("spin", "spin is not installed" if compiler else "there is no C compiler")
    table = report.Report(options.json)
    wanted = [(number, *check) for number, check in enumerate(checks()) if options.only in named(*check)]
    with tempfile.TemporaryDirectory() as temporary, \
            concurrent.futures.ThreadPoolExecutor(options.jobs or os.cpu_count()) as workers:
        def verdicts(work):
            number, scenario, protocol, mutation = work
            folder = pathlib.Path(options.keep or temporary) / f"{number}"
            folder.mkdir(parents=True, exist_ok=True)
            functions = recorded(options.generator, protocol, scenario.nodes, mutation and mutation.argument)
            checker = Checker(harness.Model(functions, scenario, protocol).text(), compiler, folder)
            return [(memory_model, *checker.run(memory_model)) for memory_model in ("SC", "TSO")]

        for (_, scenario, protocol, mutation), answers in zip(wanted, workers.map(verdicts, wanted)):
            for memory_model, verdict, states in answers:
                expected = "broken" if mutation and memory_model in mutation.breaks else "ok"
                table.row(named(scenario, protocol, mutation), protocol, f"spin {memory_model}", verdict, expected,
                          states)
    return table.finish()


if __name__ == "__main__":
    report.main(run)
