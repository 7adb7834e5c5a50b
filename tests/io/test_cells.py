"""
Cells: what people's spreadsheets write, and what it means.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from wfm.io.cells import parse_column, written
from wfm.io.columns import Kind


def read(texts, kind, delimiter=","):
    values, faults = parse_column(texts, kind, delimiter)
    assert not faults, {at: str(fault) for at, fault in faults.items()}
    return values


def faulty(texts, kind, delimiter=","):
    return sorted(parse_column(texts, kind, delimiter)[1])


@pytest.mark.parametrize(
    "text",
    [
        "1999-02-28T08:30",
        "1999-02-28 08:30:00",
        "28/02/1999 08:30",
        "28.02.1999 08:30:00",
        "36219.3541666667",  # Excel: days since 30 December 1899
    ],
)
def test_moments(text):
    """
    ISO, day first, and Excel's numbers are one moment.
    """
    assert read([text], Kind.MOMENT) == [datetime(1999, 2, 28, 8, 30)]


def test_a_month_before_the_day_is_refused():
    """
    02/28/1999 has no month 28; days stand first, and nothing is guessed.
    """
    assert faulty(["02/28/1999"], Kind.DAY) == [0]


def test_days_may_carry_midnight():
    """
    Spreadsheets add 00:00:00 to dates.
    """
    assert read(["1999-02-28 00:00:00", "28/02/1999"], Kind.DAY) == [date(1999, 2, 28)] * 2


@pytest.mark.parametrize(
    ("text", "seconds"), [("185.5", 185.5), ("00:03:05", 185), ("3:05", 185), ("1:00:00", 3600)]
)
def test_durations(text, seconds):
    """
    Seconds, mm:ss and hh:mm:ss.
    """
    assert read([text], Kind.SECONDS) == [seconds]


def test_a_column_of_fractions_is_days_of_excel():
    """
    0.00208333 of a day is 180 seconds; one value of 180 makes the column seconds.
    """
    assert read(["0.0020833333", "0"], Kind.SECONDS) == [180.0, 0.0]
    assert read(["0.5", "180"], Kind.SECONDS) == [0.5, 180.0]


def test_a_decimal_comma_is_a_property_of_the_column():
    """
    With semicolons 12,5 is twelve and a half; beside a decimal point it is a fault.
    """
    assert read(["12,5", "3"], Kind.NUMBER, ";") == [12.5, 3.0]
    assert faulty(["12,5", "3.5"], Kind.NUMBER, ";") == [0]


def test_thousands_between_commas_are_not_guessed():
    """
    "1,234" in a file split at commas is one thousand or one and a bit: refused.
    """
    assert faulty(["1,234"], Kind.COUNT) == [0]


def test_spaces_part_thousands():
    """
    French Excel writes 1 234,5 with a narrow space.
    """
    assert read(["1\u202f234,5"], Kind.COUNT, ";") == [1234.5]


@pytest.mark.parametrize("text", ["90", "-0.1", "90 %", "nan", "inf"])
def test_a_share_lies_between_0_and_1(text):
    """
    Percent and numbers without end are no shares.
    """
    assert faulty([text], Kind.SHARE) == [0]


def test_money_is_cents():
    """
    14.205 rounds half a cent away from zero.
    """
    assert read(["14.205"], Kind.MONEY) == [1421]


@pytest.mark.parametrize(("text", "minutes"), [("08:30", 510), ("24:30", 1470), ("0.5", 720)])
def test_clocks(text, minutes):
    """
    Times of day, past midnight, and Excel's part of a day.
    """
    assert read([text], Kind.CLOCK) == [minutes]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.1 + 0.2, Kind.NUMBER, "0.3"),
        (float("nan"), Kind.COUNT, ""),
        (-1e-9, Kind.NUMBER, "0"),
        (None, Kind.TEXT, ""),
        (-5, Kind.MONEY, "-0.05"),
        (date(1999, 2, 28), Kind.DAY, "1999-02-28"),
    ],
)
def test_written(value, kind, text):
    """
    Six decimals at most, no minus zero, empty for what is missing.
    """
    assert written(value, kind) == text
