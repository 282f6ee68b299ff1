#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""own_apt.sh reads the system's sources in both formats, and leaves the system's settings and lists alone."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).with_name("own_apt.sh")


class OwnApt(unittest.TestCase):
    def setUp(self):
        self.home = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.home)
        self.system = self.home / "system"
        (self.system / "sources.list.d").mkdir(parents=True)
        (self.system / "settings").mkdir()

    def write(self, name, text):
        (self.system / name).write_text(text, encoding="utf-8")

    def run_script(self, script):
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", f'source "{SCRIPT}"\n{script}'], cwd=self.home,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def sources(self, kind):
        """{file: its lines} of what is made of the system's sources."""
        self.run_script(f"own_apt_sources {kind} system/sources.list system/sources.list.d made")
        return {path.name: path.read_text(encoding="utf-8").splitlines()
                for path in sorted((self.home / "made").iterdir())}

    def test_lines_of_the_old_format_are_taken_once_each(self):
        self.write("sources.list", "# deb http://no/\ndeb http://host/debian main\ndeb-src http://host/debian main\n")
        self.write("sources.list.d/more.list", "deb [signed-by=/key] http://other/ stable main\n")
        self.write("sources.list.d/off.list.disabled", "deb http://off/ stable main\n")
        self.assertEqual(self.sources("deb"), {"more.list": ["deb [signed-by=/key] http://other/ stable main"],
                                               "sources.list": ["deb http://host/debian main"]})
        self.assertEqual(self.sources("deb-src"), {"more.list": ["deb-src [signed-by=/key] http://other/ stable main"],
                                                   "sources.list": ["deb-src http://host/debian main"]})

    def test_the_new_format_keeps_everything_but_the_types(self):
        self.write("sources.list.d/debian.sources",
                   "Types: deb\nURIs: http://host/debian\nSuites: stable\n\ntypes: deb deb-src\nURIs: http://other/\n")
        self.assertEqual(self.sources("deb-src"), {"debian.sources": [
            "Types: deb-src", "URIs: http://host/debian", "Suites: stable", "", "Types: deb-src", "URIs: http://other/"]})

    def test_without_sources_there_are_none(self):
        self.assertEqual(self.sources("deb"), {})

    def test_settings_are_the_systems_with_folders_of_its_own(self):
        self.write("settings/10proxy", 'Acquire::http::Proxy "http://proxy/";\n')
        self.run_script("own_apt_settings own s390x system/settings")
        made = self.home / "own/settings"
        self.assertTrue((made / "10proxy").exists())
        last = sorted(made.iterdir())[-1].read_text(encoding="utf-8")
        for setting in ('APT::Architecture "s390x";', 'Dir::State "own/state";', 'Dir::Cache "own/cache";',
                        "#clear APT::Update::Post-Invoke;"):
            self.assertIn(setting, last)
        self.assertEqual((self.home / "own/apt.conf").read_text(encoding="utf-8"), 'Dir::Etc::parts "own/settings";\n')


if __name__ == "__main__":
    unittest.main()
