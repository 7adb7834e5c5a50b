"""
Shifts of a shape, by hand.
"""

from __future__ import annotations

from datetime import date

from wfm.domain.roster import Calendar
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Break, Shape
from wfm.scheduling.shapes import fine_unit, frames

WEEK = Calendar(Grid(date(2024, 1, 1), 7, 30))
PAUSE = Break("pause", 15, after=60, before=60, apart=60, paid=True)
LUNCH = Break("lunch", 30, window=(720, 840), after=60, before=60, apart=60)


def test_every_start_and_length_is_a_frame():
    """Three starts times two lengths; the unpaid lunch comes on top."""
    shape = Shape("day", (540, 600), (240, 300), (LUNCH,), step=30)
    found = frames(shape, WEEK, 0)

    assert len(found) == 6
    assert {frame.end - frame.start - frame.paid for frame in found} == {30}


def test_breaks_keep_their_distances():
    """In four hours a pause lies 60 minutes from both ends: starts 10:00 to 11:45."""
    shape = Shape("half", (540, 540), (240,), (PAUSE,))
    (frame,) = frames(shape, WEEK, 0)

    assert (frame.slots[0].first, frame.slots[0].last) == (600, 705)


def test_two_breaks_stay_apart():
    """Lunch begins at least an hour after the pause has ended."""
    shape = Shape("day", (540, 540), (420,), (PAUSE, LUNCH))
    (frame,) = frames(shape, WEEK, 0)

    assert min(b[1] - b[0] - 15 for b in frame.placements()) == 60


def test_night_shift_takes_its_break_after_midnight():
    """A meal from 01:00 to 04:00 lies inside the night, on the next day."""
    meal = Break("meal", 30, window=(60, 240))
    (frame,) = frames(Shape("night", (1320, 1320), (480,), (meal,)), WEEK, 2)

    assert frame.start == 2 * 1440 + 1320
    assert frame.slots[0].first == 3 * 1440 + 60
    assert all(frame.start < b[0] and b[0] + 30 < frame.end for b in frame.placements())


def test_shift_that_cannot_hold_its_break_is_no_frame():
    """A window that ends before the shift begins leaves nothing."""
    assert frames(Shape("late", (900, 900), (240,), (LUNCH,)), WEEK, 0) == ()


def test_closing_minutes_are_off_contacts_at_the_end():
    """The last half hour is paid work that serves no queue."""
    (frame,) = frames(Shape("late", (960, 960), (240,), closing=30), WEEK, 0)
    duty = frame.duty((), ("a",))

    assert [b.queues for b in duty.blocks] == [("a",), ()]
    assert (duty.blocks[-1].minutes, duty.paid) == (30, 240)


def test_shift_is_an_hour_longer_by_the_clock_when_clocks_go_back():
    """On 27 October 2024 a shift at 04:00 starts 300 real minutes after midnight."""
    autumn = Calendar(Grid(date(2024, 10, 27), 1, 30, "Europe/Paris"), "Europe/Paris")
    (frame,) = frames(Shape("early", (240, 240), (240,)), autumn, 0)

    assert frame.start == 300


def test_slots_divide_every_time():
    """A pause of 15 minutes on half-hour intervals needs slots of 15."""
    assert fine_unit(30, frames(Shape("half", (540, 540), (240,), (PAUSE,)), WEEK, 0)) == 15
