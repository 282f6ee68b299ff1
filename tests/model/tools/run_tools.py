#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs every checking tool there is: spin, herd7, GenMC, Relacy. A line says what is not installed and skipped.

    run_tools.py --generator PATH [--json FILE] [--relacy FOLDER]

The exit code is 1 if any of them failed, 77 if none of them ran, and 0 otherwise.
"""

import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
import report  # noqa: E402

TOOLS = pathlib.Path(__file__).resolve().parent


def run():
    parser = report.arguments("runs every checking tool that is installed")
    parser.add_argument("--generator", required=True, help="the program record-protocols")
    parser.add_argument("--relacy", metavar="FOLDER", help="where relacy/relacy.hpp is")
    options = parser.parse_args()
    rows = ["--json", options.json] if options.json else []
    folder = ["--relacy", options.relacy] if options.relacy else []
    commands = [[TOOLS.parent / "spin" / "run_spin.py", "--generator", options.generator], [TOOLS / "run_herd.py"],
                [TOOLS / "run_programs.py", "genmc"], [TOOLS / "run_programs.py", "relacy", *folder]]
    codes = [subprocess.run([sys.executable, *map(str, command), *rows], check=False).returncode
             for command in commands]
    if any(code not in (0, report.SKIP) for code in codes):
        return 1
    return 0 if 0 in codes else report.SKIP


if __name__ == "__main__":
    report.main(run)
