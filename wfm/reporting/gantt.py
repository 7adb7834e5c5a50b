"""
Who works when, as lanes: one a person and day, with blocks in minutes of the day.

Only places and lengths: a page or a terminal draws them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wfm.domain.roster import Block, Duty, Roster, Tour
from wfm.domain.timegrid import Grid, Minutes
from wfm.domain.workforce import WishKind
from wfm.reporting import facts, words

PALETTE = 8  # colours for queues; a ninth queue takes the first again


@dataclass(frozen=True, slots=True)
class Bar:
    """
    One block in a lane: ``start`` in minutes from the day's left edge.

    ``look`` names its drawing: ``q0`` to ``q7`` for queues, ``pause`` for a break,
    ``other`` for paid work off contacts. ``second`` is the look of the second queue
    that a block serves, or empty.
    """

    start: Minutes
    minutes: Minutes
    look: str
    second: str = ""


@dataclass(frozen=True)
class Lane:
    """
    One person's day: ``kind`` is ``duty``, ``absent`` or ``off`` (a wished-for free day).
    """

    agent: str
    bars: tuple[Bar, ...]
    hint: str
    mark: str = ""
    kind: str = "duty"


@dataclass(frozen=True)
class Tick:
    """
    An hour line: minutes from the left edge, and the clock time it shows.
    """

    at: Minutes
    label: str


@dataclass(frozen=True)
class Day:
    """
    All lanes of one day; ``minutes`` is the width of its picture.
    """

    date: date
    title: str
    minutes: Minutes
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    free: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """
    The days of a roster, and what each look means.
    """

    days: tuple[Day, ...]
    legend: tuple[tuple[str, str], ...]


def chart(roster: Roster, queues: Sequence[str]) -> Chart:
    """
    The lanes of every day, earliest start first, then who is absent.

    Parameters
    ----------
    queues
        Names in the order of their colours.
    """
    looks = {name: f"q{at % PALETTE}" for at, name in enumerate(queues)}
    by_day = facts.duties_by_day(roster)
    people = {fact.agent: fact for fact in facts.people(roster)}
    clock = window(roster.grid, by_day)
    days = tuple(
        _day(roster, number, by_day.get(number, []), looks, people, clock)
        for number in range(roster.grid.days)
    )
    others = sorted(
        {
            block.activity.name
            for duties in by_day.values()
            for _, duty in duties
            for block in duty.blocks
            if not block.queues and block.activity.work
        }
    )
    legend = list(legend_of(queues))
    legend += [("other", words.listed(others))] if others else []
    return Chart(days, (*legend, ("pause", "break")))


def own_chart(tour: Tour, grid: Grid, queues: Sequence[str]) -> Day:
    """
    One person's horizon: a lane a day, in the order of days.
    """
    looks = {name: f"q{at % PALETTE}" for at, name in enumerate(queues)}
    fact = facts.person(tour)
    by_day = facts.duties_by_day(Roster(grid, (tour,)))
    left, right = window(grid, by_day)
    lanes = []
    for number in range(grid.days):
        label, mark = words.day(grid.date(number)), wish_mark(fact, number)
        edge = int(grid.midnights[number]) + left
        duties = [duty for _, duty in by_day.get(number, [])]
        bars = tuple(_bar(block, edge, looks) for duty in duties for block in duty.blocks)
        said = "; ".join(hint(tour, duty, grid) for duty in duties)
        kind = "duty" if duties else "absent" if facts.absent(tour, number) else "off"
        lanes.append(Lane(label, bars, said or label, mark, kind))
    ticks = tuple(
        Tick(minute - left, f"{minute // 60 % 24:02d}") for minute in range(left, right + 1, 60)
    )
    return Day(grid.first, tour.agent, right - left, ticks, tuple(lanes), ())


def legend_of(queues: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """
    The look of each queue.
    """
    return tuple((f"q{at % PALETTE}", name) for at, name in enumerate(queues))


def _day(
    roster: Roster,
    number: int,
    duties: Sequence[tuple[Tour, Duty]],
    looks: dict[str, str],
    people: dict[str, facts.PersonFacts],
    clock: tuple[Minutes, Minutes],
) -> Day:
    grid = roster.grid
    left, right = (int(grid.midnights[number]) + edge for edge in clock)
    lanes = [
        Lane(
            agent=tour.agent,
            bars=tuple(_bar(block, left, looks) for block in duty.blocks),
            hint=hint(tour, duty, grid),
            mark=wish_mark(people[tour.agent], duty.day),
        )
        for tour, duty in duties
    ]
    working = {tour.agent for tour, _ in duties}
    absent = [tour for tour in roster if tour.agent not in working and facts.absent(tour, number)]
    lanes += [
        Lane(
            tour.agent, (), f"{tour.agent}: absent", wish_mark(people[tour.agent], number), "absent"
        )
        for tour in absent
    ]
    away = working | {tour.agent for tour in absent}
    free = [
        f"{tour.agent}{f' ({mark})' if (mark := wish_mark(people[tour.agent], number)) else ''}"
        for tour in roster
        if tour.agent not in away
    ]
    ticks = tuple(
        Tick(minute - left, words.clock(grid, minute)) for minute in range(left, right + 1, 60)
    )
    moment = grid.date(number)
    return Day(moment, words.long_day(moment), right - left, ticks, tuple(lanes), tuple(free))


def window(
    grid: Grid, by_day: Mapping[int, Sequence[tuple[Tour, Duty]]]
) -> tuple[Minutes, Minutes]:
    """
    Whole hours after midnight that hold every duty of every day, so that all days align.
    """
    edges = [
        edge - int(grid.midnights[number])
        for number, duties in by_day.items()
        for _, duty in duties
        for edge in (duty.start, duty.end)
    ]
    if not edges:
        return 480, 1080
    return min(edges) // 60 * 60, -(-max(edges) // 60) * 60


def _bar(block: Block, left: Minutes, looks: dict[str, str]) -> Bar:
    known = [looks[name] for name in block.queues if name in looks]
    look = "other" if block.activity.work else "pause"
    if block.activity.on_contacts:
        look = known[0] if known else "other"
    second = known[1] if len(known) > 1 and known[1] != look else ""
    return Bar(block.start - left, block.minutes, look, second)


def hint(tour: Tour, duty: Duty, grid: Grid) -> str:
    """
    A duty in words: ``ada 07:00–15:30: banking 07:00–11:00, lunch 11:00–11:30, ...``.
    """
    parts = ", ".join(
        f"{block_words(block)} {words.span(grid, block.start, block.end)}" for block in duty.blocks
    )
    paid = words.hours(duty.paid, 2).rstrip("0").rstrip(".")
    return f"{tour.agent} {words.span(grid, duty.start, duty.end)} ({paid} h paid): {parts}"


def block_words(block: Block) -> str:
    """
    What somebody does in a block: the queues served, or the activity.
    """
    return "/".join(block.queues) if block.queues else block.activity.name


def wish_mark(fact: facts.PersonFacts, day: int) -> str:
    """
    ``off ✓`` or ``early ✗``: a wish of that day and whether it is granted.
    """
    marks = []
    for found in fact.wishes:
        if found.wish.day == day and found.granted is not None:
            name = found.wish.shape if found.wish.kind is WishKind.SHIFT else found.wish.kind.value
            marks.append(f"{name} {'✓' if found.granted else '✗'}")
    return ", ".join(marks)
