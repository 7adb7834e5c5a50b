"""
Why somebody has this roster.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import sample

from wfm.domain.promise import AnswerRate, Curve, QueueRequirement, Requirement
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.shortfall import aims
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Agent, Person, Wish, WishKind
from wfm.reporting import persons

GRID = Grid(date(1999, 3, 1), 1, 60)


def requirement(**yields) -> Requirement:
    """Queues open all day whose heads 0, 1, 2 answer the contacts given."""
    queues = {}
    for name, answered in yields.items():
        table = np.tile(np.array(answered, dtype=float), (GRID.n, 1))
        ten, one = np.full(GRID.n, 10.0), np.ones(GRID.n)
        queues[name] = QueueRequirement(
            *(name, ten, one, one, one, one, one, one, one, one, one),
            promise=AnswerRate(share=0.9),
            curve=Curve(table, table, np.zeros_like(table)),
        )
    return Requirement(GRID, queues, {name: np.ones(GRID.n, dtype=bool) for name in queues})


def results(required, duty, heads, wishes=()):
    person = Person(Agent("ada", sample.CONTRACT), wishes=wishes)
    roster = Roster(GRID, (Tour(person, Calendar(GRID), (duty,)),))
    made = sample.results(1)
    cover = {name: np.full(GRID.n, heads) for name in required.queues}
    return replace(made, plan=replace(made.plan, roster=roster, cover=cover), requirement=required)


def test_what_a_shift_yields():
    """
    Two heads answer 8, one 5: without two hours of one of them 6 contacts are lost.
    """
    required = requirement(a=[0, 5, 8])
    duty = Duty(0, (Block(480, 600, WORK, ("a",)),))

    contacts, heads = persons.without(duty, results(required, duty, 2.0), aims(required))

    assert (contacts, heads) == (6.0, 0.0)


def test_half_an_hour_counts_half():
    """
    Half an interval of the only head, who answers 5: 2.5 contacts.
    """
    required = requirement(a=[0, 5, 8])
    duty = Duty(0, (Block(480, 510, WORK, ("a",)),))

    assert persons.without(duty, results(required, duty, 1.0), aims(required))[0] == 2.5


def test_taken_from_the_queue_that_loses_less():
    """
    On two queues the smaller loss counts, because colleagues might move over.
    """
    required = requirement(a=[0, 5, 8], b=[0, 9, 10])
    duty = Duty(0, (Block(480, 540, WORK, ("a", "b")),))

    assert persons.without(duty, results(required, duty, 2.0), aims(required))[0] == 1.0


def test_refused_wish_has_a_figure():
    """
    The remark of a refused wish names the price and what the shift yields.
    """
    required = requirement(a=[0, 5, 8])
    duty = Duty(0, (Block(480, 600, WORK, ("a",)),))
    made = results(required, duty, 2.0, (Wish(0, WishKind.OFF, 2000),))

    note = persons.parts(made)[0].days[0].notes[0].replace("\u00a0", " ")

    assert note == (
        "wished for a day off: refused, at a price of 20.00 ILS; without this shift at least "
        "6.0 contacts fewer would be answered as promised"
    )


def test_free_and_absent_days():
    """
    Days without a duty are free or absent; rests stand before the duty that follows.
    """
    days = persons.parts(sample.results(3))[1].days

    assert days[0].shift == "absent"
    assert days[0].notes == ("absence credits 7.5 h",)
    assert days[2].rest == "15.8 h"
