"""
Cases from what a person writes, ranges such as ``20:28`` included.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product

from wfm.domain.promise import Abandons
from wfm.errors import SettingsError, nearest
from wfm.staffing.erlang.calculator import Case

MOST_ROWS = 10_000
WORDS = ("model", "find", "abandons")


def cases_of(given: Mapping[str, str | float | None]) -> list[Case]:
    """
    The cases that texts describe: one, or one for every value of their ranges.

    Parameters
    ----------
    given
        By field of ``Case``: a number, ``first:last`` or ``first:last:step``, a word, or
        None where nothing is given.

    Raises
    ------
    SettingsError
        A text is no number, or the ranges make too many rows.
    """
    known = {name: value for name, value in given.items() if value is not None and value != ""}
    words = {name: _word(name, str(known.pop(name))) for name in WORDS if name in known}
    lists = {name: _numbers(name, value) for name, value in known.items()}
    rows = math.prod(len(values) for values in lists.values())
    if rows > MOST_ROWS:
        raise SettingsError(f"the ranges make {rows} rows, expected at most {MOST_ROWS}")
    return [
        Case(**words, **dict(zip(lists, values, strict=True)))  # type: ignore[arg-type]
        for values in product(*lists.values())
    ]


def ranged(given: Mapping[str, str | float | None]) -> bool:
    """
    Whether a text asks for a table.
    """
    return any(":" in str(value) for name, value in given.items() if name not in WORDS)


def _word(name: str, text: str) -> str | Abandons:
    if name != "abandons":
        return text
    try:
        return Abandons(text)
    except ValueError as error:
        raise SettingsError(
            f"'{text}' is no way to count abandons", hint=nearest(text, map(str, Abandons))
        ) from error


def _numbers(name: str, value: str | float) -> list[float]:
    """``5``, ``5:9`` (step 1) or ``5:9:2`` as numbers, the last one included."""
    parts = [_number(name, part) for part in str(value).split(":")]
    if len(parts) == 1:
        return parts
    first, last, *rest = parts
    step = rest[0] if rest else 1.0
    if len(parts) > 3 or not step > 0 or last < first:
        raise SettingsError(
            f"'{value}' is no range",
            place=f"--{name.replace('_', '-')}",
            hint="write 20:28 or 5:9:2",
        )
    count = math.floor((last - first) / step + 1e-9) + 1
    if count > MOST_ROWS:
        raise SettingsError(f"'{value}' makes {count} rows, expected at most {MOST_ROWS}")
    return [first + step * at for at in range(count)]


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise SettingsError(
            f"'{text}' is no number",
            place=f"--{name.replace('_', '-')}",
            hint="write a share such as 80 % as 0.80" if "%" in text else "",
        )
    return number
