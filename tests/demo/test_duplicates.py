#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The duplicates that the program finds are those that sha256sum finds, whichever way they are delivered."""

import os
import random
import socket
import unittest

import support
from support import MODES, groups_by_sha256sum, groups_of, regular_files, search, settings, unescape

SYSTEM_FOLDERS = ("/usr/share/doc", "/usr/include", "/usr/lib")
# Around the sizes at which the program reads in another way: a block, the prefix, and where prefixes begin to pay.
SIZES = (0, 1, 100, 16384, 16385, 131071, 131072, 131073, 300000)
STRANGE_NAMES = (b"latin1-\xe9t\xe9", b"not \xff\xfe utf8", b"new\nline", b"back\\slash", b"looks\\x41escaped", b"tab\there",
                 "\u65e5\u672c\u8a9e".encode(), b"half \xe6\x97", b"c1 \xc2\x85 control", b"-dash", b" ")


def fill(folder):
    """Many files with and without equals, and some that differ late or early only."""
    chance = random.Random(20)
    for number in range(400):
        size = chance.choice(SIZES)
        content = random.Random(chance.randrange(60)).randbytes(size)
        folder.write(f"many/{number % 7}/{number % 13}/file{number}", content)
    long = chance.randbytes(400000)
    folder.write("late/original", long)
    folder.write("late/copy", long)
    folder.write("late/differs in the last byte", long[:-1] + b"!")
    folder.write("late/differs in the first byte", b"!" + long[1:])
    folder.write("late/differs after the prefix", long[:20000] + b"!" + long[20001:])
    for name in STRANGE_NAMES:
        folder.write(b"strange/" + name, b"the same in all strange names")


class GeneratedTree(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = support.Folder()
        cls.addClassCleanup(cls.folder.remove)
        fill(cls.folder)
        cls.root = str(cls.folder.path)
        cls.reports = {mode: search(f"--mode={mode}", "--threads=3", cls.root) for mode in MODES}

    def test_the_groups_are_those_of_sha256sum(self):
        expected = groups_by_sha256sum(regular_files(self.root))
        self.assertGreater(len(expected), 50)
        for mode in MODES:
            with self.subTest(mode=mode):
                self.assertEqual(groups_of(self.reports[mode]), expected)

    def test_the_way_of_reading_is_told(self):
        self.assertRegex(self.reports["nestling"]["reading"], r"^(io_uring|threads) \(.+\)$")
        report = search("--mode=nestling", self.root, env={**os.environ, "NESTLING_IO": "threads"})
        self.assertTrue(report["reading"].startswith("threads ("), report["reading"])
        self.assertEqual(report["counts"]["errors"], 0, report["problems"])
        self.assertEqual(report["groups"], self.reports["nestling"]["groups"])

    def test_every_number_of_threads_and_every_monitor_gives_the_same_result(self):
        for arguments in (["--threads=1"], ["--threads=8"], ["--monitor=poll"]):
            with self.subTest(arguments=arguments):
                self.assertEqual(search(*arguments, self.root)["groups"], self.reports["nestling"]["groups"])

    def test_both_modes_report_the_same_groups_and_counts(self):
        first, second = (self.reports[mode] for mode in MODES)
        self.assertEqual(first["groups"], second["groups"])
        # How often the queue is full depends on who is faster.
        first, second = ({**report["counts"], "queue_full": None} for report in (first, second))
        self.assertEqual(first, second)

    def test_both_runs_one_after_the_other_are_reported(self):
        report = search("--both", self.root)
        self.assertEqual((report["mode"], report["other_mode"]["mode"]), MODES)
        self.assertEqual(groups_of(report), groups_of(self.reports["nestling"]))
        self.assertEqual(report["other_mode"]["counts"]["duplicates"], report["counts"]["duplicates"])

    def test_nothing_that_was_sent_is_lost(self):
        files = regular_files(self.root)
        for mode in MODES:
            counts, measured = self.reports[mode]["counts"], self.reports[mode]["measured"]
            with self.subTest(mode=mode):
                self.assertEqual(measured["sent"], measured["received"])
                self.assertEqual(measured["latency"]["samples"], measured["received"])
                self.assertGreater(counts["jobs"], 0)
                self.assertEqual(counts["jobs"], counts["jobs_done"])
                self.assertEqual(counts["files"], len(files))
                self.assertEqual(counts["bytes"], sum(os.path.getsize(file) for file in files))
                self.assertEqual((counts["errors"], self.reports[mode]["problems"]), (0, []))

    def test_no_timer_is_early(self):
        for mode in MODES:
            measured = self.reports[mode]["measured"]
            self.assertEqual(measured["timers_early"], 0)
            self.assertGreaterEqual(measured["timer_100us_lateness"]["samples"], 200)

    def test_there_is_at_most_one_wake_write_per_sleep(self):
        measured = self.reports["nestling"]["measured"]
        self.assertGreater(measured["wake_writes"], 0)
        if settings.protocol == "oneword":
            self.assertLessEqual(measured["wake_writes"], measured["sleeps"])

    def test_the_sums_are_those_of_the_groups(self):
        report = self.reports["nestling"]
        self.assertEqual(report["counts"]["groups"], len(report["groups"]))
        self.assertEqual(report["counts"]["duplicates"], sum(len(group["files"]) for group in report["groups"]))
        for group in report["groups"]:
            self.assertEqual(group["wasted_bytes"], group["size"] * (len(group["files"]) - 1))
        wasted = [group["wasted_bytes"] for group in report["groups"]]
        self.assertEqual(wasted, sorted(wasted, reverse=True))
        self.assertEqual(report["counts"]["wasted_bytes"], sum(wasted))

    def test_names_of_any_bytes_come_back_byte_by_byte(self):
        group = next(group for group in self.reports["nestling"]["groups"] if group["size"] == 29)
        names = [unescape(file["names"][0]) for file in group["files"]]
        self.assertEqual(sorted(map(os.path.basename, names)), sorted(STRANGE_NAMES))

    def test_text_shows_the_same_names_on_one_line_each(self):
        text = support.run("--terminal", self.root + "/strange").out.decode("utf-8")
        shown = {unescape(line.strip()) for line in text.splitlines() if line.startswith("    /")}
        expected = {os.path.join(os.fsencode(self.root), b"strange", name) for name in STRANGE_NAMES}
        self.assertEqual({name.rstrip() for name in shown}, {name.rstrip() for name in expected})

    def test_files_below_the_least_size_are_left_out(self):
        report = search("--min-size=16385", self.root)
        files = [file for file in regular_files(self.root) if os.path.getsize(file) >= 16385]
        self.assertEqual(groups_of(report), groups_by_sha256sum(files))
        self.assertEqual(report["counts"]["too_small"], report["counts"]["files"] - len(files))


class FullQueue(unittest.TestCase):
    def test_what_the_queue_refuses_is_read_later(self):
        folder = support.Folder()
        self.addCleanup(folder.remove)
        # In one folder, so that one batch of the walk brings more files than the queue takes.
        for number in range(300):
            folder.write(f"file{number}", b"content")
        for mode in MODES:
            report = search(f"--mode={mode}", "--threads=1", str(folder.path))
            with self.subTest(mode=mode):
                self.assertGreater(report["counts"]["queue_full"], 0)
                self.assertEqual(report["counts"]["jobs_done"], 300)
                self.assertEqual([len(group["files"]) for group in report["groups"]], [300])


class SystemFolder(unittest.TestCase):
    def test_the_groups_of_a_system_folder_are_those_of_sha256sum(self):
        root = next(folder for folder in SYSTEM_FOLDERS if os.path.isdir(folder) and len(regular_files(folder)) > 100)
        expected = groups_by_sha256sum(regular_files(root))
        for mode in MODES:
            with self.subTest(mode=mode, root=root):
                result = support.run("--terminal", "--json", f"--mode={mode}", root)
                self.assertEqual(groups_of(result.json), expected)
                self.assertEqual(result.code, 1 if result.json["counts"]["errors"] else 0)
                self.assertEqual(result.json["measured"]["sent"], result.json["measured"]["received"])


class Links(unittest.TestCase):
    def setUp(self):
        self.folder = support.Folder()
        self.addCleanup(self.folder.remove)
        self.root = str(self.folder.path)

    def names(self, report):
        return [sorted(sorted(os.path.relpath(unescape(name).decode(), self.root) for name in file["names"])
                       for file in group["files"]) for group in report["groups"]]

    def test_hard_links_are_one_file_and_no_duplicates_of_themselves(self):
        os.link(self.folder.write("alone", b"alone"), self.folder.path / "alone too")
        self.assertEqual(search(self.root)["groups"], [])
        os.link(self.folder.write("a", b"content"), self.folder.path / "b")
        self.folder.write("c", b"content")
        report = search(self.root)
        self.assertEqual(self.names(report), [[["a", "b"], ["c"]]])
        self.assertEqual(report["counts"]["wasted_bytes"], len(b"content"))

    def test_symbolic_links_are_counted_and_not_followed(self):
        self.folder.write("real", b"content")
        (self.folder.path / "link").symlink_to("real")
        outside = support.Folder()
        self.addCleanup(outside.remove)
        outside.write("copy", b"content")
        (self.folder.path / "folder").symlink_to(outside.path)
        report = search(self.root)
        self.assertEqual((report["groups"], report["counts"]["skipped"]["links"]), ([], 2))
        followed = search("--follow", self.root)
        self.assertEqual(self.names(followed), [[["folder/copy"], ["link", "real"]]])

    def test_a_link_that_is_asked_for_is_followed(self):
        self.folder.write("real/a", b"content")
        self.folder.write("real/b", b"content")
        (self.folder.path / "link").symlink_to("real")
        self.assertEqual(self.names(search(self.root + "/link")), [[["link/a"], ["link/b"]]])

    def test_loops_of_links_end_and_are_noted(self):
        self.folder.write("a/one", b"content")
        self.folder.write("b/two", b"content")
        (self.folder.path / "a" / "up").symlink_to("..")
        (self.folder.path / "a" / "self").symlink_to("self")
        (self.folder.path / "b" / "other").symlink_to("../a")
        (self.folder.path / "b" / "nowhere").symlink_to("nothing")
        report = search("--follow", self.root)
        found = [[os.path.basename(names[0]) for names in group] for group in self.names(report)]
        self.assertEqual([sorted(names) for names in found], [["one", "two"]])
        self.assertEqual(report["counts"]["folders"], 3)
        texts = sorted(problem["text"] for problem in report["problems"])
        self.assertEqual([problem["kind"] for problem in report["problems"]], ["note"] * 4)
        self.assertIn("a link that leads nowhere", texts)
        self.assertIn("a link that leads back to itself: a loop, not followed", texts)
        self.assertTrue(any(text.startswith(f"leads back to {self.root}: a loop") for text in texts), texts)

    def test_folders_that_overlap_are_walked_once(self):
        self.folder.write("inner/a", b"content")
        self.folder.write("b", b"content")
        report = search(self.root, self.root + "/inner", self.root)
        self.assertEqual(self.names(report), [[["b"], ["inner/a"]]])
        self.assertEqual((report["counts"]["files"], report["counts"]["notes"]), (2, 2))

    def test_special_files_are_counted_and_not_read(self):
        os.mkfifo(self.folder.path / "fifo")
        os.mkfifo(self.folder.path / "another fifo")
        with socket.socket(socket.AF_UNIX) as endpoint:
            endpoint.bind(str(self.folder.path / "socket"))
        self.folder.write("a", b"")
        self.folder.write("b", b"")
        result = support.run("--terminal", "--json", self.root)
        self.assertEqual(result.code, 0)
        self.assertEqual(result.json["counts"]["skipped"], {"links": 0, "fifos": 2, "sockets": 1, "devices": 0})
        self.assertIn("left out: 2 fifos, 1 socket", result.err)
        self.assertEqual(self.names(result.json), [[["a"], ["b"]]])


if __name__ == "__main__":
    support.main()
