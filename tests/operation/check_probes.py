#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The probes that docs/how-to/operation.md tells of are in the library, and count their tracers in one place.

    check_probes.py LIBRARY PAGE        exit code 77 without readelf
"""

import pathlib
import re
import shutil
import subprocess
import sys

SKIP = 77


def main():
    library, page = sys.argv[1:3]
    if shutil.which("readelf") is None:
        print("SKIPPED: probes: there is no readelf")
        return SKIP
    notes = subprocess.run(["readelf", "--notes", "--wide", library], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                           text=True, check=True).stdout
    found = re.findall(r"Provider: nestling\s+Name: (\w+)\s+Location: \S+ Base: \S+ Semaphore: (\S+)\s+Arguments: (.*)",
                       notes)
    told = re.findall(r"^\| `([a-z_]+)` \| (.*) \|$", pathlib.Path(page).read_text(encoding="utf-8"), re.MULTILINE)
    arguments = {name: len(text.split(", ")) for name, text in told}
    errors = []
    if sorted(name for name, _, _ in found) != sorted(arguments):
        errors.append(f"the library has {sorted(name for name, _, _ in found)}, the page {sorted(arguments)}")
    if {semaphore for _, semaphore, _ in found} - {found[0][1]} or int(found[0][1].rstrip(","), 16) == 0:
        errors.append("the probes do not count their tracers in one place")
    for name, _, given in found:
        if len(given.split()) != arguments.get(name):
            errors.append(f"{name} has {len(given.split())} arguments: {given}")
    print("\n".join(errors) or f"{len(found)} probes")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
