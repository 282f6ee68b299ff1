#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a script of an interpreter with the Source Lab preloaded, so that the lab's time is virtual.

Usage: run_interpreted.py (python3|gjs) LIBRARY SCRIPT [ARGUMENT...]

LIBRARY is libnestling-lab.so; NestlingLab-0.typelib lies beside it. Exits with 77, which means skipped, and says why, if
the interpreter, its bindings or the typelib are not there.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SKIPPED = 77


def has_bindings(python):
    return subprocess.run([python, "-c", "import gi; from gi.repository import GLib"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def find_interpreter(name):
    """Its path, or None. The first Python of the path is not always the one that the distribution's bindings are for."""
    if name == "python3":
        candidates = [sys.executable, shutil.which("python3"), "/usr/bin/python3"]
        return next((one for one in candidates if one and os.access(one, os.X_OK) and has_bindings(one)), None)
    return shutil.which(name)


def why_not(name, interpreter, library):
    """Why scripts for the interpreter cannot run, or None."""
    if interpreter is None:
        return f"SKIPPED: there is no {name}, or it has no bindings for GLib (Debian: python3-gi, gjs)"
    if not (library.parent / "NestlingLab-0.typelib").exists():
        return "SKIPPED: there is no NestlingLab-0.typelib: built with a sanitizer, or without g-ir-scanner"
    return None


def main():
    name, library, script = sys.argv[1], Path(sys.argv[2]).resolve(), sys.argv[3]
    interpreter = find_interpreter(name)
    reason = why_not(name, interpreter, library)
    if reason:
        print(reason)
        return SKIPPED
    environment = {**os.environ, "LD_PRELOAD": str(library), "LD_LIBRARY_PATH": str(library.parent),
                   "GI_TYPELIB_PATH": str(library.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([interpreter, script, *sys.argv[4:]], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
