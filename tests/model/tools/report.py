# SPDX-License-Identifier: MIT
"""What the runners of the checking tools have in common: rows of the table, JSON lines, and a loud skip."""

import argparse
import json
import sys

SKIP = 77


class Report:
    """Prints one line for each check as soon as it is known."""

    def __init__(self, json_file=None):
        self.rows, self.file = [], open(json_file, "a", encoding="utf-8") if json_file else None

    def row(self, scenario, protocol, tool, verdict, expected, count):
        row = {"scenario": scenario, "protocol": protocol, "tool": tool, "verdict": verdict, "expected": expected,
               "count": count}
        if not self.rows:
            # What stands between these marks is shown by tests/run.
            print("MATRIX BEGIN\nscenario | protocol | tool | verdict | executions or states")
        self.rows.append(row)
        wrong = "" if self.is_good(row) else f"   <-- expected {expected}"
        print(f"{scenario} | {protocol} | {tool} | {verdict} | {count}{wrong}", flush=True)
        if self.file:
            self.file.write(json.dumps(row) + "\n")
            self.file.flush()

    @staticmethod
    def is_good(row):
        return row["verdict"].split(":")[0] == row["expected"]

    def finish(self):
        """The exit code of the runner. Nothing checked is a failure too."""
        if self.rows:
            print("MATRIX END")
        failed = sum(not self.is_good(row) for row in self.rows)
        print(f"{len(self.rows) - failed} passed, {failed} failed")
        return 1 if failed or not self.rows else 0


def skip(tool, reason):
    print(f"SKIPPED: {tool}: {reason}", flush=True)
    return SKIP


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", metavar="FILE", help="append each row to FILE as a line of JSON")
    return parser


def main(run):
    sys.exit(run())
