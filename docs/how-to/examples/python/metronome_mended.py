# SPDX-License-Identifier: MIT
from gi.repository import GLib


class Metronome(GLib.Source):
    """Calls beat() every `period` microseconds."""

    def __init__(self, period, beat):
        self.period, self.beat = period, beat
        self.due = GLib.get_monotonic_time() + period
        self.set_name("metronome")
        self.set_ready_time(self.due)

    def prepare(self):
        return False, -1

    def check(self):
        return False

    def dispatch(self, _callback, _arguments):
        self.due += self.period
        self.set_ready_time(self.due)
        self.beat()
        return GLib.SOURCE_CONTINUE
