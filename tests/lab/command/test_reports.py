#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""JUnit XML, the page and JSON: well formed whatever the sources say, and the same in each run."""

import html.parser
import json
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import support
from support import check, settings

EMPTY = {"meta"}


class Page(html.parser.HTMLParser):
    """Checks that elements are closed in order, and keeps what the tests ask for."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.text, self.ids, self.links = [], [], "", set(), []

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        values = dict(attrs)
        if "id" in values:
            self.ids.add(values["id"])
        if "href" in values:
            self.links.append(values["href"])
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            raise AssertionError(f"</{tag}> closes another element")

    def handle_data(self, data):
        self.text += data


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.first, cls.second = cls.write(), cls.write()

    @staticmethod
    def write():
        with tempfile.TemporaryDirectory() as folder:
            names = ("junit", "html", "json")
            paths = {name: str(Path(folder) / name) for name in names}
            done = check("bad", "--timeout=0.5", "--subject=error", "--subject=crash", '--subject=<good> & "well"',
                         "--subject=null", *(f"--{name}={path}" for name, path in paths.items()))
            texts = {name: Path(path).read_text(encoding="utf-8") for name, path in paths.items()}
        texts["text"] = done.stdout
        return texts

    def test_two_runs_write_the_same(self):
        self.assertEqual(self.first, self.second)

    def test_junit_is_xml_that_counts_right(self):
        suites = {suite.get("name"): suite for suite in ElementTree.fromstring(self.first["junit"]).iter("testsuite")}
        self.assertEqual(list(suites), ["null", "crash", "error", '<good> & "well"'])
        for suite in suites.values():
            counted = {"tests": len(suite.findall("testcase")), "failures": len(suite.findall("testcase/failure")),
                       "errors": len(suite.findall("testcase/error")), "skipped": len(suite.findall("testcase/skipped"))}
            self.assertEqual({name: int(suite.get(name)) for name in counted}, counted)
        self.assertEqual(len(suites["null"].findall("testcase/failure")), 1)
        self.assertEqual(len(suites['<good> & "well"'].findall("testcase")), 24)
        message = suites["error"].find("testcase/error").get("message")
        self.assertTrue(message.endswith('the queue is on <fire> & "burns"\ufffd'), message)

    def test_the_page_is_whole_and_alone(self):
        page = Page()
        page.feed(self.first["html"])
        page.close()
        self.assertEqual(page.open, [])
        self.assertFalse({"script", "link", "img", "iframe"} & set(page.elements))
        self.assertIn('the queue is on <fire> & "burns"\ufffd', page.text)
        self.assertTrue(page.links)
        self.assertLessEqual({link[1:] for link in page.links}, page.ids)
        self.assertEqual(page.elements.count("details"), 27)
        self.assertIn("prefers-color-scheme: dark", self.first["html"])

    def test_json_has_the_library_and_each_case(self):
        report = json.loads(self.first["json"])
        self.assertEqual(report["library"], settings.libraries["bad"])
        self.assertEqual([len(source["results"]) for source in report["sources"]], [1, 1, 1, 24])

    def test_a_report_that_cannot_be_written_is_an_error(self):
        done = check("planted", "--subject=queue", "--case=1", "--html=/nonexistent/page.html")
        self.assertEqual(done.returncode, 2)
        self.assertIn("/nonexistent/page.html cannot be written", done.stderr)


if __name__ == "__main__":
    support.main()
