#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/how-to/windows.md shows what is in its files.

    check_page.py --docs FOLDER
"""

import argparse
import re
import sys
from pathlib import Path


def missing(page, files):
    """The blocks of C++ in `page` that none of `files` has."""
    return [block for block in re.findall(r"```cpp\n(.*?)```", page, re.DOTALL)
            if not any(block in text for text in files)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, required=True)
    folder = parser.parse_args().docs / "how-to"
    files = [path.read_text(encoding="utf-8") for path in sorted((folder / "examples/windows").glob("*.cpp"))]
    page = (folder / "windows.md").read_text(encoding="utf-8")
    blocks = missing(page, files)
    for block in blocks:
        print(f"not in the files:\n{block}")
    if "```cpp" not in page:
        sys.exit("the page shows nothing")
    sys.exit(1 if blocks else 0)


main()
