#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Source Lab from Python. Run by run_interpreted.py, which preloads the lab's library."""

import errno
import json
import time
import unittest

import gi

gi.require_version("NestlingLab", "0")
from gi.repository import GLib, NestlingLab

Lab = NestlingLab.Lab
SECOND = NestlingLab.LAB_SECOND
MILLISECOND = NestlingLab.LAB_MILLISECOND


def timer_of(milliseconds, callback=lambda *_: GLib.SOURCE_CONTINUE):
    source = GLib.timeout_source_new(milliseconds)
    source.set_name("timer")
    source.set_callback(callback)
    return source


class Reader(GLib.Source):
    def __init__(self, fd):
        self.seen, self.polled = [], GLib.PollFD(fd, GLib.IOCondition.IN)
        self.add_poll(self.polled)

    def prepare(self):
        return False, -1

    def check(self):
        return self.polled.revents != 0

    def dispatch(self, _callback, _arguments):
        self.seen.append(self.polled.revents)
        return GLib.SOURCE_CONTINUE


class LabTest(unittest.TestCase):
    def setUp(self):
        self.lab = Lab.new()
        self.addCleanup(lambda: self.lab.close())

    def assert_lab_error(self, code, function, *arguments):
        with self.assertRaises(GLib.Error) as caught:
            function(*arguments)
        self.assertTrue(caught.exception.matches(Lab.error_quark(), code), caught.exception)
        return caught.exception.message

    def test_a_day_is_exact(self):
        self.assertTrue(self.lab.has_virtual_time(), self.lab.get_why_real_time())
        timer = self.lab.adopt(timer_of(1000))
        before = time.monotonic_ns()
        self.lab.run_for(24 * NestlingLab.LAB_HOUR)
        self.assertEqual(timer.get_dispatch_times(), [second * SECOND for second in range(1, 86401)])
        self.assertTrue(self.lab.verify_fired_every(timer, SECOND, 0))
        # Python's own clock is the lab's too.
        self.assertEqual(time.monotonic_ns() - before, 24 * NestlingLab.LAB_HOUR)
        self.assertEqual(self.lab.count_calls(NestlingLab.LabCall.POLL), 0)

    def test_there_is_one_lab_at_a_time(self):
        self.assert_lab_error(NestlingLab.LabError.EXISTS, Lab.new)
        self.lab.close()
        self.lab = Lab.new()

    def test_a_failure_tells_and_shows(self):
        timer = self.lab.adopt(timer_of(10))
        self.lab.run_for(20 * MILLISECOND)
        text = self.assert_lab_error(NestlingLab.LabError.FAILED, self.lab.verify_dispatched_once, timer)
        self.assertIn("timer#1 was dispatched 2 times", text)
        self.assertIn("\n  dispatch  timer#1  at 20 ms", text)
        text = self.assert_lab_error(NestlingLab.LabError.FAILED, self.lab.verify_fired_at, timer,
                                     [10 * MILLISECOND, 19 * MILLISECOND], 0)
        self.assertIn("1000000 ns late", text)
        self.assertIn("timer#1", self.lab.get_leftovers())

    def test_the_script_answers_polls(self):
        fd = self.lab.fake_fd()
        source = Reader(fd)
        self.addCleanup(source.destroy)
        reader = self.lab.adopt(source)
        while not self.lab.step().would_sleep():
            pass
        self.lab.at_interrupt(MILLISECOND)
        self.lab.at_pulse(2 * MILLISECOND, fd, GLib.IOCondition.IN | GLib.IOCondition.HUP)
        step = self.lab.step()
        self.assertEqual(step.get_poll_error(), errno.EINTR)
        self.assertFalse(step.has_dispatched(reader))
        step = self.lab.step()
        self.assertEqual(step.get_dispatch_order(), [reader.get_number()])
        self.assertEqual(step.get_slept(), MILLISECOND)
        self.assertEqual(source.seen, [GLib.IOCondition.IN | GLib.IOCondition.HUP])

    def test_actions_and_conditions_are_python(self):
        seen = []
        timer = self.lab.adopt(timer_of(1000))
        self.lab.at_call(1500 * MILLISECOND, lambda *_: seen.append(self.lab.now()))
        self.lab.before(NestlingLab.LabPhase.DISPATCH, lambda *_: seen.append("before"))
        self.assertTrue(self.lab.run_until(10 * SECOND, lambda *_: timer.get_dispatched() == 2))
        self.assertEqual(seen, ["before", 1500 * MILLISECOND])
        self.assertFalse(self.lab.run_until(SECOND // 2, lambda *_: False))
        self.assertEqual(self.lab.now(), 2500 * MILLISECOND)

    def test_another_thread_runs_python(self):
        context = self.lab.get_context()
        self.lab.on_thread(lambda *_: context.wakeup())
        self.assertEqual(self.lab.get_wakeups(), 1)

    def test_the_trace_is_json(self):
        self.lab.adopt(timer_of(10))
        self.lab.run_for(50 * MILLISECOND)
        trace = json.loads(self.lab.get_json())
        self.assertEqual(trace["sources"][0]["name"], "timer")
        self.assertEqual(len(trace["steps"]), len(self.lab.get_steps()))

    def test_a_source_written_in_python(self):
        class Queue(GLib.Source):
            def __init__(self):
                self.items, self.taken = [], []

            def prepare(self):
                return bool(self.items), -1

            def check(self):
                return bool(self.items)

            def dispatch(self, _callback, _arguments):
                self.taken += self.items
                self.items.clear()
                return GLib.SOURCE_CONTINUE

        queue = Queue()
        record = self.lab.adopt(queue)
        self.lab.at_call(SECOND, lambda *_: queue.items.append("item") or queue.get_context().wakeup())
        self.assertTrue(self.lab.run_until(2 * SECOND, lambda *_: queue.taken))
        self.assertEqual(record.get_dispatch_times(), [SECOND])
        queue.destroy()


class KitTest(unittest.TestCase):
    def test_the_kit_runs_all_cases(self):
        def make(*_):
            return timer_of(20, lambda *_: Lab.delivered() or GLib.SOURCE_CONTINUE)

        report = Lab.check_source("timeout", NestlingLab.LabTraits.REPEATS, make, None)
        self.assertEqual(report.get_n_cases(), 24, report.get_text())
        self.assertTrue(report.has_passed(), report.get_text())

    def test_a_factory_without_a_source(self):
        report = Lab.check_source("none", NestlingLab.LabTraits.NONE, lambda *_: None, None)
        self.assertEqual(report.get_outcome(0), NestlingLab.LabOutcome.FAILED)
        self.assertEqual(report.get_words(0), "the factory returned no source")


if __name__ == "__main__":
    unittest.main()
