"""
The report: complete in itself, harmless, the same every time, fit for large teams.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
import sample

from wfm.reporting.pages import page

HOSTILE = '<script>alert("x")</script>$\\alpha$"\'&'
VOID = {"meta", "br", "hr", "img", "input", "link", "rect", "line", "use", "path", "circle"}


class Reader(HTMLParser):
    """
    Notes tags, ids, addresses, and whether every element is closed.
    """

    def __init__(self):
        super().__init__()
        self.tags, self.ids, self.links, self.open = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [
            value for name, value in attrs if name in ("href", "src", "xlink:href", "action")
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def read(text):
    reader = Reader()
    reader.feed(text)
    return reader


@pytest.fixture(scope="module")
def report():
    return page(sample.results())


def test_every_element_is_closed(report):
    """
    Elements nest, and none stays open.
    """
    assert read(report).open == []


def test_ids_differ(report):
    """
    No two elements share an id, drawings included.
    """
    ids = read(report).ids

    assert len(set(ids)) == len(ids)


def test_loads_nothing(report):
    """
    No address leaves the page: links point into it, no script, nothing to fetch.
    """
    reader = read(report)

    assert "://" not in report
    assert all(link.startswith("#") for link in reader.links)
    assert not {"script", "link", "img", "iframe", "object"} & set(reader.tags)
    assert "@import" not in report
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", report))


def test_links_lead_somewhere(report):
    """
    Every link's target is on the page.
    """
    reader = read(report)

    assert {link[1:] for link in reader.links} <= set(reader.ids)


def test_same_bytes(report):
    """
    The same results give the same page.
    """
    assert page(sample.results()) == report


def test_no_clock(report):
    """
    The page bears the date of the plan and no other.
    """
    years = set(re.findall(r"\b(?:19|20)\d\d-\d\d-\d\d\b", report))

    assert years == {"1999-02-27"}


def test_hostile_names():
    """
    Names of queues, people and the centre are text, whatever they hold.
    """
    results = replace(sample.results(3, [HOSTILE, "b"], HOSTILE), title=HOSTILE)

    text = page(results)
    reader = read(text)

    assert "<script" not in text
    assert "script" not in reader.tags
    assert reader.open == []
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("names", [["客服", "café"], ["]]>", "--><b>"], ["a" * 200, "b"]])
def test_strange_names(names):
    """
    Other scripts, ends of comments and very long names make a sound page.
    """
    assert read(page(sample.results(2, names))).open == []


def test_says_what_is_missing():
    """
    Without verdict, history and backtest there is a page, and it says what it lacks.
    """
    bare = replace(sample.results(3), verdict=None, history=None, backtest=None)

    text = page(bare)

    assert "The plan was not verified" in text
    assert "No backtest is shown" in text
    assert "Every check passed" not in text


def test_headline(report):
    """
    A missed promise stands at the top; a sound plan says that it is one.
    """
    results = sample.results()
    sound = replace(results, verdict=replace(results.verdict, reasons=(), violations=()))

    assert "A promise or a soft limit is missed." in report
    assert "Every check passed." in page(sound)


def test_illness_is_nobodys_business(report):
    """
    An absence is only that: the page does not say why somebody is away.
    """
    assert "absent" in report
    assert "sick" not in report


def test_refused_wish_has_its_reason(report):
    """
    A refused wish names its price and what cover would be without the shift.
    """
    assert "wished for a day off: refused, at a price of 5.00" in report.replace("\u00a0", " ")
    assert "without this shift" in report


def test_nobody_works():
    """
    A roster without people still makes a page.
    """
    assert read(page(sample.results(0))).open == []


def test_several_weeks():
    """
    A horizon of four weeks makes a page.
    """
    assert "27 March 1999" in page(sample.results(3, days=28))


def test_nothing_simulated_on_a_closed_day():
    """
    A queue without contacts, whose shares are not numbers, makes a page without warnings.
    """
    results = sample.results(2)
    simulation = results.verdict.simulation
    queues = {
        name: replace(queue, occupancy=np.full_like(queue.occupancy, np.nan), kept={})
        for name, queue in simulation.queues.items()
    }
    verdict = replace(results.verdict, simulation=replace(simulation, queues=queues))

    assert read(page(replace(results, verdict=verdict))).open == []


def test_commands_exist(report):
    """
    The page sends readers only to commands that are there.
    """
    from wfm.commands import Commands

    named = set(re.findall(r"wfm ([a-z]+)", report))

    assert named
    assert named <= set(Commands().list_commands(None))


def test_many_queues():
    """
    Nine queues, more than fit side by side, make a page.
    """
    names = [f"queue {at}" for at in range(9)]

    assert read(page(sample.results(5, names))).open == []


def test_large_team():
    """
    1,300 people in 15-minute intervals: under 20 s and 15 MB.
    """
    results = sample.results(1300, interval=15)
    begun = time.process_time()

    text = page(results)

    assert time.process_time() - begun < 20
    assert len(text.encode()) < 15_000_000
