#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the table of mutations in docs/notify-protocol.md against what the explorer finds.

    check_page.py WAKE_PROOF PAGE [--write]

Runs `WAKE_PROOF mutations`, prints what that prints, and fails if a weakened order is not reported, or if the page says
anything else. --write puts the table into the page.
"""

import difflib
import pathlib
import subprocess
import sys

BEGIN, END = "<!-- mutations -->\n", "<!-- /mutations -->"


def table_of(output):
    """The rows for the page: of what was reported only its kind."""
    lines = []
    for line in output.splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.split("|")[1:-1]]
            if cells[1] and cells[1] != "barrier" and not cells[1].startswith("-"):
                cells[1] = f"`{cells[1]}`"
            cells[4] = cells[4].split(":")[0]
            lines.append("|---" * len(cells) + "|" if cells[0] == "---" else "| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    program, page = sys.argv[1], pathlib.Path(sys.argv[2])
    run = subprocess.run([program, "mutations"], stdout=subprocess.PIPE, text=True, check=False)
    print(run.stdout)
    text, table = page.read_text(encoding="utf-8"), table_of(run.stdout)
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    if "--write" in sys.argv:
        page.write_text(text[:start] + table + text[end:], encoding="utf-8")
        return run.returncode
    for line in difflib.unified_diff(text[start:end].splitlines(), table.splitlines(), str(page), "the explorer", lineterm=""):
        print(line)
    return run.returncode or (0 if text[start:end] == table else 1)


if __name__ == "__main__":
    sys.exit(main())
