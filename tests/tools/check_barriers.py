#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails on a fence or an order weaker than seq_cst that does not say what it is for.

Each such line, and each constant of a struct whose name ends with Orders, has right above it (above its statement, or
behind it on the same line) one of

    // BARRIER id (order) pairs other-id, another-id: what is written -> what is read.
    // RELAXED why no order is needed.

Anything stronger than relaxed needs a BARRIER that names its order. The ids of a file are unique; each pair exists, in
the same file or in exactly one other, and names the first one in turn. `fence(Orders::x)` is explained at the constant.

The page docs/notify-protocol.md has a row for each barrier, with the order, the pairs and the words of the comment, and
what shows that it is needed. For a constant of an Orders struct that is the table of mutations, which must have a row for
each weaker order (another test holds that table against what the explorer finds); for any other, a reason.

Usage: check_barriers.py [--write] [TOP]        --write puts the rows into the page, with their last column as it was
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
BARRIER = re.compile(r"BARRIER\s+(\S+)\s+\((\w+)\)\s+pairs\s+([\w., -]+?):\s*(\S.*?)(?=\s*BARRIER |\s*RELAXED |$)")
PAGE = "docs/notify-protocol.md"
WEAKER = {"seq_cst": ["acq_rel", "relaxed"], "acq_rel": ["acquire", "release", "relaxed"], "acquire": ["relaxed"],
          "release": ["relaxed"]}
BY_MUTATION = "mutations"
RELAXED = re.compile(r"RELAXED\s+\S+")
LITERAL = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')


@dataclass
class Barrier:
    name: str
    order: str
    pairs: list
    what: str
    line: int
    used: bool = False
    mutable: bool = False


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
                barrier = Barrier(match.group(1), match.group(2), pairs, match.group(4).rstrip(". "), first + 1)
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
            barrier.mutable = constant
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


def section(text, name):
    """The rows of the table between <!-- name --> and <!-- /name -->, each a list of cells, without its head."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.S)
    if found is None:
        return None
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in found.group(1).splitlines()
            if line.startswith("|")]
    return rows[2:]


def row_of(barrier, last):
    return [f"`{barrier.name}`", barrier.order, ", ".join(f"`{pair}`" for pair in barrier.pairs), barrier.what, last]


def check_page(text, barriers):
    """What the page does not say of the barriers, or says wrongly."""
    rows, mutations = section(text, "barriers"), section(text, BY_MUTATION)
    if rows is None or mutations is None:
        return [f"{PAGE}: has no table between <!-- barriers --> or between <!-- {BY_MUTATION} --> and its end"]
    errors = []
    known = {}
    for row in rows:
        if row[0] in known:
            errors.append(f"{PAGE}: two rows for {row[0]}")
        known[row[0]] = row
    weakened = {(row[1], row[3]) for row in mutations}
    for barrier in barriers:
        row = known.pop(f"`{barrier.name}`", None)
        if row is None or row[:-1] != row_of(barrier, "")[:-1]:
            errors.append(f"{PAGE}: the row of {barrier.name} is not | {' | '.join(row_of(barrier, '...'))} |")
        elif barrier.mutable != (row[-1] == BY_MUTATION) or not row[-1]:
            errors.append(f"{PAGE}: what shows that {barrier.name} is needed: " +
                          (f"`{BY_MUTATION}`" if barrier.mutable else "a reason is missing"))
        if barrier.mutable:
            for order in WEAKER[barrier.order]:
                change = f"{barrier.order} -> {order}"
                if (f"`{barrier.name}`", change) not in weakened:
                    errors.append(f"{PAGE}: no mutation of {barrier.name}, {change}")
    errors += [f"{PAGE}: there is no barrier {name}" for name in known]
    names = {f"`{barrier.name}`" for barrier in barriers if barrier.mutable}
    errors += [f"{PAGE}: a mutation of {row[1]}, which is none that can be weakened" for row in mutations
               if row[1] not in names]
    return errors


def write_page(path, barriers):
    text = path.read_text(encoding="utf-8")
    last = {row[0]: row[-1] for row in section(text, "barriers") or []}
    lines = ["| id | order | pairs | what is ordered | shown by |", "|---|---|---|---|---|"]
    for barrier in barriers:
        shown = BY_MUTATION if barrier.mutable else last.get(f"`{barrier.name}`", "")
        lines.append("| " + " | ".join(row_of(barrier, shown)) + " |")
    start, end = text.index("<!-- barriers -->\n") + len("<!-- barriers -->\n"), text.index("<!-- /barriers -->")
    path.write_text(text[:start] + "\n".join(lines) + "\n" + text[end:], encoding="utf-8")


def check(top):
    """The errors of the tree below `top`, each `file:line: text`, and its barriers."""
    top = Path(top)
    paths = [path for folder in FOLDERS
             for path in sorted(path for end in ("*.hpp", "*.cpp") for path in (top / folder).rglob(end))]
    files = [File(path, str(path.relative_to(top))) for path in paths]
    for file in files:
        file.check()
    errors = [error for file in files for error in file.errors] + check_pairs(files)
    # An id may stand in two files, where the two forms of the protocol have the same barrier.
    barriers = {}
    for barrier in (barrier for file in files for barrier in file.barriers.values()):
        other = barriers.setdefault(barrier.name, barrier)
        if other.order != barrier.order:
            errors.append(f"{barrier.name} has two orders, {other.order} and {barrier.order}")
    return errors, list(barriers.values())


def main():
    words = sys.argv[1:]
    write = "--write" in words
    words = [word for word in words if word != "--write"]
    top = Path(words[0]) if words else Path(__file__).resolve().parents[2]
    errors, barriers = check(top)
    if write:
        write_page(top / PAGE, barriers)
    errors += check_page((top / PAGE).read_text(encoding="utf-8"), barriers)
    for error in errors:
        print(error)
    if not barriers:
        print(f"no barriers below {top}")
    print(f"{len(barriers)} barriers, {len(errors)} errors")
    return 1 if errors or not barriers else 0


if __name__ == "__main__":
    sys.exit(main())
