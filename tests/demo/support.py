# SPDX-License-Identifier: MIT
"""What the tests of nestling-demo share: the program, folders to search, and sha256sum's opinion of them."""

import argparse
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from collections import defaultdict
from pathlib import Path

settings = argparse.Namespace()
MODES = ("nestling", "glib")


def main():
    """Takes our arguments off the command line and runs the tests of the program."""
    parse_settings()
    unittest.main(argv=sys.argv[:1])


def parse_settings():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--window", choices=["yes", "no"], required=True)
    parser.add_argument("--protocol", required=True)
    parser.add_argument("--sanitizer", required=True)
    parser.parse_args(namespace=settings)


class Result:
    """What a run of the program left behind."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err.decode("utf-8", "replace")

    @property
    def json(self):
        # All of stdout: anything else that is printed there is an error.
        return json.loads(self.out.decode("utf-8"))


def run(*arguments, seconds=120, **keywords):
    done = subprocess.run([str(settings.program), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=seconds, check=False, **keywords)
    return Result(done.returncode, done.stdout, done.stderr)


def search(*arguments, **keywords):
    """A run that must succeed, without a window; its report."""
    result = run("--terminal", "--json", *arguments, **keywords)
    if result.code != 0:
        raise AssertionError(f"ended with {result.code}:\n{result.err}")
    return result.json


def unescape(text):
    """The bytes of a path in a report."""
    raw = text.encode("utf-8")
    return re.sub(rb"\\(\\|x[0-9a-f]{2})", lambda found: b"\\" if found[1] == b"\\" else bytes([int(found[1][1:], 16)]),
                  raw)


def groups_of(report):
    """{(sha256, the files, each as the set of its names)}"""
    return {(group["sha256"], frozenset(frozenset(map(unescape, file["names"])) for file in group["files"]))
            for group in report["groups"]}


def regular_files(root):
    """The paths below `root`, links not followed, as bytes."""
    found = []
    for folder, _, names in os.walk(os.fsencode(root)):
        paths = (os.path.join(folder, name) for name in names)
        found += [path for path in paths if stat.S_ISREG(os.lstat(path).st_mode)]
    return found


def groups_by_sha256sum(paths):
    """What groups_of() must say about `paths`; files that sha256sum cannot read are left out."""
    by_digest = defaultdict(lambda: defaultdict(set))
    paths = list(paths)
    for begin in range(0, len(paths), 500):
        done = subprocess.run(["sha256sum", "--zero", "--", *paths[begin:begin + 500]], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False)
        for line in done.stdout.split(b"\0")[:-1]:
            digest, path = line[:64].decode(), line[66:]
            status = os.stat(path)
            by_digest[digest][status.st_dev, status.st_ino].add(path)
    return {(digest, frozenset(map(frozenset, files.values()))) for digest, files in by_digest.items() if len(files) > 1}


class Folder:
    """A folder of its own. Call remove() at the end."""

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="nestling-demo-"))

    def remove(self):
        shutil.rmtree(self.path)

    def write(self, name, content):
        path = os.path.join(os.fsencode(self.path), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def mkdir(self, name):
        path = self.path / name
        path.mkdir(parents=True)
        return path
