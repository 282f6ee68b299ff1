#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes a program that asks the in-tree explorer what herd7 is asked: the same files, the same expected answers.

    explore_litmus.py EXPECTED LITMUS... OUTPUT
"""

import pathlib
import re
import sys

HEAD = """\
// Made by explore_litmus.py.
#include <cstdio>

#include "model/explorer/explore.hpp"
#include "model/explorer/model_atomics.hpp"

using namespace nestling::model;
using std::memory_order_acq_rel, std::memory_order_acquire, std::memory_order_relaxed, std::memory_order_release,
    std::memory_order_seq_cst;

static int wrong = 0;
static void judge(const char* name, const Result& result, const char* expected) {
    const bool found = result.text.find("the bad outcome") != std::string::npos;
    const std::string answer = found ? "Sometimes" : result.ok() && result.unbounded ? "Never" : result.text;
    wrong += answer == expected ? 0 : 1;
    std::printf("%s | explorer | %s | %llu%s\\n", name, answer.c_str(),
                static_cast<unsigned long long>(result.executions), answer == expected ? "" : "   <-- unexpected");
}
"""
REWRITTEN = [
    (r"atomic_compare_exchange_strong_explicit\((\w+), none, (.*)\);",
     r"[&] { int none = 0; return s.\1.compare_exchange_strong(none, \2); }() ? 1 : 0;"),
    (r"atomic_(load|store|exchange|fetch_or|fetch_and)_explicit\((\w+), (.*)\);", r"s.\2.\1(\3);"),
    (r"atomic_thread_fence", "ModelAtomics::fence"),
]


def program(number, text, expected):
    """The struct of its variables, and the statement that explores it."""
    name = re.match(r"C (\S+)", text).group(1)
    variables = re.findall(r"(\w+) = (\d+);", re.search(r"\{ (.*?) \}", text).group(1))
    fields = [f"ModelAtomics::Atomic<int> {variable}{{{value}}};" for variable, value in variables]
    threads = []
    for thread, body in enumerate(re.findall(r"P\d \([^)]*\) \{\n(.*?)\n\}", text, re.S)):
        fields += [f"int r{thread}_{register} = -1;" for register in re.findall(r"int (\w+) =", body)]
        body = re.sub(r"int (\w+) =", rf"s.r{thread}_\1 =", body)
        for pattern, replacement in REWRITTEN:
            body = re.sub(pattern, replacement, body)
        threads.append(f'program.thread("P{thread}", [](State& s) {{\n{body}\n}});')
    bad = re.sub(r"(\d):(\w+) = (\d+)", r"s.r\1_\2 == \3", re.search(r"exists \((.*)\)", text).group(1))
    bad = bad.replace("/" + chr(92), "&&")
    lines = ["{", f"using State = State{number};", "Program<State> program;", *threads,
             f'program.at_end([](State& s) {{ assert_that(!({bad}), "the bad outcome"); }});',
             f'judge("{name}", explore(program, Options()), "{expected[name]}");', "}"]
    return f"struct State{number} {{ {' '.join(fields)} }};", "\n".join(lines)


def main():
    table, *files, output = map(pathlib.Path, sys.argv[1:])
    rows = [line.split("|") for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    expected = {name.strip(): verdict.strip() for name, verdict in rows}
    programs = [program(number, file.read_text(encoding="utf-8"), expected) for number, file in enumerate(files)]
    body = "\n".join(statement for _, statement in programs)
    output.write_text("\n".join([HEAD, *(state for state, _ in programs),
                                 f"int main() {{\n{body}\nreturn wrong == 0 ? 0 : 1;\n}}\n"]), encoding="utf-8")


if __name__ == "__main__":
    main()
