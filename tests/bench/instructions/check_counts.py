#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the instructions of each operation, and fails when one needs more than is kept in a file.

    check_counts.py PROGRAM COMPILER [--write | --expect-slower]

callgrind counts the library's and the program's instructions for two lengths of a run; their difference is exact and the
same on every run, so that a slower library is seen however busy the machine is. Counts belong to a compiler and a GLib: with
others than the file names, and without valgrind, a line says that nothing was checked (exit code 77).

--write keeps what was counted. --expect-slower turns the answer round: PROGRAM is slower on purpose, and must be caught.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

KEPT = pathlib.Path(__file__).resolve().parent / "counts.json"
TOLERANCE = 0.03
# The short run is long enough for all that grows to have grown.
SHORT, LONG = 8000, 18000
SKIP = 77


def instructions(program, operation, count):
    # Meson has freed memory filled, which takes instructions that are not the library's.
    environment = {name: value for name, value in os.environ.items() if name != "MALLOC_PERTURB_"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", program, operation,
                               str(count)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True,
                              env=environment)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def counts_of(program):
    names = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return {name: (instructions(program, name, LONG) - instructions(program, name, SHORT)) / (LONG - SHORT)
            for name in names}


def main():
    program, compiler = sys.argv[1:3]
    if shutil.which("valgrind") is None:
        print("SKIPPED: instruction counts: valgrind is not installed")
        return SKIP
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    if kept.get("compiler") != compiler and "--write" not in sys.argv:
        print(f"SKIPPED: instruction counts: kept for {kept.get('compiler')}, and this is {compiler}")
        return SKIP
    counts = counts_of(program)
    if "--write" in sys.argv:
        rows = {name: round(count, 1) for name, count in counts.items()}
        KEPT.write_text(json.dumps({"compiler": compiler, "counts": rows}, indent=2) + "\n", encoding="utf-8")
        print(rows)
        return 0
    slower = 0
    for name, count in counts.items():
        limit = kept["counts"].get(name)
        if limit is None:
            continue
        verdict = "ok"
        if count > limit * (1 + TOLERANCE):
            slower += 1
            verdict = "SLOWER"
        elif count < limit * (1 - TOLERANCE):
            verdict = "faster: keep it with --write"
        print(f"{name:12} {count:8.1f} instructions, kept {limit:8.1f}: {verdict}")
    if "--expect-slower" in sys.argv:
        print(f"{slower} of {len(counts)} slower operations were caught")
        return 0 if slower == len(counts) else 1
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
