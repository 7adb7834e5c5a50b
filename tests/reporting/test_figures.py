"""
Pictures: sound, labelled, and the same every time.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date

import numpy as np
import pytest
import sample

from wfm.domain.timegrid import Grid
from wfm.reporting import figures
from wfm.reporting.pages.inlining import inline


@pytest.fixture(scope="module")
def results():
    return sample.results(4)


def drawn(results):
    yield figures.forecast_figure(results.forecast, results.history, "banking")
    yield figures.daily_figure(results.forecast, results.history)
    yield figures.cover_figure(results.requirement, results.plan.cover)
    yield figures.promise_figure(
        results.verdict, results.requirement, results.plan.cover, ["banking", "stocks"]
    )
    yield figures.cost_figure(results.costs, "ILS")


def test_sound_and_the_same(results):
    """
    Every picture is XML, and the same bytes when it is drawn again.
    """
    first = list(drawn(results))

    for svg in first:
        assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert list(drawn(results)) == first


def test_no_stamp(results):
    """
    No picture bears a date of making or the name of its program.
    """
    for svg in drawn(results):
        assert "<metadata" not in svg
        assert "dc:date" not in svg
        assert "matplotlib.org" not in svg


@pytest.mark.parametrize(
    ("at", "label"),
    [
        (0, "contacts per 30 min"),
        (1, "contacts per day"),
        (2, "people"),
        (3, "share of contacts, %"),
        (4, "cost, ILS"),
    ],
)
def test_axes_have_units(results, at, label):
    """
    Every picture says what it counts, as text.
    """
    assert f">{label}</text>" in list(drawn(results))[at]


def test_dollars_are_no_formula(results):
    """
    A queue called ``$x$`` is written so.
    """
    made = sample.results(2, ["$x_1$"])

    assert ">$x_1$</text>" in figures.cover_figure(made.requirement, made.plan.cover)


def test_nights_take_no_room():
    """
    Two days open for 24 half-hours each lie side by side, 48 wide.
    """
    grid = Grid(sample.FIRST, 2, 30, sample.ZONE)
    axis = figures._open_axis(grid, {"a": sample.opened(grid)})

    assert list(axis.days()) == [(0, 0, 24), (1, 24, 48)]


def test_stairs_break_between_days():
    """
    A step line has two points an interval, and a gap after each day.
    """
    grid = Grid(sample.FIRST, 1, 30, sample.ZONE)
    axis = figures._Axis(grid, np.array([16, 17]))
    values = np.zeros(grid.n)
    values[17] = 5

    xs, ys = axis.stairs(values)

    assert xs[:4].tolist() == [0, 1, 1, 2]
    assert ys[:4].tolist() == [0, 0, 5, 5]
    assert np.isnan(xs[4])


def test_past_weeks_are_the_same_weekdays():
    """
    Behind Sunday 10:00 stand the counts of the four Sundays before at 10:00.
    """
    seen = sample.history(["a"])
    grid = Grid(date(1999, 2, 28), 7, 30, sample.ZONE)
    at = 20  # Sunday 10:00

    weeks = figures._past_weeks(grid, seen, "a")

    expected = [seen.queues["a"].contacts[48 * 7 * (6 - back) + at] for back in (1, 2, 3, 4)]
    assert [week[at] for week in weeks] == expected


def test_inlined_names_do_not_clash(results):
    """
    On a page every id has its picture's prefix, colours are the page's, and no address is left.
    """
    svg = figures.cost_figure(results.costs)

    text = inline(svg, "one", 'a "picture" <of> costs')

    assert ' id="figure_1"' not in text
    assert ' id="one-figure_1"' in text
    assert "var(--plan)" in text
    assert "://" not in text
    assert 'aria-label="a &quot;picture&quot; &lt;of&gt; costs"' in text
