"""
Cells that people type, French and English.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.io.plancells import dates_of, day_times, heading, month_first, working_times

EIGHT_TO_FOUR = ((480, 960),)


@pytest.mark.parametrize(
    "text",
    [
        *("08:00-16:00", "8h-16h", "8h00 - 16h00", "8h à 16h", "de 8h à 16h", "8-16", "0800-1600"),
        *("8am-4pm", "8 am to 4 pm", "08:00–16:00", "8.00-16.00", "8h/16h", "8h-16h (tel)"),
    ],
)
def test_eight_to_four(text: str):
    """Every usual way to write the same shift."""
    assert working_times(text) == EIGHT_TO_FOUR


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "OFF",
        "off",
        "RTT",
        "CP",
        "Repos",
        "Congés",
        "congé",
        "férié",
        "-",
        "—",
        "Day off",
        "malade",
    ],
)
def test_days_off(text: str):
    """Days off and absences are no work."""
    assert working_times(text) == ()


@pytest.mark.parametrize(
    "text", ["8h-12h / 13h-17h", "8h-12h/13h-17h", "8h/12h 13h/17h", "08:00-12:00, 13:00-17:00",
             "8h-12h et 13h-17h", "8h-12h+13h-17h"],
)  # fmt: skip
def test_split_days(text: str):
    """Two spells in one cell."""
    assert working_times(text) == ((480, 720), (780, 1020))


@pytest.mark.parametrize("between", [" ", "\n", " et ", " / "])
def test_spells_with_minutes_stand_side_by_side(between: str):
    """Two lines of one cell, as Alt+Enter writes them, or a space."""
    assert working_times(f"8h30-12h30{between}13h30-17h30") == ((510, 750), (810, 1050))


def test_a_night_ends_on_the_next_day():
    """22:00 to 06:00 is eight hours; 16h-24h ends at midnight."""
    assert working_times("22:00-06:00") == ((1320, 1800),)
    assert working_times("16h-24h") == ((960, 1440),)


def test_a_spell_before_the_first_is_the_next_morning():
    """22h-2h / 3h-6h is one night."""
    assert working_times("22h-2h / 3h-6h") == ((1320, 1560), (1620, 1800))


@pytest.mark.parametrize("text", ["matin", "8h-", "25h-30h", "8h-9h30h", "8h-16h?", "13am-2pm"])
def test_what_cannot_be_read_is_never_guessed(text: str):
    """Anything else is an error."""
    with pytest.raises(ValueError):  # noqa: PT011 - the caller says where
        working_times(text)


@pytest.mark.parametrize(
    "text",
    ["2026-11-23", "23/11/2026", "lun 23/11/2026", "Monday 23 November 2026", "lundi 23 nov. 2026",
     "Nov 23, 2026", "46349", "2026-11-23T00:00:00", "23.11.26"],
)  # fmt: skip
def test_dates_above_columns(text: str):
    """Every usual way to write a date."""
    said = heading(text)
    assert said is not None
    assert said[:3] == (2026, 11, 23)


@pytest.mark.parametrize("text", ["Total", "Contrat 35h", "Nom", "h/sem", "45/67"])
def test_other_columns_are_no_dates(text: str):
    """Totals and remarks beside the days are left alone."""
    assert heading(text) is None


def test_year_goes_on_over_new_year():
    """31/12 then 01/01 is the next year."""
    told = [heading("31/12/2026"), heading("01/01")]
    assert dates_of(told, None) == [date(2026, 12, 31), date(2027, 1, 1)]


def test_weekdays_need_a_first_day():
    """Weekday names alone are counted from the date that is told."""
    told = [heading("mar."), heading("mer.")]
    assert dates_of(told, date(2026, 11, 23)) == [date(2026, 11, 24), date(2026, 11, 25)]
    with pytest.raises(ValueError, match="no date is told"):
        dates_of(told, None)


@pytest.mark.parametrize(
    ("cells", "turned"),
    [
        (["23/11/2026", "24/11/2026"], False),
        (["11/23/2026", "11/24/2026", "total"], True),
        (["11/30", "12/01"], True),
        (["30/11", "01/12"], False),
        (["Mon 11/02/2026", "Tue 11/03/2026"], True),  # day by day only so
        (["02/11/2026", "03/11/2026"], False),
        (["11/11/2026"], False),  # one date tells nothing
        (["23/24", "24/25"], False),
        ([], False),
    ],
)
def test_which_of_day_and_month_comes_first(cells, turned):
    """The row of dates decides together: what can be read, and what follows day by day."""
    assert month_first(cells) is turned


def test_an_american_heading():
    """The month before the day."""
    assert heading("11/23/2026", turned=True) == (2026, 11, 23, None)
    assert heading("11/23/2026") is None


@pytest.mark.parametrize(
    ("cells", "spells"),
    [
        (["8h-16h"], ((480, 960),)),
        (["8h-16h", "7,5"], ((480, 960),)),  # its hours beside it
        (["08:00", "16:00"], ((480, 960),)),
        (["08:00:00", "16:00:00"], ((480, 960),)),
        (["8h", "12h", "14h", "18h"], ((480, 720), (840, 1080))),
        (["8h", "12h", "", ""], ((480, 720),)),
        (["", "", "14h", "18h"], ((840, 1080),)),
        (["8h-12h", "14h-18h"], ((480, 720), (840, 1080))),
        (["8h-12h", "RTT"], ((480, 720),)),
        (["", "14h-18h"], ((840, 1080),)),
        (["RTT", ""], ()),
        (["RTT", "7,5"], ()),
        (["", "RTT"], ()),
        (["", "0"], ()),
        (["", ""], ()),
    ],
)
def test_a_day_of_several_cells(cells: list[str], spells):
    """Starts and ends side by side, morning and afternoon; or one cell and its hours."""
    assert day_times(cells) == spells


@pytest.mark.parametrize(
    "cells",
    [["8h", ""], ["8h", "12h", "14h"], ["8h", "RTT"], ["matin", "7"], ["8h-12h", "matin"]],
)
def test_a_day_that_lacks_an_end_is_never_guessed(cells: list[str]):
    """A start alone is no time at work."""
    with pytest.raises(ValueError):  # noqa: PT011 - the caller says where
        day_times(cells)
