# SPDX-License-Identifier: MIT
import time
import unittest

import gi

gi.require_version("NestlingLab", "0")
from gi.repository import NestlingLab

from metronome import Metronome

Lab = NestlingLab.Lab
SECOND = NestlingLab.LAB_SECOND
MILLISECOND = NestlingLab.LAB_MILLISECOND


class MetronomeTest(unittest.TestCase):
    def setUp(self):
        self.lab = Lab.new()
        self.addCleanup(self.lab.close)

    def start(self, beat):
        self.metronome = Metronome(1_000_000, beat)
        self.addCleanup(self.metronome.destroy)
        return self.lab.adopt(self.metronome)

    def test_it_beats_all_day(self):
        record = self.start(lambda: None)
        self.lab.run_for(24 * NestlingLab.LAB_HOUR)
        self.assertEqual(record.get_dispatched(), 86400)
        self.lab.verify_fired_every(record, SECOND, 0)

    def test_it_stays_in_time_when_a_beat_takes_3_ms(self):
        record = self.start(lambda: time.sleep(0.003))
        self.lab.run_for(NestlingLab.LAB_HOUR)
        self.lab.verify_fired_every(record, SECOND, 3 * MILLISECOND)


class PromisesTest(unittest.TestCase):
    def make(self, *_):
        self.metronome = Metronome(20_000, Lab.delivered)
        return self.metronome

    def test_it_keeps_the_promises_of_a_source(self):
        traits = NestlingLab.LabTraits.REPEATS | NestlingLab.LabTraits.HELD
        report = Lab.check_source("metronome", traits, self.make, None)
        self.assertTrue(report.has_passed(), report.get_text())


if __name__ == "__main__":
    unittest.main()
