"""
Lanes of the roster's picture.
"""

from __future__ import annotations

from datetime import date

import sample

from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Absence, AbsenceKind, Agent, Person, Wish, WishKind
from wfm.reporting import gantt

GRID = Grid(date(1999, 3, 1), 2, 30)


def tour(agent, *blocks, **person) -> Tour:
    duties = (Duty(0, blocks),) if blocks else ()
    return Tour(Person(Agent(agent, sample.CONTRACT), **person), Calendar(GRID), duties)


def day_of(*tours, queues=("a", "b")) -> gantt.Day:
    return gantt.chart(Roster(GRID, tours), list(queues)).days[0]


def test_bars():
    """
    Work from 9:30 to 11 on two queues, then a pause: minutes from the left edge at 9:00.
    """
    day = day_of(
        tour(
            "ada",
            Block(570, 660, WORK, ("b", "a")),
            Block(660, 675, sample.PAUSE),
            Block(675, 700, WORK, ("a",)),
        )
    )

    assert day.lanes[0].bars == (
        gantt.Bar(30, 90, "q1", "q0"),
        gantt.Bar(120, 15, "pause"),
        gantt.Bar(135, 25, "q0"),
    )
    assert [tick.label for tick in day.ticks] == ["09:00", "10:00", "11:00", "12:00"]


def test_early_starts_come_first():
    """
    Lanes are sorted by start; who is absent comes last, who is free is named below.
    """
    day = day_of(
        tour("late", Block(700, 800, WORK, ("a",))),
        tour("early", Block(500, 800, WORK, ("a",))),
        tour("away", absences=(Absence(0, 1440, AbsenceKind.SICK),)),
        tour("free"),
    )

    assert [lane.agent for lane in day.lanes] == ["early", "late", "away"]
    assert day.free == ("free",)


def test_wishes_are_marked():
    """
    A refused wish stands at the lane, a granted day off beside the name.
    """
    wishes = (Wish(0, WishKind.OFF, 100),)
    day = day_of(
        tour("works", Block(500, 800, WORK, ("a",)), wishes=wishes), tour("rests", wishes=wishes)
    )

    assert day.lanes[0].mark == "off ✗"
    assert day.free == ("rests (off ✓)",)


def test_window_holds_every_day():
    """
    All days share one window of whole hours; without duties it is eight to six.
    """
    ends_late = tour("x", Block(615, 1475, WORK, ("a",)))

    assert day_of(ends_late).minutes == (25 - 10) * 60
    assert day_of().minutes == 600


def test_clocks_go_forward():
    """
    On the day that loses an hour the ticks show the clock: 1, then 3.
    """
    grid = Grid(date(2024, 3, 31), 1, 30, "Europe/Paris")
    duty = Duty(0, (Block(60, 240, WORK, ("a",)),))
    person = Person(Agent("x", sample.CONTRACT, zone_name="Europe/Paris"))
    roster = Roster(grid, (Tour(person, Calendar(grid, "Europe/Paris"), (duty,)),))

    ticks = gantt.chart(roster, ["a"]).days[0].ticks

    assert [tick.label for tick in ticks] == ["01:00", "03:00", "04:00", "05:00"]


def test_ninth_queue_takes_the_first_colour():
    """
    There are eight colours.
    """
    looks = [look for look, _ in gantt.legend_of([str(at) for at in range(9)])]

    assert looks[8] == looks[0] == "q0"
