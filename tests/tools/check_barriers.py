#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails on a fence or an order weaker than seq_cst that does not say what it is for.

Each such line, and each constant of a struct whose name ends with Orders, has right above it (above its statement, or
behind it on the same line) one of

    // BARRIER id (order) pairs other-id, another-id: what is written -> what is read.
    // RELAXED why no order is needed.

Anything stronger than relaxed needs a BARRIER that names its order. The ids of a file are unique; each pair exists, in
the same file or in exactly one other, and names the first one in turn. `fence(Orders::x)` is explained at the constant.

Usage: check_barriers.py [TOP]
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ["lib", "glib-source"]

# These say what a fence is; they do not use one.
FENCE_DEFINITIONS = {"lib/sync/full_fence.hpp", "lib/sync/atomics.hpp"}

ORDER = re.compile(r"memory_order(?:_|::)(relaxed|consume|acquire|release|acq_rel|seq_cst)\b")
FENCE = re.compile(r"fence\s*\((?!\s*Orders::)")
CONSTANT = re.compile(r"\bmemory_order\s+\w+\s*=")
BARRIER = re.compile(r"BARRIER\s+(\S+)\s+\((\w+)\)\s+pairs\s+([\w., -]+?):\s*\S")
RELAXED = re.compile(r"RELAXED\s+\S+")
LITERAL = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')


@dataclass
class Barrier:
    name: str
    order: str
    pairs: list
    line: int
    used: bool = False


@dataclass
class Line:
    code: str
    comment: str


def split_lines(text):
    """Code and comment of each line."""
    lines, in_block = [], False
    for raw in text.splitlines():
        rest, code, comment = LITERAL.sub('""', raw), "", ""
        while rest:
            if in_block:
                inner, end, rest = rest.partition("*/")
                comment += inner
                in_block = not end
                continue
            start = re.search(r"//|/\*", rest)
            if not start:
                code += rest
                break
            code += rest[:start.start()]
            in_block = start.group() == "/*"
            if not in_block:
                comment += rest[start.end():]
                break
            rest = rest[start.end():]
        lines.append(Line(code.strip(), comment.strip()))
    return lines


class File:
    def __init__(self, path, name):
        self.name = name
        self.lines = split_lines(path.read_text(encoding="utf-8"))
        self.errors = []
        self.barriers = {}
        self.read_barriers()

    def error(self, at, text):
        self.errors.append(f"{self.name}:{at + 1}: {text}")

    def comment_blocks(self):
        """(first line, text) of each run of lines that are nothing but comment, and of each comment behind code."""
        at = 0
        while at < len(self.lines):
            first, words = at, []
            while at < len(self.lines) and self.lines[at].comment:
                words.append(self.lines[at].comment)
                at += 1
                if self.lines[at - 1].code:
                    break
            if words:
                yield first, " ".join(words)
            else:
                at += 1

    def read_barriers(self):
        for first, text in self.comment_blocks():
            marks = text.count("BARRIER ")
            found = list(BARRIER.finditer(text))
            if marks != len(found):
                self.error(first, "cannot be read; the form is `BARRIER id (order) pairs other-id: what -> what`")
            for match in found:
                pairs = re.split(r"\s*,\s*", match.group(3).strip())
                barrier = Barrier(match.group(1), match.group(2), pairs, first + 1)
                if barrier.name in self.barriers:
                    self.error(first, f"two barriers are called {barrier.name}")
                self.barriers[barrier.name] = barrier

    def statement_start(self, at):
        """The first line of the statement that line `at` belongs to."""
        while at > 0:
            before = self.lines[at - 1]
            if not before.code or before.code.startswith("#") or before.code[-1] in ";{}:":
                break
            at -= 1
        return at

    def marks_of(self, at):
        """The comments that speak for line `at`."""
        texts = []
        for start in {at, self.statement_start(at)}:
            texts.append(self.lines[start].comment)
            above, words = start - 1, []
            while above >= 0 and self.lines[above].comment and not self.lines[above].code:
                words.insert(0, self.lines[above].comment)
                above -= 1
            texts.append(" ".join(words))
        return " ".join(texts)

    def check_line(self, at):
        code = self.lines[at].code
        constant = CONSTANT.search(code) is not None
        orders = {order for order in ORDER.findall(code) if constant or order != "seq_cst"}
        fence = FENCE.search(code) is not None and self.name not in FENCE_DEFINITIONS
        if fence:
            orders |= set(ORDER.findall(code))
        if not orders and not fence:
            return
        text = self.marks_of(at)
        barriers = [self.barriers[match.group(1)] for match in BARRIER.finditer(text)]
        for barrier in barriers:
            barrier.used = True
        if not barriers and not RELAXED.search(text):
            self.error(at, "has no BARRIER or RELAXED comment right above it")
            return
        if fence and not barriers:
            self.error(at, "a fence needs a BARRIER comment")
        named = {barrier.order for barrier in barriers}
        for order in sorted(orders - named - {"relaxed"}):
            self.error(at, f"no BARRIER comment above names the order {order}")
        for order in sorted(named - orders):
            self.error(at, f"the BARRIER comment names the order {order}, the code does not")

    def check(self):
        for at in range(len(self.lines)):
            self.check_line(at)
        for barrier in self.barriers.values():
            if not barrier.used:
                self.error(barrier.line - 1, f"BARRIER {barrier.name} stands above no fence and no order")


def check_pairs(files):
    errors = []
    everywhere = {}
    for file in files:
        for barrier in file.barriers.values():
            everywhere.setdefault(barrier.name, []).append(barrier)
    for file in files:
        for barrier in file.barriers.values():
            for other in barrier.pairs:
                found = [file.barriers[other]] if other in file.barriers else everywhere.get(other, [])
                place = f"{file.name}:{barrier.line}"
                if len(found) != 1:
                    errors.append(f"{place}: {barrier.name} pairs {other}, of which there are {len(found)}")
                elif barrier.name not in found[0].pairs:
                    errors.append(f"{place}: {barrier.name} pairs {other}, which does not pair {barrier.name}")
    return errors


def check(top):
    """The errors of the tree below `top`, each `file:line: text`, and its barriers."""
    top = Path(top)
    paths = sorted(path for folder in FOLDERS for end in ("*.hpp", "*.cpp") for path in (top / folder).rglob(end))
    files = [File(path, str(path.relative_to(top))) for path in paths]
    for file in files:
        file.check()
    errors = [error for file in files for error in file.errors] + check_pairs(files)
    return errors, [barrier for file in files for barrier in file.barriers.values()]


def main():
    top = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    errors, barriers = check(top)
    for error in errors:
        print(error)
    if not barriers:
        print(f"no barriers below {top}")
    print(f"{len(barriers)} barriers, {len(errors)} errors")
    return 1 if errors or not barriers else 0


if __name__ == "__main__":
    sys.exit(main())
