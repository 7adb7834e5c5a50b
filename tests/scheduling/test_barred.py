"""
Kinds of shift that no law admits are named, with the rule.
"""

from __future__ import annotations

from dataclasses import replace

from tests.scheduling.tiny import Case, person
from wfm.domain.roster import Severity
from wfm.domain.workforce import Break, Contract, Pay, Shape
from wfm.rules.book import Book
from wfm.rules.breaks import BreakAfter, BreakOptions
from wfm.rules.entry import Entry
from wfm.scheduling.barred import barred
from wfm.scheduling.tables import tabulate

SHORT = Break("pause", 15, after=60, before=60, paid=True)
LUNCH = Break("lunch", 45, after=60, before=60)
EARLY = Shape("early", (480, 540), (240,), (SHORT,), step=60)
LONG = Shape("long", (480, 480), (300,), (LUNCH,), step=60)


def sentences(*rules: BreakAfter | BreakOptions, severity: Severity = Severity.HARD):
    """What is said of a contract of both shapes under the rules."""
    one = person("ann", {"a": 1.0})
    contract = Contract("full", 20, 5, (EARLY, LONG), Pay("base", 1000))
    price = 100 if severity is Severity.PRICED else 0
    book = Book(
        "house", tuple(Entry(f"H{n}", r, severity, price=price) for n, r in enumerate(rules))
    )
    people = (replace(one, agent=replace(one.agent, contract=contract)),)
    return barred(tabulate(Case(people, book=book).problem()))


def test_a_shape_whose_breaks_are_too_short_is_named_with_its_rule():
    """
    Over three hours and a half want a break of 20 minutes; 'early' has 15, 'long' 45.
    """
    (said,) = sentences(BreakAfter(3.5, 20))

    assert "contract full: nobody can work 'early'" in said
    assert "H0" in said


def test_a_shape_that_keeps_the_rule_is_not_named():
    """
    A break of 15 minutes is all that is asked.
    """
    assert sentences(BreakAfter(3.5, 15)) == ()


def test_a_priced_rule_bars_nothing():
    """
    What may be broken at a price bars no shift.
    """
    assert sentences(BreakAfter(3.5, 20), severity=Severity.PRICED) == ()


def test_every_rule_of_the_best_shift_is_named():
    """
    'early' breaks two rules, whatever its start.
    """
    (said,) = sentences(BreakAfter(3.5, 20), BreakAfter(2, 30))

    assert "H0" in said
    assert "H1" in said
