"""
Pictures in plain text.
"""

from __future__ import annotations

import pytest
import sample

from wfm.reporting import terminal


@pytest.fixture(scope="module")
def results():
    return sample.results(6)


def every_text(results, **options):
    yield terminal.forecast_text(results.forecast, **options)
    yield terminal.requirement_text(results.requirement, results.plan.cover, **options)
    yield terminal.roster_text(results.plan.roster, **options)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_fits(results, width):
    """
    No line is wider than the terminal.
    """
    for text in every_text(results, width=width):
        assert max(map(len, text.splitlines())) <= width


def test_ascii(results):
    """
    A terminal without block characters gets a picture too.
    """
    for text in every_text(results, ascii_only=True):
        assert text.isascii()
        assert "?" not in text


def test_roster_letters(results):
    """
    A letter stands for a queue, a dot for a break, and the legend says so.
    """
    text = terminal.roster_text(results.plan.roster)

    assert "b banking, s stocks, · break" in text
    assert "bbbb·" in text


def test_letters_differ():
    """
    Queues of the same first letter get different ones.
    """
    letters = terminal._letters(["orders", "order status", "öl", "o"])

    assert len(set(letters.values())) == 4


def test_short_is_marked(results):
    """
    Where cover is below the requirement an exclamation mark stands under it.
    """
    text = terminal.requirement_text(results.requirement, results.plan.cover)

    assert "!" in text
    assert "!" not in terminal.requirement_text(results.requirement)


def test_bars_reach_the_top(results):
    """
    The largest value has the highest bar, an empty interval none.
    """
    text = terminal.forecast_text(results.forecast)

    assert "█" in text
    assert "the highest bar is" in text


def test_empty_roster(results):
    """
    A roster without duties says so.
    """
    roster = sample.roster(results.plan.roster.grid, ["banking"], 0)

    assert "nobody works" in terminal.roster_text(roster)
