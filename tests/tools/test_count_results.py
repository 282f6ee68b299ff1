#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""count_results.py counts cases, believes no summary against Meson, and hides nothing."""

import io
import json
import os
import subprocess
import sys
import tempfile
import unittest

import count_results
from count_results import Counts

RULE = "-" * 79


def entry(result="OK", stdout="", stderr="", name="unit / a test"):
    return {"name": name, "result": result, "stdout": stdout, "stderr": stderr, "returncode": 0, "duration": 0.1}


def log(*entries):
    return [json.dumps(one) for one in entries]


def collect(*entries, status=0):
    return count_results.collect("gcc", log(*entries), status, 1.0, io.StringIO())


class Catch(unittest.TestCase):
    def test_a_program_counts_as_its_test_cases(self):
        self.assertEqual(count_results.count_test(entry(stdout="All tests passed (12 assertions in 5 test cases)\n")),
                         Counts(5))

    def test_one_case_without_assertions_counts(self):
        out = "test cases: 1 | 1 passed\nassertions: - none -\n"
        self.assertEqual(count_results.count_test(entry(stdout=out)), Counts(1))

    def test_lines_may_end_as_on_windows(self):
        out = "All tests passed (12 assertions in 5 test cases)\r\n"
        self.assertEqual(count_results.count_test(entry(stdout=out)), Counts(5))
        out = f"{RULE}\r\na case\r\n{RULE}\r\nfile.cpp:1\r\n\r\n  SKIPPED: not here\r\n\r\n{'=' * 79}\r\n" + out
        self.assertEqual(count_results.count_test(entry(stdout=out)).skipped, 1)

    def test_failed_cases_are_failed_and_the_rest_passed(self):
        out = "test cases: 7 | 4 passed | 2 failed | 1 skipped\nassertions: 9 | 7 passed | 2 failed\n"
        self.assertEqual(count_results.count_test(entry("FAIL", out)), Counts(4, 2, 1))

    def test_columns_may_be_padded(self):
        out = "test cases:  7 |  6 passed | 1 failed\nassertions: 19 | 18 passed | 1 failed\n"
        self.assertEqual(count_results.count_test(entry("FAIL", out)), Counts(6, 1))

    def test_a_crash_after_the_summary_is_a_failure(self):
        out = "All tests passed (12 assertions in 5 test cases)\n"
        self.assertEqual(count_results.count_test(entry("FAIL", out)).failed, 1)

    def test_a_program_that_ran_no_case_has_failed(self):
        out = "No test cases matched '[x]'\n====\nNo tests ran\n"
        self.assertEqual(count_results.count_test(entry(stdout=out)), Counts(failed=1))

    def test_the_summary_of_a_child_that_died_on_purpose_does_not_count(self):
        out = "test cases: 1 | 1 failed\nassertions: 1 | 1 failed\n\nAll tests passed (2 assertions in 2 test cases)\n"
        self.assertEqual(count_results.count_test(entry(stdout=out)), Counts(2))

    def test_a_loud_skip_is_not_a_pass_and_keeps_its_reason(self):
        out = (f"{RULE}\na case whose name is\nwrapped\n{RULE}\nf.cpp:5\n{'.' * 79}\n\nf.cpp:5: warning:\n"
               "  SKIPPED: there is no\n  such thing\n\nAll tests passed (1 assertion in 2 test cases)\n")
        self.assertEqual(count_results.count_test(entry(stdout=out)),
                         Counts(1, 0, 1, ["a case whose name is wrapped: there is no such thing"]))


class OtherPrograms(unittest.TestCase):
    def test_a_script_counts_as_one(self):
        self.assertEqual(count_results.count_test(entry(stdout="fine\n")), Counts(1))
        self.assertEqual(count_results.count_test(entry("TIMEOUT")), Counts(0, 1))

    def test_a_unittest_program_counts_as_its_tests(self):
        err = "Ran 9 tests in 0.012s\n\nFAILED (failures=1, errors=2, skipped=1)\n"
        self.assertEqual(count_results.count_test(entry("FAIL", stderr=err)), Counts(5, 3, 1))
        self.assertEqual(count_results.count_test(entry(stderr="Ran 9 tests in 0.0s\n\nOK\n")), Counts(9))

    def test_a_skip_keeps_the_last_line_as_its_reason(self):
        counts = count_results.count_test(entry("SKIP", "looking\nno display\n"))
        self.assertEqual(counts, Counts(0, 0, 1, ["unit / a test: no display"]))


    def test_cases_that_a_program_is_told_to_leave_out_are_skipped(self):
        one = entry(stdout="All tests passed (12 assertions in 5 test cases)\n")
        one["env"] = {"NESTLING_LEFT_OUT": "the cases tagged [slow]: too slow here", "HOME": "/"}
        self.assertEqual(count_results.count_test(one),
                         Counts(5, 0, 1, ["unit / a test, the cases tagged [slow]: too slow here"]))


class Stages(unittest.TestCase):
    def test_a_stage_adds_its_programs_up(self):
        catch = entry(stdout="All tests passed (1 assertion in 3 test cases)\n")
        stage = collect(entry(), catch, entry("FAIL"), status=1)
        self.assertEqual((stage.counts.passed, stage.counts.failed), (4, 1))

    def test_a_stage_without_tests_has_failed(self):
        self.assertEqual(collect().counts.failed, 1)

    def test_a_stage_whose_run_was_cut_short_has_failed(self):
        self.assertEqual(collect(entry(), status=124).counts.failed, 1)

    def test_what_a_stage_does_not_ask_for_is_skipped_and_keeps_its_reason(self):
        with tempfile.TemporaryDirectory() as folder:
            log_name, results = os.path.join(folder, "log"), os.path.join(folder, "results")
            for lines, code in ((log(entry()), 0), ([], 1)):
                with open(log_name, "w", encoding="utf-8") as file:
                    file.write("\n".join(lines))
                done = subprocess.run([sys.executable, count_results.__file__, "collect", results, "i386", log_name, "--status",
                                       "0", "--left-out", "a: not here", "--left-out", "b: not here"], check=False,
                                      stdout=subprocess.DEVNULL)
                # It does not make up for tests that did not run.
                self.assertEqual(done.returncode, code)
            first, second = count_results.read_stages(results)
            self.assertEqual(first.counts, Counts(1, 0, 2, ["a: not here", "b: not here"]))
            self.assertFalse(first.skipped_whole)
            self.assertEqual(second.counts.failed, 1)

    def test_a_failing_program_is_shown(self):
        stream = io.StringIO()
        count_results.collect("gcc", log(entry("FAIL", "it was red\n", "it was blue\n")), 1, 1.0, stream)
        self.assertIn("it was red", stream.getvalue())
        self.assertIn("it was blue", stream.getvalue())


class Report(unittest.TestCase):
    def report(self, *stages):
        stream = io.StringIO()
        code = count_results.report(list(stages), stream)
        return code, stream.getvalue()

    def test_it_ends_with_the_counts_of_all_stages(self):
        code, text = self.report(count_results.Stage("a", Counts(3)), count_results.Stage("b", Counts(4)))
        self.assertEqual(code, 0)
        self.assertEqual(text.splitlines()[-1], "7 passed, 0 failed")

    def test_a_failure_gives_a_bad_exit_code(self):
        code, text = self.report(count_results.Stage("a", Counts(3)), count_results.Stage("b", Counts(4, 1)))
        self.assertEqual(code, 1)
        self.assertEqual(text.splitlines()[-1], "7 passed, 1 failed")

    def test_what_was_skipped_is_named_and_counted(self):
        skipped = count_results.Stage("tidy", Counts(skipped=1, reasons=["no clang-tidy"]), skipped_whole=True)
        code, text = self.report(count_results.Stage("a", Counts(3)), skipped)
        self.assertEqual(code, 0)
        self.assertIn("SKIPPED tidy: no clang-tidy", text)
        self.assertEqual(text.splitlines()[-1], "3 passed, 0 failed, 1 skipped")

    def test_tests_skipped_for_the_same_reason_are_listed_under_it(self):
        reasons = ["a: no ring", "b: no ring", "c: it is: no screen"]
        text = self.report(count_results.Stage("gcc", Counts(1, 0, 3, reasons)))[1]
        self.assertIn("  SKIPPED gcc: 2 tests: no ring\n      a\n      b\n  SKIPPED gcc: c: it is: no screen\n", text)

    def test_a_failure_is_told_again_just_above_the_table(self):
        out = f"{RULE}\nthe first case\n{RULE}\nf.cpp:3: FAILED:\n  CHECK( sky )\nwith expansion:\n  false\n"
        for failed, said in ((entry("FAIL", "noise\n" * 300 + out + "noise\n" * 300), ["the first case", "CHECK( sky )"]),
                             (entry("FAIL", "", "x\nWARNING: ThreadSanitizer: data race\n  of two\n" + "y\n" * 90),
                              ["data race", "of two"]),
                             (entry("TIMEOUT", "began\n", "waits\n"), ["began", "waits"]),
                             (entry("FAIL"), ["it said nothing"])):
            text = self.report(collect(failed, status=1))[1]
            end = text.splitlines()[-50:]
            for words in said:
                self.assertTrue(any(words in line for line in end), (words, text))

    def test_a_stage_of_its_own_tells_what_its_log_ended_with(self):
        with tempfile.TemporaryDirectory() as folder:
            log_name, results = os.path.join(folder, "log"), os.path.join(folder, "results")
            with open(log_name, "w", encoding="utf-8") as file:
                file.write("the last words\n")
            subprocess.run([sys.executable, count_results.__file__, "add", results, "format", "--failed", "1", "--log",
                            log_name], check=True)
            self.assertIn("| the last words", self.report(*count_results.read_stages(results))[1])

    def test_nothing_at_all_is_a_failure(self):
        self.assertEqual(self.report()[0], 1)
        self.assertEqual(self.report(count_results.Stage("a", Counts(skipped=2), skipped_whole=True))[0], 1)

    def test_the_matrix_is_printed_once_and_differences_by_stage(self):
        table = "noise\nMATRIX BEGIN\ndriver monitor\nnative epoll ok\nMATRIX END\nnoise\n"
        other = table.replace("ok", "FAILED")
        stages = [count_results.collect(name, log(entry(stdout=out)), 0, 1.0, io.StringIO())
                  for name, out in (("gcc", table), ("clang", table), ("seed", other))]
        text = self.report(*stages)[1]
        self.assertEqual(text.count("native epoll ok"), 1)
        self.assertEqual(text.count("native epoll FAILED"), 1)
        self.assertEqual(text.count("driver monitor"), 2)
        self.assertNotIn("noise", text)


class Targets(unittest.TestCase):
    def test_what_the_chosen_suites_need_is_named_once_and_seen_from_the_build_folder(self):
        introspection = {
            "targets": [
                {"id": "a@exe", "filename": ["/somewhere/build/tests/a"]},
                {"id": "b@exe", "filename": ["/somewhere/build/tests/b"]},
                {"id": "unused@exe", "filename": ["/somewhere/build/unused"]},
            ],
            "tests": [
                {"name": "a", "suite": ["nestling:unit"], "depends": ["a@exe"]},
                {"name": "a again", "suite": ["nestling:unit"], "depends": ["a@exe"]},
                {"name": "b", "suite": ["nestling:proof"], "depends": ["b@exe"]},
            ],
        }
        self.assertEqual(count_results.targets(introspection, "/somewhere/build", ["proof"]), ["tests/a"])
        self.assertEqual(count_results.targets(introspection, "/somewhere/build"), ["tests/a", "tests/b"])


class Select(unittest.TestCase):
    TESTS = [
        {"name": "every fd: ready", "suite": ["nestling:contract"]},
        {"name": "layers", "suite": ["nestling:lint"]},
    ]

    def test_a_filter_looks_at_suite_and_name(self):
        self.assertEqual(count_results.select(self.TESTS, ["contract"]), [":every fd: ready"])
        self.assertEqual(count_results.select(self.TESTS, ["layer", "ready"]), [":every fd: ready", ":layers"])
        self.assertEqual(count_results.select(self.TESTS, ["none"]), [])

    def test_no_filter_means_everything(self):
        self.assertEqual(count_results.select(self.TESTS, []), [":every fd: ready", ":layers"])

    def test_an_excluded_suite_never_runs(self):
        self.assertEqual(count_results.select(self.TESTS, [], ["lint"]), [":every fd: ready"])
        self.assertEqual(count_results.select(self.TESTS, ["layers"], ["lint"]), [])

    def test_only_some_suites_can_be_asked_for(self):
        self.assertEqual(count_results.select(self.TESTS, [], only=["lint"]), [":layers"])
        self.assertEqual(count_results.select(self.TESTS, ["ready"], only=["lint"]), [])
        self.assertEqual(count_results.select(self.TESTS, [], ["lint"], ["lint"]), [])


if __name__ == "__main__":
    unittest.main()
