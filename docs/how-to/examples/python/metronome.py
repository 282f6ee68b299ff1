# SPDX-License-Identifier: MIT
from gi.repository import GLib


class Metronome(GLib.Source):
    """Calls beat() every `period` microseconds."""

    def __init__(self, period, beat):
        self.period, self.beat = period, beat
        self.set_ready_time(GLib.get_monotonic_time() + period)

    def prepare(self):
        return False, -1

    def check(self):
        return False

    def dispatch(self, _callback, _arguments):
        self.beat()
        self.set_ready_time(GLib.get_monotonic_time() + self.period)
        return GLib.SOURCE_CONTINUE
