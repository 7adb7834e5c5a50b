"""
Numbers, times and dates as people read them: each with its unit, none rounded to a lie.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from wfm.domain.money import Cents, units

if TYPE_CHECKING:  # a calculator that needs words loads no numpy
    from wfm.domain.timegrid import Grid, Minutes

NOTHING = "–"  # what stands in a cell where there is no figure
THIN = "\u00a0"  # a space at which no line breaks, before a unit


def number(value: float, digits: int = 0) -> str:
    """
    A number with thousands apart: ``1,234.5``; a dash for NaN.

    >>> number(1234.56, 1)
    '1,234.6'
    """
    if not math.isfinite(value):
        return NOTHING
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text


def percent(share: float, digits: int = 1) -> str:
    """
    A share as per cent, cut and not rounded below a whole: 0.9996 is not 100 %.

    >>> percent(0.9996)
    '99.9\\xa0%'
    """
    if not math.isfinite(share):
        return NOTHING
    scale = 10**digits
    scaled = share * 100 * scale
    rounded = math.floor(scaled + 1e-6) if 0.99 <= share < 1 else round(scaled)
    return f"{rounded / scale:.{digits}f}{THIN}%"


def money(amount: Cents, currency: str = "") -> str:
    """
    Cents as ``1,234.50``, with the currency behind it where one is known.
    """
    text = units(amount)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, cents = text.partition(".")
    return f"{sign}{int(whole):,}.{cents}" + (f"{THIN}{currency}" if currency else "")


def hours(minutes: float, digits: int = 1) -> str:
    """
    Minutes as hours: ``7.5``.
    """
    return number(minutes / 60, digits)


def day(moment: date) -> str:
    """
    ``Sun 28 Feb``: a date of the horizon, whose year the page's head says.
    """
    return f"{moment:%a} {moment.day} {moment:%b}"


def long_day(moment: date) -> str:
    """
    ``Sunday 28 February 1999``.
    """
    return f"{moment:%A} {moment.day} {moment:%B %Y}"


def clock(grid: Grid, minute: Minutes) -> str:
    """
    ``07:30``: the wall clock at a minute of the horizon.
    """
    return f"{grid.local(minute):%H:%M}"


def span(grid: Grid, start: Minutes, end: Minutes) -> str:
    """
    ``16:00–00:30``; an end on another day keeps the plain clock time.
    """
    return f"{clock(grid, start)}–{clock(grid, end)}"


def weeks(grid: Grid) -> str:
    """
    The horizon in words: ``Sunday 28 February to Saturday 6 March 1999``.
    """
    last = grid.date(grid.days - 1)
    if grid.days == 1:
        return long_day(last)
    first = long_day(grid.first)
    if grid.first.year == last.year:
        first = first.rsplit(" ", 1)[0]
    return f"{first} to {long_day(last)}"


def count(n: int, noun: str, plural: str = "") -> str:
    """
    ``1 person``, ``2 people``: a number with its noun.

    >>> count(1, "person", "people"), count(2, "queue")
    ('1 person', '2 queues')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {plural or noun + 's'}"


def listed(names: Sequence[str], most: int = 6) -> str:
    """
    ``a, b and c``; a long list ends in how many more there are.
    """
    if not names:
        return "none"
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
