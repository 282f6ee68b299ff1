#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""packages.sh installs only what is missing, by name, and says which packages it wants when it cannot."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).with_name("packages.sh")
TOOLS = ["bash", "cat", "dirname", "env", "grep", "mkdir", "tail", "timeout", "touch"]

# What stands for apt-get: notes its arguments, knows no package called "unknown", and "installs" a command.
APT = """#!/bin/bash
echo "$*" >>"$HOME/calls"
[ -e "$HOME/no-network" ] && exit 100
case "$*" in *unknown*) echo "E: Unable to locate package unknown"; exit 100 ;; esac
case "$*" in
*--simulate*) ;;
*install*) for name in "${@: -1}"; do touch "$HOME/bin/$name"; /bin/chmod +x "$HOME/bin/$name"; done ;;
esac
"""


class Packages(unittest.TestCase):
    def setUp(self):
        self.home = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.home)
        self.bin = self.home / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.fake("apt-get", APT)
        self.user(0)

    def fake(self, name, text):
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def user(self, number):
        self.fake("id", f"#!/bin/bash\necho {number}\n")

    def run_script(self, script, **environment):
        """Runs lines of bash after packages.sh; returns the exit code and what was said."""
        done = subprocess.run(
            [shutil.which("bash"), "-euo", "pipefail", "-c", f'source "{SCRIPT}"\n{script}'],
            env={"PATH": str(self.bin), "HOME": str(self.home), **environment}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def calls(self):
        path = self.home / "calls"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    INSTALL = 'install_packages "$HOME/log/packages.log"'

    def test_nothing_is_called_when_nothing_is_missing(self):
        code, said = self.run_script(f"need bash has_command bash\nwant cat has_command cat\n{self.INSTALL}")
        self.assertEqual((code, said, self.calls()), (0, "", []))

    def test_only_what_is_missing_is_installed(self):
        code, said = self.run_script(f"need bash has_command bash\nneed meson has_command meson\n{self.INSTALL}\nmeson")
        self.assertEqual(code, 0, said)
        self.assertIn("Installing: meson", said)
        installs = [call for call in self.calls() if "install" in call and "--simulate" not in call]
        self.assertEqual(len(installs), 1)
        self.assertTrue(installs[0].endswith("install --yes --no-install-recommends meson"), installs)
        self.assertTrue(self.calls()[0].endswith("update"))

    def test_a_name_that_this_release_lacks_does_not_stop_the_others(self):
        code, said = self.run_script(
            f"need meson has_command meson\nwant unknown has_command unknown\n{self.INSTALL}\nmeson\nabsent unknown")
        self.assertEqual(code, 0, said)
        self.assertIn("MISSING: unknown", said)

    def test_without_network_it_names_what_it_needs_and_fails(self):
        (self.home / "no-network").touch()
        code, said = self.run_script(f"need meson has_command meson\nwant ccache has_command ccache\n{self.INSTALL}")
        self.assertEqual(code, 1)
        self.assertIn("MISSING: meson: apt-get cannot", said)
        self.assertIn("MISSING: ccache: apt-get cannot", said)

    def test_without_network_it_goes_on_when_only_wanted_packages_are_missing(self):
        (self.home / "no-network").touch()
        code, said = self.run_script(f"want ccache has_command ccache\n{self.INSTALL}\nabsent ccache\n! absent bash")
        self.assertEqual(code, 0, said)

    def test_without_root_and_sudo_it_names_what_it_needs(self):
        self.user(1000)
        code, said = self.run_script(f"need meson has_command meson\n{self.INSTALL}")
        self.assertEqual(code, 1)
        self.assertIn("MISSING: meson: installing needs root, or sudo", said)
        self.assertEqual(self.calls(), [])

    def test_sudo_is_used_when_there_is_no_root(self):
        self.user(1000)
        self.fake("sudo", '#!/bin/bash\n[ "$1" = -n ] && exit 0\necho sudo >>"$HOME/calls"\nexec "$@"\n')
        code, said = self.run_script(f"need meson has_command meson\n{self.INSTALL}\nmeson")
        self.assertEqual(code, 0, said)
        self.assertIn("sudo", self.calls())

    def test_without_apt_it_says_so(self):
        os.remove(self.bin / "apt-get")
        code, said = self.run_script(f"need meson has_command meson\n{self.INSTALL}")
        self.assertEqual(code, 1)
        self.assertIn("no apt-get", said)

    def test_it_can_be_forbidden(self):
        code, said = self.run_script(f"need meson has_command meson\n{self.INSTALL}", NESTLING_INSTALL="never")
        self.assertEqual(code, 1)
        self.assertIn("NESTLING_INSTALL=never", said)
        self.assertEqual(self.calls(), [])


if __name__ == "__main__":
    unittest.main()
