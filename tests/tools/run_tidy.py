#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs clang-tidy on the library's sources, a few at a time, and only on those that it has not passed before.

What was passed is remembered by the hash of everything that the answer depends on: the preprocessed source, the
configuration, and the version of clang-tidy.
"""

import argparse
import hashlib
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CHECKED = ("lib", "glib-source")


def sources(top, build):
    """{source: its compile command as a list} for the sources of the checked folders."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = Path(os.path.normpath(Path(entry["directory"]) / entry["file"]))
        if top in path.parents and path.relative_to(top).parts[0] in CHECKED:
            found.setdefault(path, shlex.split(entry["command"]))
    return found


def arguments_of(command):
    """What the compile command says of the source: without the compiler, the output and the dependency file."""
    words, at = [], 2 if os.path.basename(command[0]) == "ccache" else 1
    while at < len(command):
        if command[at] in ("-o", "-MF", "-MQ", "-MT"):
            at += 1
        elif command[at] not in ("-MD", "-MMD", "-c"):
            words.append(command[at])
        at += 1
    return words


def preprocessed(build, command):
    """The command's source after preprocessing."""
    compiler = command[1] if os.path.basename(command[0]) == "ccache" else command[0]
    return subprocess.run([compiler, *arguments_of(command), "-E", "-C", "-o", "-"], cwd=build, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True).stdout


class Tidy:
    def __init__(self, program, top, build, cache):
        self.program, self.top, self.build, self.cache = program, top, build, cache
        version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True).stdout
        settings = [top / ".clang-tidy"]
        for folder in CHECKED:
            settings += sorted((top / folder).rglob(".clang-tidy"))
        self.salt = version + b"".join(path.read_bytes() for path in settings)

    def passed_before(self, path, command):
        """The file whose existence says so."""
        text = preprocessed(self.build, command).replace(bytes(self.top), b"")
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
        words = [word for word in arguments_of(command) if os.path.normpath(self.build / word) != str(path)]
        done = subprocess.run([self.program, "--quiet", str(path), "--", *words], cwd=self.build, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode == 0:
            stamp.touch()
            return path, ""
        return path, done.stdout + done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tidy", required=True)
    parser.add_argument("--top", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()

    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    cache = Path(home) / "nestling-tidy"
    cache.mkdir(parents=True, exist_ok=True)
    tidy = Tidy(arguments.tidy, arguments.top, arguments.build, cache)
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
