# SPDX-License-Identifier: MIT
"""What the packaging tests share: their arguments, and programs that are built and run."""

import argparse
import os
import subprocess
import sys
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


def compile_with(module, source, program, pkg_config_path, *options):
    """Builds `program` with nothing but what pkg-config says about `module`."""
    flags = run("pkg-config", "--cflags", "--libs", module, PKG_CONFIG_PATH=str(pkg_config_path)).split()
    run(*settings.compiler, "-std=c++20", *options, source, "-o", program, *flags)


def run_program(program, library_path):
    return run(program, seconds=30, LD_LIBRARY_PATH=str(library_path))
