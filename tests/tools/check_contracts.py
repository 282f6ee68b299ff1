#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails on a contract or a trap of the model that has no test, and of which docs/design.md does not say why.

The ids are those of the research that this project began with: F10 to F22 are what the model's parts promise, B what went
wrong in them. A test has the ids of what it shows in its name, its tags or a comment.

Usage: check_contracts.py [TOP]
"""

import re
import sys
from pathlib import Path

# How many there are of each. F1 to F9 and the first traps were the first issue's, and are tagged as well as they go.
CONTRACTS = {"F10": 14, "F11": 13, "F12": 6, "F13": 3, "F14": 11, "F15": 8, "F16": 13, "F17": 5, "F18": 4, "F19": 7,
             "F20": 7, "F21": 7, "F22": 2}
TRAPS = 70

ID = re.compile(r"\b(F\d+\.\d+|B-\d+)\b")
RANGE = re.compile(r"\b(F\d+)\.(\d+) to \1\.(\d+)\b")
PAGE = "docs/design.md"
HEADING = "## What the model promises and this does not"


def wanted():
    ids = [f"{part}.{number}" for part, count in CONTRACTS.items() for number in range(1, count + 1)]
    return ids + [f"B-{number}" for number in range(1, TRAPS + 1)]


def ids_of(text):
    ids = set(ID.findall(text))
    for part, first, last in RANGE.findall(text):
        ids.update(f"{part}.{number}" for number in range(int(first), int(last) + 1))
    return ids


def tested(top):
    ids = set()
    for path in sorted((top / "tests").rglob("*")):
        if path.suffix in {".cpp", ".hpp", ".py", ".c", ".build"} and not path.name.endswith("check_contracts.py"):
            ids |= ids_of(path.read_text(encoding="utf-8"))
    return ids


def excused(top):
    page = (top / PAGE).read_text(encoding="utf-8")
    _, found, section = page.partition(HEADING)
    return ids_of(re.split(r"\n## ", section, maxsplit=1)[0]) if found else set()


def main():
    top = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    have, said = tested(top), excused(top)
    missing = [each for each in wanted() if each not in have and each not in said]
    twice = [each for each in wanted() if each in have and each in said]
    for each in missing:
        print(f"{each}: no test has this id, and {PAGE} does not say why")
    for each in twice:
        print(f"{each}: {PAGE} says that there is no test, and there is one")
    print(f"{len(wanted())} contracts and traps, {len(missing) + len(twice)} errors")
    return 1 if missing or twice else 0


if __name__ == "__main__":
    sys.exit(main())
