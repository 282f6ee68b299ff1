#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the ordering instructions of the compiled wake protocol against the table in docs/notify-protocol.md.

    check_instructions.py TREE            compare; exit 1 on any difference
    check_instructions.py TREE --print    print the table as it is now

A compiler that is not installed is said loudly and skipped; so is one of another major version than the table's, because
code may be duplicated differently there.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

COMPILERS = {
    "x86-64 gcc 12": (["g++"], "objdump"),
    "x86-64 clang 14": (["clang++"], "objdump"),
    "aarch64 gcc 12": (["aarch64-linux-gnu-g++"], "aarch64-linux-gnu-objdump"),
    "aarch64 clang 14": (["clang++", "--target=aarch64-linux-gnu"], "aarch64-linux-gnu-objdump"),
}
FUNCTIONS = ["oneword_notify", "oneword_schedule", "oneword_announce", "oneword_accept", "seed_notify",
             "seed_schedule", "seed_announce", "seed_accept", "dequeue"]
# What orders memory. A locked instruction on the stack is a fence; on anything else it is a read-modify-write.
PATTERNS = [
    (re.compile(r"\block or.*\(%rsp\)|\bmfence\b"), "fence"),
    (re.compile(r"\block (\w+)"), None),
    (re.compile(r"\b(xchg)\s+%\w+,.*\("), None),
    (re.compile(r"\b(dmb\s+\w+)"), None),
    (re.compile(r"<__aarch64_(\w+?)\d+_(\w+)>"), None),
    (re.compile(r"\b(ldar|ldapr|stlr|ldaxr|stlxr|ldxr|stxr)[bh]?\b"), None),
]


def kind(line):
    for pattern, name in PATTERNS:
        found = pattern.search(line)
        if found:
            return name or " ".join(" ".join(part for part in found.groups() if part).split())
    return None


def instructions(command, objdump, tree, folder):
    """{function: 'kind kind xN ...'} of the operations compiled with `command`."""
    target = folder / "operations.o"
    source = tree / "tests/instructions/operations.cpp"
    subprocess.run([*command, "-std=c++20", "-O2", "-fno-unroll-loops", f"-I{tree / 'lib'}", "-c", str(source), "-o",
                    str(target)], check=True)
    listing = subprocess.run([objdump, "-dr", "--no-show-raw-insn", str(target)], check=True, capture_output=True,
                             text=True).stdout
    result, current = {}, None
    for line in listing.splitlines():
        head = re.match(r"[0-9a-f]+ <(\w+)>:", line)
        if head:
            current = result.setdefault(head.group(1), {})
            continue
        what = kind(line)
        if what and current is not None and "R_AARCH64" not in line:
            current[what] = current.get(what, 0) + 1
    return {name: ", ".join(f"{what} x{count}" for what, count in sorted(counts.items())) or "none"
            for name, counts in result.items()}


def major_version(command):
    text = subprocess.run([command[0], "-dumpversion"], capture_output=True, text=True, check=True).stdout
    return text.strip().split(".")[0]


def measure(tree):
    measured = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (command, objdump) in COMPILERS.items():
            if shutil.which(command[0]) is None or shutil.which(objdump) is None:
                print(f"SKIPPED: {name}: {command[0]} or {objdump} is not installed")
                continue
            if major_version(command) != name.split()[-1]:
                print(f"SKIPPED: {name}: {command[0]} is of version {major_version(command)}")
                continue
            measured[name] = instructions(command, objdump, tree, pathlib.Path(folder))
    return measured


def read_table(tree):
    """The rows between the markers in the page: {compiler: {function: text}}."""
    text = (tree / "docs/notify-protocol.md").read_text()
    block = re.search(r"<!-- instructions -->\n(.*?)<!-- /instructions -->", text, re.S)
    if block is None:
        sys.exit("docs/notify-protocol.md has no table of instructions")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.group(1).strip().splitlines()]
    compilers = rows[0][1:]
    table = {compiler: {} for compiler in compilers}
    for row in rows[2:]:
        for compiler, cell in zip(compilers, row[1:]):
            table[compiler][row[0].strip("`")] = cell
    return table


def print_table(measured):
    print("| function | " + " | ".join(measured) + " |")
    print("|---" * (len(measured) + 1) + "|")
    for function in FUNCTIONS:
        print(f"| `{function}` | " + " | ".join(measured[name][function] for name in measured) + " |")


def main():
    tree = pathlib.Path(sys.argv[1]).resolve()
    measured = measure(tree)
    if "--print" in sys.argv:
        print_table(measured)
        return 0
    table, wrong = read_table(tree), 0
    for name, functions in measured.items():
        for function in FUNCTIONS:
            expected = table.get(name, {}).get(function, "(no row)")
            if functions[function] != expected:
                wrong += 1
                print(f"{name}: {function} has {functions[function]}, the table says {expected}")
    print(f"{len(measured)} compilers, {len(measured) * len(FUNCTIONS)} functions, {wrong} differences")
    return 1 if wrong or not measured else 0


if __name__ == "__main__":
    sys.exit(main())
