"""
Tables of a plan that was changed: who works otherwise and why, and what it costs.
"""

from __future__ import annotations

from collections.abc import Sequence

from wfm.domain.changes import Change
from wfm.domain.outcome import Cost
from wfm.domain.roster import Duty
from wfm.domain.timegrid import Grid
from wfm.reporting import words
from wfm.reporting.table import Table, make_table


def changes_table(title: str, changes: Sequence[Change], grid: Grid) -> Table:
    """
    Every changed person-day: what it was, what it is, why.
    """
    rows = [
        (
            one.agent,
            words.day(grid.date(one.day)),
            _shift(one.before, grid),
            _after(one, grid),
            one.why,
        )
        for one in changes
    ]
    own = words.count(sum(not one.given for one in changes), "person-day")
    given = sum(one.given for one in changes)
    note = f"{own} changed by the planner, beside {given} that were asked for."
    return make_table(title, ("agent", "day", "before", "now", "why"), "lllll", rows, note)


def _shift(duty: Duty | None, grid: Grid) -> str:
    return "off" if duty is None else words.span(grid, duty.start, duty.end)


def _after(one: Change, grid: Grid) -> str:
    told = _shift(one.after, grid)
    if one.before is not None and one.after is not None and told == _shift(one.before, grid):
        return "the same hours, breaks or activities moved"
    return told


def price_table(before: Cost, after: Cost) -> Table:
    """
    What the changes cost, part by part, against the roster before them.
    """
    parts = [
        ("pay", before.pay, after.pay),
        ("wishes refused", before.wishes, after.wishes),
        ("shortfall", before.shortfall, after.shortfall),
        (
            "all",
            before.pay + before.wishes + before.shortfall,
            after.pay + after.wishes + after.shortfall,
        ),
    ]
    rows = [
        (name, words.money(old), words.money(new), words.money(new - old))
        for name, old, new in parts
    ]
    return make_table("What it costs", ("", "before", "now", "difference"), "lrrr", rows)
