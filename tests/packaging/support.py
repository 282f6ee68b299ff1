# SPDX-License-Identifier: MIT
"""What the packaging tests share: their arguments, and programs that are built and run."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CONSUMER = Path(__file__).resolve().parent / "consumer"
settings = argparse.Namespace()


def main():
    """Takes our arguments off the command line and runs the tests of the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--glib", choices=["yes", "no"], required=True)
    parser.add_argument("--compiler", nargs="+", required=True)
    parser.parse_args(namespace=settings)
    unittest.main(argv=sys.argv[:1])


def run(*command, seconds=240, cwd=None, **environment):
    """The output of a command that must succeed."""
    done = subprocess.run([str(word) for word in command], env={**os.environ, **environment}, cwd=cwd, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds,
                          check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class Installation:
    """The build, installed into a folder of its own. Call remove() at the end."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp())
        run("meson", "install", "--no-rebuild", "--quiet", "-C", settings.build, "--destdir", self.folder)
        self.pkg_config = next(self.folder.rglob("nestling.pc")).parent
        self.libraries = self.pkg_config.parent
        self.headers = next(self.folder.rglob("include/nestling-0"))
        # The prefix is as it was configured; this is where it ended up.
        for file in self.pkg_config.glob("*.pc"):
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r"(?m)^prefix=", f"prefix={self.folder}", text), encoding="utf-8")

    def remove(self):
        shutil.rmtree(self.folder)

    def ask(self, *question):
        return run("pkg-config", *question, PKG_CONFIG_PATH=str(self.pkg_config))

    def compile(self, module, source, *options):
        """A program that is built with nothing but what pkg-config says about `module`."""
        program = self.folder / f"{source.stem}-{module}"
        flags = self.ask("--cflags", "--libs", module).split()
        run(*settings.compiler, "-std=c++20", *options, source, "-o", program, *flags)
        return program

    def run(self, program, *arguments):
        return run(program, *arguments, seconds=30, LD_LIBRARY_PATH=str(self.libraries))
