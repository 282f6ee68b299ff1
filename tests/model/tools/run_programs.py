#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the small loop of tools/small_loop.hpp with GenMC or with Relacy.

    run_programs.py genmc [--json FILE]
    run_programs.py relacy [--relacy FOLDER] [--json FILE]     FOLDER holds relacy/relacy.hpp; also RELACY_INCLUDE

Exit code 77 without the tool. Neither was at hand when this was written: genmc/wake_genmc.cpp was compiled and run as
an ordinary program, relacy/wake_relacy.cpp was compiled against a stub.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import report  # noqa: E402

TOOLS = pathlib.Path(__file__).resolve().parent
ROOT = TOOLS.parent.parent.parent
FLAGS = ["-std=c++20", f"-I{ROOT / 'lib'}", f"-I{ROOT / 'tests'}"]
SECONDS = 120

FORMS = {"oneword": 1, "seed": 2}
SCENARIOS = {"one bottom half": 1, "two producers": 2, "a plain store": 3, "a bottom half and a plain store": 4,
             "poll() between prepare and sleep": 5}


def run_limited(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None


def genmc_verdict(more):
    ran = run_limited(["genmc", "--rc11", "--unroll=8", "--", *FLAGS, "-DUNDER_GENMC", *more,
                       str(TOOLS / "genmc" / "wake_genmc.cpp")])
    if ran is None:
        return "incomplete: out of time", 0
    text = ran.stdout + ran.stderr
    count = re.search(r"complete executions explored: (\d+)", text)
    count = int(count.group(1)) if count else 0
    if re.search(r"Error detected|Error: ", text):
        return "broken: " + re.search(r"Error[^\n]*", text).group(0), count
    return ("ok", count) if ran.returncode == 0 and count else ("no answer", count)


def genmc(options):
    if shutil.which("genmc") is None:
        return report.skip("GenMC", "genmc is not installed")
    table = report.Report(options.json)
    for form, number in FORMS.items():
        for scenario, which in SCENARIOS.items():
            verdict, count = genmc_verdict([f"-DFORM={number}", f"-DSCENARIO={which}"])
            table.row(scenario, form, "GenMC RC11", verdict, "ok", count)
    verdict, count = genmc_verdict(["-DFORM=2", "-DSCENARIO=3", "-DWITHOUT_FENCES"])
    table.row("a plain store [both fences acq_rel]", "seed", "GenMC RC11", verdict, "broken", count)
    return table.finish()


def relacy(options):
    folder = options.relacy or os.environ.get("RELACY_INCLUDE")
    if not folder or not (pathlib.Path(folder) / "relacy" / "relacy.hpp").is_file():
        return report.skip("Relacy", "no folder with relacy/relacy.hpp is given")
    table = report.Report(options.json)
    with tempfile.TemporaryDirectory() as temporary:
        program = pathlib.Path(temporary) / "wake-relacy"
        subprocess.run([os.environ.get("CXX", "c++"), *FLAGS, f"-I{folder}", "-O1", "-w", "-o", str(program),
                        str(TOOLS / "relacy" / "wake_relacy.cpp")], check=True)
        ran = run_limited([str(program)])
        answers = dict(re.findall(r"^verdict (\w+) (\w+)", ran.stdout if ran else "", re.M))
        counts = re.findall(r"iterations: (\d+)", ran.stdout if ran else "") or ["0", "0"]
        for form, count in zip(FORMS, counts):
            verdict = answers.get(form, "no answer")
            table.row("a bottom half and a plain store", form, "Relacy", verdict, "ok", int(count))
    return table.finish()


def run():
    parser = report.arguments("checks the small loop with a tool that compiles the headers")
    parser.add_argument("tool", choices=("genmc", "relacy"))
    parser.add_argument("--relacy", metavar="FOLDER", help="where relacy/relacy.hpp is")
    options = parser.parse_args()
    return genmc(options) if options.tool == "genmc" else relacy(options)


if __name__ == "__main__":
    report.main(run)
