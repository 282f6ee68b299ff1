#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs clang-tidy on the library's sources, a few at a time, and only on those that it has not passed before.

What was passed is remembered by the hash of everything that the answer depends on: the preprocessed source, the
configuration, and the version of clang-tidy.
"""

import argparse
import functools
import hashlib
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CHECKED = ("lib", "glib-source")


class Command:
    """How one source is compiled in one build."""

    def __init__(self, build, words):
        self.build = build
        at = 1 if os.path.basename(words[0]) == "ccache" else 0
        self.compiler = words[at]
        self.arguments = self.about_the_source(words[at + 1:])

    @staticmethod
    def about_the_source(words):
        """Without outputs, and without precompiled headers, which are another compiler's."""
        kept, at = [], 0
        while at < len(words):
            if words[at] in ("-o", "-MF", "-MQ", "-MT", "-include"):
                at += 1
            elif words[at] not in ("-MD", "-MMD", "-c", "-Winvalid-pch", "-fpch-preprocess"):
                kept.append(words[at])
            at += 1
        return kept

    def preprocessed(self):
        """The source after preprocessing; raises CalledProcessError."""
        return subprocess.run([self.compiler, *self.arguments, "-E", "-C", "-o", "-"], cwd=self.build,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout

    def as_clang(self, path):
        """What clang-tidy has to be told to see `path` as the compiler does."""
        return [*target_of(self.compiler),
                *(word for word in self.arguments if os.path.normpath(self.build / word) != str(path))]


@functools.lru_cache
def target_of(compiler):
    """The options that make Clang take another compiler's target and standard library."""
    if "clang" in os.path.basename(compiler):
        return []

    def says(*options):
        return subprocess.run([compiler, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=True).stdout

    _, _, listed = says("-E", "-v", "-x", "c++", "-").partition("#include <...> search starts here:\n")
    folders = [line.strip() for line in listed.partition("End of search list.")[0].splitlines()]
    library = [word for folder in folders if "/c++" in folder for word in ("-isystem", folder)]
    return ["--target=" + says("-dumpmachine").strip(), "-nostdinc++", *library, "-Wno-unknown-warning-option"]


def sources(top, builds):
    """{source: its command} for the sources of the checked folders, from the first of the builds that has it."""
    found = {}
    for build in builds:
        for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
            path = Path(os.path.normpath(Path(entry["directory"]) / entry["file"]))
            if path in found or not path.exists() or top not in path.parents:
                continue
            if path.relative_to(top).parts[0] in CHECKED:
                found[path] = Command(build, shlex.split(entry["command"]))
    return found


class Tidy:
    def __init__(self, program, top, cache):
        self.program, self.top, self.cache = program, top, cache
        version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True).stdout
        settings = [top / ".clang-tidy"]
        for folder in CHECKED:
            settings += sorted((top / folder).rglob(".clang-tidy"))
        self.salt = version + b"".join(path.read_bytes() for path in settings)

    def passed_before(self, path, command):
        """The file whose existence says so."""
        text = command.preprocessed().replace(bytes(self.top), b"")
        digest = hashlib.sha256(self.salt + str(path.relative_to(self.top)).encode() + text)
        return self.cache / digest.hexdigest()

    def check(self, path, command):
        """(path, what clang-tidy complained about)"""
        try:
            stamp = self.passed_before(path, command)
        except subprocess.CalledProcessError:
            return path, "cannot be preprocessed"
        if stamp.exists():
            return path, ""
        # Not with the whole list of commands: what is compiled for both wake protocols would be looked at twice.
        done = subprocess.run([self.program, "--quiet", str(path), "--", *command.as_clang(path)], cwd=command.build,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode == 0:
            stamp.touch()
            return path, ""
        return path, done.stdout + done.stderr


def folder(text):
    """Absolute, as commands name their sources."""
    return Path(text).resolve()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tidy", required=True)
    parser.add_argument("--top", type=folder, required=True)
    parser.add_argument("--build", type=folder, required=True, action="append",
                        help="a build folder; of further ones, the sources that none before has")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()

    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    cache = Path(home) / "nestling-tidy"
    cache.mkdir(parents=True, exist_ok=True)
    tidy = Tidy(arguments.tidy, arguments.top, cache)
    work = sources(arguments.top, arguments.build)
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(lambda item: tidy.check(*item), work.items()))
    bad = [(path, said) for path, said in results if said]
    for path, said in bad:
        print(f"==== {path.relative_to(arguments.top)}\n{said}")
    print(f"{len(work)} sources, {len(bad)} with complaints")
    return 1 if bad or not work else 0


if __name__ == "__main__":
    sys.exit(main())
