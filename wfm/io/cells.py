"""
Texts to values and back: numbers, shares, money, moments, dates and durations.

A whole column is read at once, because what a comma or a fraction means is a property of
the column. Days stand before months: 03/04/1999 is the third of April.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from unicodedata import category

from wfm.domain.money import cents, units
from wfm.io.columns import Kind
from wfm.io.exports.french import plain

SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'"))  # thousands separators
EXCEL_EPOCH = datetime(1899, 12, 30)
DAY_FIRST = re.compile(
    r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
)
YEARS = range(1900, 2101)  # of dates that can be meant
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


class CellError(Exception):
    """
    A cell that cannot be what its column holds: what was expected, and what to do.
    """

    def __init__(self, expected: str, hint: str = ""):
        super().__init__(expected)
        self.expected, self.hint = expected, hint


def parse_column(
    texts: Sequence[str], kind: Kind, delimiter: str
) -> tuple[list[Any], dict[int, CellError]]:
    """
    Read the cells of one column.

    Returns
    -------
    list
        Values; None for empty and for faulty cells.
    dict
        Faults by position.
    """
    parse = _parser(texts, kind, delimiter)
    values: list[Any] = []
    faults: dict[int, CellError] = {}
    seen: dict[str, Any] = {}
    for at, text in enumerate(texts):
        if text not in seen:
            try:
                seen[text] = parse(text) if text else None
            except CellError as error:
                seen[text] = error
        value = seen[text]
        if isinstance(value, CellError):
            faults[at] = value
            value = None
        values.append(value)
    return values, faults


def _parser(texts: Sequence[str], kind: Kind, delimiter: str) -> Callable[[str], Any]:
    plain_readers: dict[Kind, Callable[[str], Any]] = {
        Kind.TEXT: lambda text: printable(plain(text)),
        Kind.MOMENT: moment,
        Kind.DAY: day,
        Kind.DAY_OR_MOMENT: day_or_moment,
        Kind.CLOCK: clock,
    }
    if kind in plain_readers:
        return plain_readers[kind]
    number = _number_reader(texts, delimiter)
    if kind is Kind.SECONDS:
        return _seconds_reader(texts, number)
    readers: dict[Kind, Callable[[str], Any]] = {
        Kind.NUMBER: number,
        Kind.COUNT: lambda text: _at_least_zero(number(text)),
        Kind.SHARE: lambda text: _share(number(text)),
        Kind.MONEY: lambda text: cents(number(text)),
    }
    return readers[kind]


def _number_reader(texts: Sequence[str], delimiter: str) -> Callable[[str], float]:
    """A reader that knows whether this column writes a decimal comma or a point."""
    points = any("." in text and "," not in text for text in texts)

    def number(text: str) -> float:
        plain = text.translate(SPACES)
        if "," in plain:
            whole, _, rest = plain.partition(",")
            grouped = delimiter == "," and re.fullmatch(r"\d{3}", rest) and len(whole) <= 3
            if points or grouped or "," in rest or "." in plain:
                raise CellError("a number", "write 1234.5 without separators of thousands")
            plain = f"{whole}.{rest}"
        if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", plain):
            raise CellError("a number", "write a share such as 90 % as 0.90" if "%" in text else "")
        return float(plain)

    return number


def _seconds_reader(texts: Sequence[str], number: Callable[[str], float]) -> Callable[[str], float]:
    """A reader of durations: seconds, hh:mm:ss, or fractions of a day as Excel keeps them."""
    plain = [text for text in texts if re.fullmatch(r"\d*[.,]?\d+(e-?\d+)?", text, re.IGNORECASE)]
    values = [float(text.replace(",", ".")) for text in plain]
    positive = [value for value in values if value > 0]
    excel = bool(positive) and max(positive) < 1

    def seconds(text: str) -> float:
        parts = text.split(":")
        if len(parts) > 1:
            if len(parts) > 3 or not all(re.fullmatch(r"\d+", part) for part in parts):
                raise CellError("seconds or hh:mm:ss")
            total = 0
            for part in parts:
                total = total * 60 + int(part)
            return float(total)
        value = _at_least_zero(number(text))
        return round(value * 86400, 3) if excel else value

    return seconds


def _at_least_zero(value: float) -> float:
    if value < 0:
        raise CellError("0 or more")
    return value


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        hint = f"write {value:g} % as {value / 100:g}" if 1 < value <= 100 else ""
        raise CellError("a share from 0 to 1", hint)
    return value


def printable(text: str) -> str:
    """
    A text that a terminal shows as it is: line ends and tabs pass, other controls do not.
    """
    if any(category(sign) == "Cc" and sign not in "\t\n" for sign in text):
        raise CellError("text without control characters", "type the cell anew")
    return text


def moment(text: str) -> datetime:
    """
    A date and time; without an offset it is naive. Seconds are kept.
    """
    found = _moment(text)
    if found.year not in YEARS:
        raise CellError(
            f"a year from {YEARS[0]} to {YEARS[-1]}", "where no end is known, leave the cell empty"
        )
    return found


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    found = DAY_FIRST.fullmatch(text)
    if found:
        dd, mm, yyyy, hour, minute, second = (int(part or 0) for part in found.groups())
        try:
            return datetime(yyyy, mm, dd, hour, minute, second)
        except ValueError as error:
            raise CellError(
                "dd/mm/yyyy hh:mm",
                "write the day before the month" if mm > 12 else "",
            ) from error
    if re.fullmatch(r"\d{5}([.,]\d+)?", text):  # days since 1899-12-30, as Excel keeps them
        days = float(text.replace(",", "."))
        return EXCEL_EPOCH + timedelta(seconds=round(days * 86400))
    raise CellError("a date and time", "write it as 1999-02-28T08:30")


def day(text: str) -> date:
    """
    A date; a time of midnight beside it is let pass.
    """
    try:
        found = moment(text)
    except CellError as error:
        expected = error.expected.replace("a date and time", "a date")
        raise CellError(expected, error.hint or "write it as 1999-02-28") from error
    if (found.hour, found.minute, found.second) != (0, 0, 0):
        raise CellError("a date without a time", "write it as 1999-02-28")
    return found.date()


def day_or_moment(text: str) -> date | datetime:
    """
    A date where no time is written, else a moment.
    """
    return moment(text) if ":" in text else day(text)


def clock(text: str) -> int:
    """
    A time of day as minutes since midnight; 24:00 and later are let pass.
    """
    found = CLOCK.fullmatch(text)
    if found:
        hours, minutes = int(found[1]), int(found[2])
        if hours <= 47 and minutes <= 59:
            return hours * 60 + minutes
    if re.fullmatch(r"0?[.,]\d+|0|1", text):  # part of a day, as Excel keeps it
        return round(float(text.replace(",", ".")) * 1440)
    raise CellError("a time of day", "write it as 08:30")


def written(value: Any, kind: Kind) -> str:
    """
    A value as files hold it: at most six decimals, money with two, None is empty.
    """
    if value is None:
        return ""
    if kind is Kind.MONEY:
        return units(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if kind in (Kind.NUMBER, Kind.COUNT, Kind.SHARE, Kind.SECONDS):
        return value if isinstance(value, str) else _decimal(float(value))
    return str(value)


def _decimal(value: float) -> str:
    if math.isnan(value):  # a missing value is an empty cell
        return ""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
