#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Copies glib.h, and every header that it includes as <glib/...>, to a folder."""

import argparse
import re
import shutil
from pathlib import Path

INCLUDE = re.compile(r"^\s*#\s*include\s*<(glib/[^>]+)>", re.M)


def collect(folders, to):
    """Those that a folder does not have are not for this platform, or are generated and installed elsewhere."""
    waiting, seen = ["glib/glib.h"], set()
    while waiting:
        name = waiting.pop()
        inside = name.removeprefix("glib/")
        found = next((folder / inside for folder in folders if (folder / inside).exists()), None)
        if name in seen or found is None:
            continue
        seen.add(name)
        target = to / (inside if name == "glib/glib.h" else name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(found, target)
        waiting += INCLUDE.findall(found.read_text(encoding="utf-8"))
    return seen


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folders", type=Path, action="append", required=True)
    parser.add_argument("--to", type=Path, required=True)
    arguments = parser.parse_args()
    print(f"{len(collect(arguments.folders, arguments.to))} headers")


if __name__ == "__main__":
    main()
