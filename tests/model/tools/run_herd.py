#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the litmus tests in herd/ against the orders in the headers, and asks herd7 about each.

    run_herd.py [--write | --compare] [--json FILE]

The files are made from herd/shapes.py and the Orders structs of lib/sync; one that differs from what would be made now
is a failure, with or without herd7. --write makes them anew, --compare asks herd7 nothing. Exit code 77 without herd7.
"""

import pathlib
import re
import shutil
import subprocess
import sys

TOOLS = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOOLS / "herd"), str(TOOLS.parent)]
import generate_sites  # noqa: E402
import report  # noqa: E402
import shapes  # noqa: E402

HEADERS = ("wake_oneword.hpp", "wake_seed.hpp", "bottom_half_state.hpp")


def shipped_orders():
    sync = TOOLS.parent.parent.parent / "lib" / "sync"
    return {f"{struct}.{site}": order for header in HEADERS
            for struct, rows in generate_sites.sites(sync / header) for site, order, _ in rows}


def litmus(name, shape, orders):
    """A relaxed fence is none at all, and left out."""
    code = []
    for number, lines in enumerate(shape.threads):
        text = [re.sub(r"@([\w.]+)@", lambda match: orders[match.group(1)], line) for line in lines]
        variables = re.findall(r"(\w+) = 0;|(\w+) = \d+;", shape.initial)
        parameters = ", ".join(f"{'int' if variable == 'none' else 'atomic_int'}* {variable}"
                               for variable in map("".join, variables)
                               if any(re.search(rf"\({variable}\b|, {variable}\b", line) for line in text))
        body = "\n".join(f"  {line}" for line in text if line != "atomic_thread_fence(memory_order_relaxed);")
        code.append(f"P{number} ({parameters}) {{\n{body}\n}}\n")
    threads = "\n".join(code)
    return f'C {name}\n"{shape.says}"\n\n{{ {shape.initial} }}\n\n{threads}\nexists ({shape.bad})\n'


def tests():
    orders = shipped_orders()
    for shape in shapes.SHAPES:
        yield shape.name, litmus(shape.name, shape, orders)
        for site in shape.weakened:
            name = f"{shape.name}+{site.split('.')[1]}"
            yield name, litmus(name, shape, {**orders, site: "relaxed"})


def expected():
    lines = (TOOLS / "herd" / "expected.txt").read_text(encoding="utf-8").splitlines()
    return dict(map(str.strip, line.split("|")) for line in lines if not line.startswith("#"))


def drifted(made, verdicts):
    """The files that are not what the headers say, and the names that only one of the two tables has."""
    kept = {path.stem: path.read_text(encoding="utf-8") for path in (TOOLS / "herd").glob("*.litmus")}
    return sorted({name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name)}
                  | (made.keys() ^ verdicts.keys()))


def ask(name):
    """The observation, and the number of executions that herd7 counted."""
    file = TOOLS / "herd" / f"{name}.litmus"
    ran = subprocess.run(["herd7", "-model", "rc11.cat", str(file)], capture_output=True, text=True, check=False)
    answer = re.search(r"^Observation \S+ (\w+) (\d+) (\d+)", ran.stdout, re.M)
    return (answer.group(1), int(answer.group(2)) + int(answer.group(3))) if answer else ("no answer", 0)


def run():
    parser = report.arguments("asks herd7 about the litmus tests of the wake protocol")
    parser.add_argument("--write", action="store_true", help="make the litmus files anew")
    parser.add_argument("--compare", action="store_true", help="do not ask herd7")
    options = parser.parse_args()
    made, verdicts = dict(tests()), expected()
    if options.write:
        for name, text in made.items():
            (TOOLS / "herd" / f"{name}.litmus").write_text(text, encoding="utf-8")
    different = drifted(made, verdicts)
    if different:
        print("not what the headers say (run with --write and look at the change): " + ", ".join(different))
        return 1
    print(f"{len(made)} litmus tests are what the headers say")
    if options.compare:
        return 0
    if shutil.which("herd7") is None:
        return report.skip("herd7", "it is not installed")
    table = report.Report(options.json)
    for name in made:
        verdict, count = ask(name)
        table.row(name, name.split("-")[0], "herd7 RC11", verdict, verdicts[name], count)
    return table.finish()


if __name__ == "__main__":
    report.main(run)
