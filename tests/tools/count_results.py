#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts test cases, not programs, and prints what tests/run ends with.

A Catch2 program (2.13 or 3) counts as its test cases, a unittest program as its tests, any other program as one. The
numbers come from each program's own summary in Meson's testlog.json; what Meson says about the program has the last
word, so that a crash after the summary is a failure all the same.
"""

import argparse
import json
import os
import re
import sys
from dataclasses import asdict, dataclass, field

BAD = {"FAIL", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS", "ERROR"}
RULE = re.compile(r"^-{70,}$")
CATCH_ALL = re.compile(r"^All tests passed \(.* in (\d+) test cases?\)$", re.M)
CATCH_SOME = re.compile(r"^test cases: +(\d+)((?: +\| +\d+ [a-z ]+?)+)\s*$", re.M)
CATCH_NONE = re.compile(r"^No tests ran", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in [\d.]+s\s+(OK|FAILED|NO TESTS RAN)(?: \(([^)]*)\))?", re.M)
SKIPPED = re.compile(r"^\s*SKIPPED: (.*)$")
SANITIZER = re.compile(r"(WARNING|ERROR): \w+Sanitizer|: runtime error: ")
# Set in the environment of a test that is told to leave cases out: "which cases: why".
LEFT_OUT = "NESTLING_LEFT_OUT"
SHOWN_LINES = 150
SUMMED_UP_LINES = 24
SUMMED_UP_WIDTH = 240


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list = field(default_factory=list)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.reasons += other.reasons


@dataclass
class Stage:
    name: str
    counts: Counts
    seconds: float = 0
    skipped_whole: bool = False
    matrix: list = field(default_factory=list)
    failures: list = field(default_factory=list)


def loud_skips(text):
    """Test cases of a Catch2 program that ended with SKIP_LOUDLY: {name: reason}. Both may be wrapped."""
    lines = text.splitlines()
    case, found, at = "", {}, 0
    while at < len(lines):
        skip = SKIPPED.match(lines[at])
        if skip:
            words = [skip.group(1)]
            while at + 1 < len(lines) and lines[at + 1].startswith("  "):
                at += 1
                words.append(lines[at].strip())
            found[case] = " ".join(words)
        elif RULE.match(lines[at]):
            # A heading: rule, name, indented sections, rule, place in the source.
            name = []
            while at + 1 < len(lines) and lines[at + 1] and not re.match(r"[ -]|\S+:\d+$", lines[at + 1]):
                at += 1
                name.append(lines[at])
            case = " ".join(name) or case
        at += 1
    return found


def count_catch(text):
    """Counts of a Catch2 program, or None if its summary is not there."""
    # The last summary is the program's; those before it are of forked children that died on purpose.
    summaries = [found for form in (CATCH_SOME, CATCH_ALL, CATCH_NONE) for found in form.finditer(text)]
    if not summaries:
        return None
    summary = max(summaries, key=lambda found: found.start())
    if summary.re is CATCH_NONE:
        return Counts(failed=1)
    counts = Counts(int(summary.group(1)))
    if summary.re is CATCH_SOME:
        parts = {name: int(number) for number, name in re.findall(r"(\d+) ([a-z ]+?) *(?=\||$)", summary.group(2))}
        counts.failed, counts.skipped = parts.get("failed", 0), parts.get("skipped", 0)
        counts.passed -= counts.failed + counts.skipped
    skips = loud_skips(text)
    moved = min(len(skips), counts.passed)
    counts.passed -= moved
    counts.skipped += moved
    counts.reasons = [f"{case}: {reason}" if case else reason for case, reason in skips.items()]
    return counts


def count_unittest(text):
    """Counts of a Python unittest program, or None if its summary is not there."""
    found = UNITTEST.search(text)
    if not found:
        return None
    parts = dict(re.findall(r"(\w+)=(\d+)", found.group(3) or ""))
    failed = int(parts.get("failures", 0)) + int(parts.get("errors", 0))
    skipped = int(parts.get("skipped", 0))
    total = int(found.group(1))
    if total == 0:
        return Counts(failed=1)
    return Counts(max(total - failed - skipped, 0), failed, skipped)


def count_test(entry):
    """Counts of one line of testlog.json."""
    # Programs of Windows end their lines differently.
    out, err = ((entry.get(name) or "").replace("\r\n", "\n") for name in ("stdout", "stderr"))
    if entry["result"] == "SKIP":
        said = (err.strip() or out.strip() or "no reason given").splitlines()[-1].strip()
        return Counts(skipped=1, reasons=[f"{entry['name']}: {said}"])
    bad = entry["result"] in BAD
    counts = count_catch(out) or count_unittest(err) or Counts(passed=0 if bad else 1)
    if bad:
        counts.failed = max(counts.failed, 1)
    if left_out := entry.get("env", {}).get(LEFT_OUT):
        counts.add(Counts(skipped=1, reasons=[f"{entry['name']}, {left_out}"]))
    return counts


def matrix_lines(text):
    """What contract tests print between MATRIX BEGIN and MATRIX END."""
    lines, inside = [], False
    for line in text.splitlines():
        mark = line.strip()
        if mark in ("MATRIX BEGIN", "MATRIX END"):
            inside = mark == "MATRIX BEGIN"
        elif inside and mark:
            lines.append(line.rstrip())
    return lines


def show_failure(stage, entry, stream):
    print(f"\n==== FAILED in {stage}: {entry['name']} ({entry['result']}, exit {entry['returncode']}, "
          f"{entry['duration']:.1f} s)", file=stream)
    for name in ("stdout", "stderr"):
        lines = (entry.get(name) or "").splitlines()
        if lines:
            cut = f", the last {SHOWN_LINES} lines of {len(lines)}" if len(lines) > SHOWN_LINES else ""
            print(f"---- {name}{cut}", file=stream)
            print("\n".join(lines[-SHOWN_LINES:]), file=stream)


def essence(entry):
    """The lines that tell most of why a program failed: what a sanitizer saw first, a Catch2 program's first failed
    assertion under its heading, or what came last."""
    streams = [(entry.get(name) or "").replace("\r\n", "\n").splitlines() for name in ("stdout", "stderr")]
    for lines in streams:
        for at, line in enumerate(lines):
            if SANITIZER.search(line):
                return lines[at:at + SUMMED_UP_LINES]
    out, err = streams
    for at, line in enumerate(out):
        if re.search(r": FAILED:$", line):
            rules = [before for before in range(at) if RULE.match(out[before])]
            begin = rules[-2] if len(rules) > 1 else at
            return out[max(begin, at - SUMMED_UP_LINES // 2):at + SUMMED_UP_LINES // 2]
    return (out[-SUMMED_UP_LINES // 2:] + err[-SUMMED_UP_LINES // 2:]) or ["it said nothing"]


def collect(stage_name, log_lines, status, seconds, stream=sys.stdout, left_out=()):
    """One stage from its testlog.json; failing tests are shown at once. `status` is the exit code of `meson test`.
    `left_out` are the tests that the stage did not ask for, each with its reason ("name: why")."""
    stage = Stage(stage_name, Counts(), seconds)
    # By name, because the log has the order in which tests ended.
    for entry in sorted(map(json.loads, log_lines), key=lambda one: one["name"]):
        counts = count_test(entry)
        if counts.failed:
            show_failure(stage_name, entry, stream)
            stage.failures.append([f"{entry['name']} ({entry['result']})", *essence(entry)])
        stage.counts.add(counts)
        stage.matrix += matrix_lines(entry.get("stdout") or "")
    if stage.counts.failed == 0 and (status != 0 or stage.counts.passed + stage.counts.skipped == 0):
        print(f"\n==== FAILED in {stage_name}: `meson test` ended with {status}; no test reported a failure, and "
              f"{stage.counts.passed} passed", file=stream)
        stage.counts.failed = 1
        stage.failures.append([f"`meson test` ended with {status}, and no test reported a failure"])
    # Not before: it does not make up for tests that did not run.
    stage.counts.add(Counts(skipped=len(left_out), reasons=list(left_out)))
    return stage


def print_matrix(stages, stream):
    """The table of the contract suite, once; of further stages only the lines that differ."""
    seen = set()
    for stage in stages:
        new = [line for line in dict.fromkeys(stage.matrix) if line not in seen]
        if new:
            print(f"\nContract suite ({stage.name}):", file=stream)
            if seen:
                header = list(dict.fromkeys(stage.matrix))[0]
                if header not in new:
                    print(f"  {header}", file=stream)
            for line in new:
                print(f"  {line}", file=stream)
            seen.update(new)


def print_skips(stages, stream):
    """Each reason once a stage, with what was skipped for it."""
    whole, by_reason = [], {}
    for stage in stages:
        for reason in stage.counts.reasons:
            if stage.skipped_whole:
                whole.append((stage.name, reason))
                continue
            test, _, why = reason.rpartition(": ")
            by_reason.setdefault((stage.name, why), []).append(test)
    if whole or by_reason:
        print("\nSkipped:", file=stream)
    for name, reason in dict.fromkeys(whole):
        print(f"  SKIPPED {name}: {reason}", file=stream)
    for (name, why), tests in by_reason.items():
        if len(tests) > 1:
            print(f"  SKIPPED {name}: {len(tests)} tests: {why}", file=stream)
        for test in dict.fromkeys(tests):
            print(f"      {test}" if len(tests) > 1 else f"  SKIPPED {name}: {test}: {why}", file=stream)


def print_failures(stages, stream):
    """Once more at the end, and in short, because of a long output often only the end is kept."""
    for stage in stages:
        for name, *lines in stage.failures:
            print(f"\n  FAILED {stage.name}: {name}", file=stream)
            for line in lines:
                print(f"    | {line[:SUMMED_UP_WIDTH]}", file=stream)


def report(stages, stream=sys.stdout):
    """Everything that comes at the end. Returns the exit code."""
    total = Counts()
    for stage in stages:
        total.add(stage.counts)
    if not stages or (total.passed == 0 and total.failed == 0):
        total.failed = 1
    print_matrix(stages, stream)
    print_skips(stages, stream)
    print_failures(stages, stream)
    width = max([len(stage.name) for stage in stages] + [5])
    print(f"\n{'stage':<{width}}  {'passed':>6}  {'failed':>6}  {'skipped':>7}  {'time':>6}", file=stream)
    for stage in stages:
        counts = stage.counts
        note = "  SKIPPED" if stage.skipped_whole else "  FAILED" if counts.failed else ""
        print(f"{stage.name:<{width}}  {counts.passed:>6}  {counts.failed:>6}  {counts.skipped:>7}  "
              f"{stage.seconds:>4.0f} s{note}", file=stream)
    tail = f", {total.skipped} skipped" if total.skipped else ""
    print(f"\n{total.passed} passed, {total.failed} failed{tail}", file=stream)
    return 1 if total.failed else 0


def select(tests, words, excluded=(), only=()):
    """What `meson test` wants to hear to run the tests whose suite or name contains one of `words`; all, if there are
    none. Tests of the `excluded` suites never run, nor do those outside the suites of `only`, if there are any."""
    chosen = []
    for test in tests:
        suites = [suite.rpartition(":")[2] for suite in test["suite"]]
        full = f"{' '.join(suites)} {test['name']}"
        if set(suites) & set(excluded) or (only and not set(suites) & set(only)):
            continue
        if not words or any(word in full for word in words):
            # The colon keeps a colon in the name from being read as the end of a project's name.
            chosen.append(f":{test['name']}")
    return chosen


def targets(introspection, build, excluded=()):
    """The files that ninja has to make for the tests that are not of the `excluded` suites."""
    files = {target["id"]: target["filename"] for target in introspection["targets"]}
    wanted = []
    for test in introspection["tests"]:
        if {suite.rpartition(":")[2] for suite in test["suite"]} & set(excluded):
            continue
        for made in test["depends"]:
            wanted += [os.path.relpath(name, build) for name in files.get(made, [])]
    return sorted(set(wanted))


def read_stages(path):
    stages = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            data = json.loads(line)
            data["counts"] = Counts(**data["counts"])
            stages.append(Stage(**data))
    return stages


def append_stage(path, stage):
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(stage)) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("collect", help="add a stage from Meson's testlog.json")
    one.add_argument("results")
    one.add_argument("stage")
    one.add_argument("testlog")
    one.add_argument("--status", type=int, required=True)
    one.add_argument("--left-out", metavar="TEST: REASON", action="append", default=[],
                     help="a test that the stage did not ask for")
    one.add_argument("--seconds", type=float, default=0)
    one = commands.add_parser("add", help="add a stage that is not Meson's")
    one.add_argument("results")
    one.add_argument("stage")
    one.add_argument("--passed", type=int, default=0)
    one.add_argument("--failed", type=int, default=0)
    one.add_argument("--skip", metavar="REASON", help="the whole stage could not run")
    one.add_argument("--log", help="what a failed stage printed")
    one.add_argument("--seconds", type=float, default=0)
    one = commands.add_parser("report", help="print matrix, skips, table and the closing line")
    one.add_argument("results")
    one = commands.add_parser("select", help="the tests that filters mean, from `meson introspect --tests` on stdin")
    one.add_argument("--exclude", metavar="SUITES", default="")
    one.add_argument("--only", metavar="SUITES", default="")
    one.add_argument("words", nargs="*")
    one = commands.add_parser("targets", help="what they need, from `meson introspect --tests --targets` on stdin")
    one.add_argument("--exclude", metavar="SUITES", default="")
    one.add_argument("--build", required=True)
    arguments = parser.parse_args()

    if arguments.command == "collect":
        try:
            with open(arguments.testlog, encoding="utf-8") as file:
                lines = file.readlines()
        except FileNotFoundError:
            lines = []
        stage = collect(arguments.stage, lines, arguments.status, arguments.seconds, left_out=arguments.left_out)
        append_stage(arguments.results, stage)
        return 1 if stage.counts.failed else 0
    if arguments.command == "add":
        counts = Counts(arguments.passed, arguments.failed)
        if arguments.skip is not None:
            counts = Counts(skipped=1, reasons=[arguments.skip])
        stage = Stage(arguments.stage, counts, arguments.seconds, skipped_whole=arguments.skip is not None)
        if counts.failed and arguments.log:
            with open(arguments.log, encoding="utf-8", errors="replace") as file:
                stage.failures.append(["the stage", *file.read().splitlines()[-SUMMED_UP_LINES:]])
        append_stage(arguments.results, stage)
        return 0
    if arguments.command == "select":
        for name in select(json.load(sys.stdin), arguments.words, arguments.exclude.split(), arguments.only.split()):
            print(name)
        return 0
    if arguments.command == "targets":
        for name in targets(json.load(sys.stdin), os.path.abspath(arguments.build), arguments.exclude.split()):
            print(name)
        return 0
    return report(read_stages(arguments.results))


if __name__ == "__main__":
    sys.exit(main())
