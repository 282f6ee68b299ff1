#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints the headers below a folder the way they are included, one a line."""

import sys
from pathlib import Path

top = Path(sys.argv[1])
headers = sorted([*top.rglob("*.hpp"), *top.rglob("*.h")])
for path in headers:
    print(path.relative_to(top).as_posix())
sys.exit(0 if headers else f"no headers below {top}")
