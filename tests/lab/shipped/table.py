#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws one table in Markdown of the JSON reports of nestling-lab: a line for each source, a column for each case."""

import json
import sys
from pathlib import Path

SIGNS = {"passed": "+", "failed": "**x**", "broke off": "**!**", "not applicable": ""}


def main():
    sources = [source for path in sys.argv[1:]
               for source in json.loads(Path(path).read_text(encoding="utf-8"))["sources"]]
    cases = {result["case"]: result for source in sources for result in source["results"]}
    numbers = sorted(cases)
    print("| source | " + " | ".join(map(str, numbers)) + " |")
    print("|---|" + ":-:|" * len(numbers))
    for source in sources:
        signs = {result["case"]: SIGNS[result["outcome"]] for result in source["results"]}
        print("| " + source["name"] + " | " + " | ".join(signs.get(number, "") for number in numbers) + " |")
    print()
    print("Cases: " + ", ".join(f"{number} {cases[number]['name']}" for number in numbers) + ".")


if __name__ == "__main__":
    main()
