#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes orders that can be changed at run time out of the Orders structs in lib/sync.

    generate_sites.py HEADER... OUTPUT

For each `struct XOrders` of the headers: a `struct MutableXOrders` with the same names as variables, and a row in the table
of sites: which barrier it is (from the comment above), its order, and where the variable is. Nothing is typed by hand, so a
site cannot be forgotten.
"""

import pathlib
import re
import sys

STRUCT = re.compile(r"^struct (\w+Orders) \{$(.*?)^\};$", re.S | re.M)
SITE = re.compile(r"((?:^ *//[^\n]*\n)+) *static constexpr std::memory_order (\w+) = std::memory_order_(\w+);", re.M)
MARK = re.compile(r"// (BARRIER|RELAXED) ?([\w.]*)")


def sites(header):
    for struct in STRUCT.finditer(header.read_text()):
        rows = []
        for comment, name, order in SITE.findall(struct.group(2)):
            mark = MARK.search(comment)
            if mark is None:
                sys.exit(f"{header}: {name} has neither BARRIER nor RELAXED above it")
            rows.append((name, order, mark.group(2) if mark.group(1) == "BARRIER" else ""))
        yield struct.group(1), rows


def main():
    output, headers = pathlib.Path(sys.argv[-1]), [pathlib.Path(name) for name in sys.argv[1:-1]]
    text = ["// Made by generate_sites.py.", "#pragma once", "", '#include "model/sites.hpp"']
    text += [f'#include "sync/{header.name}"' for header in headers]
    text += ["", "namespace nestling::model {", ""]
    table = []
    for header in headers:
        for struct, rows in sites(header):
            text.append(f"struct Mutable{struct} {{")
            for name, order, barrier in rows:
                text.append(f"    static inline std::memory_order {name} = sync::{struct}::{name};")
                table.append(f'    {{"{struct}", "{name}", "{barrier}", sync::{struct}::{name}, '
                             f"&Mutable{struct}::{name}}},")
            text += ["};", ""]
    text += ["inline const Site all_sites[] = {", *table, "};", "", "}  // namespace nestling::model", ""]
    output.write_text("\n".join(text))


if __name__ == "__main__":
    main()
