"""
Known traps of the field, each by name.
"""

from __future__ import annotations

from test_rest import found, tour
from tinycases import MONDAY, duty, hard, person, with_pause

from wfm.domain.roster import Calendar, Severity, Tour
from wfm.domain.timegrid import Grid
from wfm.rules.book import Book, load_preset
from wfm.rules.breaks import pauses
from wfm.rules.days import ConsecutiveDays
from wfm.rules.entry import Entry
from wfm.rules.nights import DaysOffAfterNights, LateThenEarly
from wfm.rules.patterns import ForbiddenSuccession
from wfm.rules.rest import DailyRest, NoOverlap
from wfm.scheduling.compiling import compile_rules

NIGHT, MORNING = (1320, 1800), (360, 840)


def test_night_then_morning_does_not_forbid_night_then_night():
    """By the clock and by kind: a night may follow a night, a morning may not."""
    nights = tour((0, *NIGHT), (1, *NIGHT), (2, *NIGHT))
    assert found(LateThenEarly((1320, 2160), (300, 600)), nights) == []
    assert found(LateThenEarly((1320, 2160), (300, 600)), tour((0, *NIGHT), (1, *MORNING))) == [
        (1, 1)
    ]
    calendar = Calendar(Grid(MONDAY, 3, 30))
    kinds = [duty(calendar, day, NIGHT, "night") for day in range(3)]
    rule = ForbiddenSuccession(("night",), ("morning",))
    assert found(rule, Tour(person(), calendar, tuple(kinds))) == []


def test_last_days_of_the_horizon_do_not_escape_sequence_rules():
    """A breach on the last day is a breach."""
    assert found(ConsecutiveDays(2), tour((4, *MORNING), (5, *MORNING), (6, *MORNING))) == [(6, 1)]
    assert found(DailyRest(11), tour((5, *NIGHT), (6, *MORNING))) == [(6, 660)]


def test_a_night_does_not_wrap_onto_its_own_morning():
    """22:00 to 06:00 on the only day of a horizon leaves its own morning free."""
    calendar = Calendar(Grid(MONDAY, 1, 30))
    night = duty(calendar, 0, NIGHT)
    assert (night.start, night.end) == (1320, 1800)
    tables = compile_rules(hard(NoOverlap()), [Tour(person(), calendar)], [[night]])
    assert tables.layers[0].target.min() >= 0


def test_breaks_of_a_night_lie_inside_it():
    """A break at 01:00 belongs to the night that began at 22:00."""
    calendar = Calendar(Grid(MONDAY, 1, 30))
    night = with_pause(calendar, 0, 1320, 1800, (1500, 1530))
    assert pauses((night,)) == ((1500, 1530),)


def test_days_carried_in_count_for_solvers_too():
    """Six days before the horizon leave none: the tables admit only a day off on day 0."""
    calendar = Calendar(Grid(MONDAY, 2, 30), known_from=-6)
    past = tuple(duty(calendar, day, MORNING) for day in range(-6, 0))
    menu = [[duty(calendar, day, MORNING)] for day in range(2)]
    tables = compile_rules(hard(ConsecutiveDays(6)), [Tour(person(), calendar, past)], menu)
    first = tables.layers[0]
    assert first.target[tables.terms["ann"].start, first.classes[1]] == -1
    assert first.target[tables.terms["ann"].start, 0] >= 0


def test_a_soft_rest_does_not_let_shifts_overlap():
    """With rest at a price, the book still forbids two shifts at once."""
    calendar = Calendar(Grid(MONDAY, 2, 30))
    menu = [[duty(calendar, 0, NIGHT)], [duty(calendar, 1, (300, 780))]]
    soft = Entry("rest", DailyRest(11), Severity.PRICED, 1)
    for name in ("eu-wtd", "fr-code", "fr-2098", "us-flsa"):
        book = Book("soft", (*load_preset(name, house=False).entries[:1], soft))
        layer = compile_rules(book, [Tour(person(), calendar)], menu).layers[1]
        night = [node for node in range(layer.nodes) if layer.target[node, layer.classes[1]] < 0]
        assert night  # after the night, the early shift is not for sale


def test_every_preset_forbids_overlaps():
    """No preset can be loaded without it."""
    from wfm.rules.preset import preset_names

    for name in preset_names():
        first = load_preset(name, house=False).entries[0]
        assert (first.rule, first.severity) == (NoOverlap(), Severity.HARD)


def test_a_night_before_days_off_is_no_day_off():
    """After three nights two whole days off: the morning on which the last ends is the first."""
    nights = [(0, *NIGHT), (1, *NIGHT), (2, *NIGHT)]
    rule = DaysOffAfterNights(3, 2)
    assert found(rule, tour(*nights, (5, *MORNING))) == []
    assert found(rule, tour(*nights, (4, *MORNING))) == [(4, 1)]
