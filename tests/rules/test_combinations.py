"""
Rules together, and rules under a change that must change nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from rulecases import CASES
from tinycases import Case, catalogue, checked, compiled, contract, solved, walked

from wfm.domain.roster import Severity, Tour
from wfm.rules.book import Book
from wfm.rules.entry import Entry
from wfm.rules.holidays import ClosedDates
from wfm.rules.overtime import OvertimeQuota
from wfm.rules.patterns import OneKindAMonth
from wfm.rules.person import OnTheTeam
from wfm.rules.rest import FortnightlyRest, NoOverlap
from wfm.rules.rotation import ContractRotation
from wfm.scheduling.compiling import compile_rules

# duties at the thresholds of many rules at once: early, late, night, split, long
WORLD = (
    ("e", (360, 840)),
    ("l", (840, 1321)),
    ("n", (1320, 1800)),
    ("s", ((480, 720), (840, 1080))),
)
RULES = tuple(dict.fromkeys(case.rule for case in CASES))


def world(seed: int) -> tuple[Case, Book]:
    """A tiny world with past days and three to six rules, hard or priced, drawn by a seed."""
    stream = np.random.default_rng(seed)
    picked = stream.choice(len(RULES), size=stream.integers(3, 7), replace=False)
    entries = [Entry("overlap", NoOverlap())]
    for at in picked:
        price = int(stream.integers(1, 50))
        soft = bool(stream.integers(0, 2))
        severity = Severity.PRICED if soft else Severity.HARD
        entries.append(Entry(f"{at}", RULES[at], severity, price if soft else 0))
    past = tuple(
        (day, int(option)) for day in range(-6, 0) if (option := stream.integers(0, 5)) and day % 2
    )
    case = Case(
        "world",
        NoOverlap(),
        WORLD,
        days=5,
        first=CASES[0].first + timedelta(days=int(stream.integers(0, 7))),
        past=past,
        known_from=-int(stream.integers(7, 10)),
        terms=contract(hours_per_week=24.0, tolerance=16.0),
        menu=tuple(tuple(sorted({0, *stream.integers(0, 5, size=3).tolist()})) for _ in range(5)),
    )
    return case, Book("world", tuple(entries))


@pytest.mark.parametrize("seed", range(40))
def test_books_agree_with_their_checkers(seed: int):
    """Admitted tours and prices of random books are those of their checkers together."""
    case, book = world(seed)

    assert np.array_equal(checked(case, book), walked(case, compiled(case, book)))


@pytest.mark.parametrize("seed", range(40, 48))
def test_cp_sat_agrees_with_books(seed: int):
    """CP-SAT from the joint tables too."""
    case, book = world(seed)
    tables = compiled(case, book)

    assert np.array_equal(walked(case, tables), solved(case, tables))


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(1000, 1600))
def test_many_books_agree_with_their_checkers(seed: int):
    """The same, six hundred times."""
    case, book = world(seed)

    assert np.array_equal(checked(case, book), walked(case, compiled(case, book)))


SHIFTED = [
    case
    for case in CASES
    if not case.holidays
    and case.zone == "UTC"
    # of the year
    and not isinstance(case.rule, ClosedDates | OnTheTeam | OvertimeQuota | OneKindAMonth)
    and not isinstance(case.rule, FortnightlyRest)
    and not isinstance(case.rule, ContractRotation)  # of an odd or even week
    and case.terms.average_weeks == 1
    and "ends" not in case.changes
]


@pytest.mark.parametrize("case", SHIFTED[::3], ids=lambda case: case.name)
def test_a_week_later_is_the_same(case: Case):
    """Shifting the calendar by a week changes no finding."""
    book = Book("b", (Entry("R", case.rule, Severity.PRICED, case.price),))
    later = replace(case, first=case.first + timedelta(days=7))

    assert np.array_equal(checked(case, book), checked(later, book))


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case.name)
def test_a_name_changes_nothing(case: Case):
    """People are judged by their work, not their name: twins have the same terms."""
    tour = case.tour
    agent = replace(tour.person.agent, agent="bea")
    twin = Tour(replace(tour.person, agent=agent), tour.calendar, tour.duties)
    book = Book("b", (Entry("R", case.rule, Severity.PRICED, case.price),))
    tables = compile_rules(book, [tour, twin], catalogue(case))
    ann, bea = tables.terms["ann"], tables.terms["bea"]

    assert ann.start == bea.start
    assert ann.bounds == bea.bounds
    assert all(np.array_equal(a, b) for a, b in zip(ann.allowed, bea.allowed, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(ann.prices, bea.prices, strict=True))


@pytest.mark.parametrize("case", CASES[1::4], ids=lambda case: case.name)
def test_kept_tables_are_the_tables(case: Case, tmp_path):
    """Tables read from the cache are those that were put there."""
    book = Book("b", (Entry("R", case.rule, Severity.PRICED, case.price),))
    made = compile_rules(book, [case.tour], catalogue(case), cache=tmp_path)
    assert len(list(tmp_path.glob("*.npz"))) == 1
    kept = compile_rules(book, [case.tour], catalogue(case), cache=tmp_path)

    assert np.array_equal(walked(case, made), walked(case, kept))
    assert np.array_equal(walked(case, made), checked(case, book))


def test_a_damaged_cache_is_made_anew(tmp_path):
    """Half a file is no table."""
    case = CASES[0]
    book = Book("b", (Entry("R", case.rule),))
    compile_rules(book, [case.tour], catalogue(case), cache=tmp_path)
    (file,) = tmp_path.glob("*.npz")
    file.write_bytes(file.read_bytes()[:100])

    tables = compile_rules(book, [case.tour], catalogue(case), cache=tmp_path)
    assert np.array_equal(walked(case, tables), checked(case, book))


def test_another_number_is_another_table(tmp_path):
    """A changed rule never meets the tables of the old one."""
    case = next(case for case in CASES if case.name == "daily rest")
    for hours in (11, 12):
        book = Book("b", (Entry("R", replace(case.rule, hours=hours)),))
        tables = compile_rules(book, [case.tour], catalogue(case), cache=tmp_path)
        assert np.array_equal(walked(case, tables), checked(case, book))
    assert len(list(tmp_path.glob("*.npz"))) == 2
