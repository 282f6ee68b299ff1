#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails on a file that names something of the standard library whose header neither it nor a file that it includes asks for.

Where headers are precompiled, or many sources compiled at a time, compilers do not see that.

Usage: check_includes.py [TOP]
"""

import functools
import re
import sys
from pathlib import Path

from check_layers import Tree

# What is looked for. A name of two headers may come from either; one that is missing here is not looked for.
DECLARED = {
    "algorithm": "all_of any_of binary_search clamp copy copy_n count count_if equal fill find find_if for_each includes"
                 " is_sorted lower_bound max max_element min min_element minmax next_permutation none_of nth_element"
                 " partial_sort remove_if reverse rotate set_difference shuffle sort stable_sort transform unique"
                 " upper_bound",
    "array": "array",
    "atomic": "atomic atomic_flag atomic_ref atomic_signal_fence atomic_thread_fence memory_order memory_order_acq_rel"
              " memory_order_acquire memory_order_consume memory_order_relaxed memory_order_release"
              " memory_order_seq_cst",
    "bit": "bit_cast bit_ceil bit_width countl_zero countr_one countr_zero has_single_bit popcount",
    "charconv": "from_chars to_chars",
    "chrono": "chrono chrono_literals",
    "condition_variable": "condition_variable condition_variable_any cv_status",
    "coroutine": "coroutine_handle noop_coroutine suspend_always suspend_never",
    "csignal": "raise signal",
    "cstdint": "int8_t int16_t int32_t int64_t intptr_t uint8_t uint16_t uint32_t uint64_t uintptr_t",
    "cstdio": "fclose fflush fopen fprintf fputs fwrite perror printf puts remove snprintf tmpfile vsnprintf",
    "cstdlib": "abort abs aligned_alloc atoi calloc exit free getenv malloc realloc strtod strtol strtoul strtoull",
    "cstring": "memcmp memcpy memmove memset strcmp strerror strlen strncmp strncpy",
    "deque": "deque",
    "exception": "current_exception exception exception_ptr get_terminate make_exception_ptr rethrow_exception"
                 " set_terminate terminate uncaught_exceptions",
    "filesystem": "filesystem",
    "fstream": "fstream ifstream ofstream",
    "functional": "bind cref function greater greater_equal hash invoke less ref reference_wrapper",
    "initializer_list": "initializer_list",
    "iomanip": "setfill setprecision setw",
    "iostream": "cerr cin clog cout",
    "iterator": "advance back_inserter distance inserter make_move_iterator next prev",
    "latch": "latch",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": "addressof allocator construct_at destroy_at enable_shared_from_this make_shared make_unique shared_ptr"
              " unique_ptr weak_ptr",
    "mutex": "call_once lock_guard mutex once_flag recursive_mutex scoped_lock unique_lock",
    "new": "align_val_t bad_alloc launder nothrow nothrow_t set_new_handler",
    "numeric": "accumulate iota lerp",
    "optional": "make_optional nullopt optional",
    "ostream": "endl ostream",
    "random": "minstd_rand mt19937 mt19937_64 random_device uniform_int_distribution uniform_real_distribution",
    "set": "multiset set",
    "shared_mutex": "shared_lock shared_mutex",
    "span": "as_bytes as_writable_bytes span",
    "sstream": "istringstream ostringstream stringstream",
    "stdexcept": "domain_error invalid_argument length_error logic_error out_of_range overflow_error range_error"
                 " runtime_error",
    "stop_token": "nostopstate stop_callback stop_source stop_token",
    "string": "getline stod stoi stol stoul stoull string to_string u16string wstring",
    "string_view": "string_view wstring_view",
    "system_error": "errc error_category error_code error_condition generic_category make_error_code system_category"
                    " system_error",
    "thread": "jthread this_thread thread",
    "tuple": "apply forward_as_tuple make_tuple tie tuple",
    "type_traits": "common_type conditional_t decay_t enable_if_t invoke_result_t is_const_v is_constructible_v"
                   " is_convertible_v is_empty_v is_integral_v is_invocable_r_v is_invocable_v"
                   " is_nothrow_constructible_v is_nothrow_move_constructible_v is_pointer_v is_reference_v is_same_v"
                   " is_trivially_copyable_v is_trivially_destructible_v is_void_v remove_cvref_t remove_reference_t"
                   " type_identity type_identity_t",
    "unordered_map": "unordered_map",
    "unordered_set": "unordered_set",
    "utility": "as_const cmp_less exchange forward in_place in_place_index index_sequence index_sequence_for make_pair"
               " move pair swap",
    "variant": "get_if holds_alternative monostate variant visit",
    "vector": "vector",
}

HEADERS = {}
for header, names in DECLARED.items():
    for one in names.split():
        HEADERS.setdefault(one, set()).add(header)

# The headers of C that declare the same, and headers whose purpose includes that of another.
STANDS_FOR = {"stdint.h": ["cstdint"], "stdio.h": ["cstdio"], "stdlib.h": ["cstdlib"], "string.h": ["cstring"],
              "signal.h": ["csignal"], "iosfwd": ["ostream"], "iostream": ["ostream"], "fstream": ["ostream"],
              "sstream": ["ostream"]}

NAME = re.compile(r"\bstd::([a-z_0-9]+)")
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)

FOLDERS = ("lib", "glib-source", "tests", "docs")


class Includes:
    """What the files below `top` name of the standard library, and what they include."""

    def __init__(self, top):
        self.tree = Tree(top)
        self.errors = []

    @functools.lru_cache(maxsize=None)
    def direct(self, file):
        """The headers that `file` includes: those of this tree, and the names of the others."""
        own, foreign = [], []
        for _, _, name in self.tree.includes(file):
            target = self.tree.resolve(file, name)
            if target is None:
                foreign.append(name)
            else:
                own.append(target)
        return own, foreign

    def asked_for(self, file):
        """All headers that are not of this tree which `file` includes, or what it includes."""
        seen, open_files, found = {file}, [file], set()
        while open_files:
            own, foreign = self.direct(open_files.pop())
            for name in foreign:
                found.add(name)
                found.update(STANDS_FOR.get(name, []))
            for target in own:
                if target not in seen:
                    seen.add(target)
                    open_files.append(target)
        return found

    def check_file(self, file):
        includes = self.asked_for(file)
        text = NOT_CODE.sub(lambda found: "\n" * found.group().count("\n"), file.read_text(encoding="utf-8"))
        reported = set()
        for number, line in enumerate(text.splitlines(), 1):
            for name in NAME.findall(line):
                headers = HEADERS.get(name, set())
                if headers and not headers & includes and name not in reported:
                    reported.add(name)
                    self.tree.error(file, number, f"std::{name} without <{'> or <'.join(sorted(headers))}>")


def check(top):
    """The errors of the tree below `top`, each `file:line: text`, and the number of files looked at."""
    includes, looked_at = Includes(top), 0
    for folder in FOLDERS:
        for file in includes.tree.files(folder):
            if file.suffix in (".hpp", ".cpp"):
                includes.check_file(file)
                looked_at += 1
    return includes.tree.errors, looked_at


def main():
    top = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    errors, looked_at = check(top)
    for error in errors:
        print(error)
    print(f"{looked_at} files, {len(errors)} errors")
    return 1 if errors or looked_at == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
