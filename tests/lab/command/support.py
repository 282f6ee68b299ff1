# SPDX-License-Identifier: MIT
"""What the tests of nestling-lab share: the program, and the libraries that it checks."""

import argparse
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

settings = argparse.Namespace()


def main():
    """Takes our arguments off the command line and runs the tests of the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--sanitizer", required=True)
    parser.add_argument("--compiler", action="append", default=[])
    parser.add_argument("--library", nargs=2, action="append", default=[])
    parser.parse_args(namespace=settings)
    settings.libraries = {name: str(Path(path).resolve()) for name, path in settings.library}
    unittest.main(argv=sys.argv[:1])


def run(*arguments, seconds=120, **keywords):
    done = subprocess.run([str(settings.program), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=seconds, check=False, **keywords)
    done.stdout, done.stderr = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    return done


def check(library, *arguments, **keywords):
    return run("check", settings.libraries[library], *arguments, **keywords)


def report_of(library, *arguments):
    """The exit code, and {source: {case: its result}}."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        code = check(library, "--json", str(path), *arguments).returncode
        report = json.loads(path.read_text(encoding="utf-8"))
    return code, {source["name"]: {result["case"]: result for result in source["results"]}
                  for source in report["sources"]}
