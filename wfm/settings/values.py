"""
What single values of ``wfm.toml`` may look like: shares, times, weekdays, opening hours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from wfm.domain.demand import Span
from wfm.domain.timegrid import (
    DAY,
    GRAINS,
    WEEKDAYS,
    clock_minutes,
    clock_span,
    clock_text,
    zone,
)
from wfm.errors import SettingsError, WfmError, nearest

SPELLINGS = (
    'write [{ kind = "answer_rate", share = 0.90 }] for calls answered at all, '
    '[{ kind = "service_level", share = 0.80, threshold_s = 20 }] for calls answered within '
    '20 seconds, [{ kind = "on_time", share = 0.95, due_h = 24 }] for e-mail and letters'
)
KINDS = ("answer_rate", "service_level", "on_time")
NIGHT = 960  # minutes: a longer span past midnight has its times exchanged
SEPARATOR = "\0"  # between the message and the hint of a fault, on its way through pydantic


def _value(convert: Callable[[Any], Any]) -> BeforeValidator:
    """A validator whose faults are those of the domain, as pydantic wants them."""

    def check(value: Any) -> Any:
        try:
            return convert(value)
        except WfmError as error:
            problem = error.problems[0]
            raise ValueError(f"{problem.message}{SEPARATOR}{problem.hint}") from error

    return BeforeValidator(check)


def _share(value: Any) -> Any:
    if isinstance(value, str):
        raise SettingsError(f"'{value}' is no share", hint="write 90 % as 0.90, without quotes")
    if isinstance(value, int | float) and not isinstance(value, bool) and not 0 <= value <= 1:
        hint = f"write {value:g} % as {value / 100:g}" if 1 < value <= 100 else ""
        raise SettingsError(f"{value:g} is no share, expected 0 to 1", hint=hint)
    return value


def _clock(value: Any) -> Any:
    if isinstance(value, int):
        return value
    if not isinstance(value, str):
        raise SettingsError(f"{value!r} is no time of day", hint='write "20:00"')
    return _of_today(value)


def _span(value: Any) -> Any:
    if not isinstance(value, str):
        raise SettingsError(f"{value!r} is no span of times", hint='write "08:00-20:00"')
    if "-" not in value:
        return (_of_today(value),) * 2
    first, last = _clock_span(value)
    if last == first + DAY:  # "08:00-08:00": one moment, as where starts do not vary
        return first, first
    if last > DAY and last - first > NIGHT:
        raise SettingsError(
            f"'{value}' ends before it begins",
            hint='write the earlier time first; only a night such as "22:00-06:00" passes midnight',
        )
    return first, last


def _of_today(text: str) -> int:
    """A clock time before 24:00."""
    minutes = clock_minutes(text)
    if minutes >= DAY:
        raise SettingsError(f"'{text}' begins on the next day", hint="use 00:00 to 23:59")
    return minutes


def _clock_span(text: str) -> Span:
    """A span that begins on its day and ends by 24:00, or says how it goes on tomorrow."""
    first, last = clock_span(text)
    _of_today(text.partition("-")[0])
    end = clock_minutes(text.partition("-")[2])
    if end > DAY:
        written = f"{clock_text(first)}-{clock_text(end - DAY)}"
        raise SettingsError(
            f"'{text}' ends after 24:00",
            hint=f'a day ends at 24:00; an end on the next day is written "{written}"',
        )
    return first, last


def _weekday(value: Any) -> Any:
    if value not in WEEKDAYS:
        raise SettingsError(f"'{value}' is no weekday", hint=nearest(str(value), WEEKDAYS))
    return value


def _zone(value: Any) -> Any:
    zone(str(value))
    return value


def _grain(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and value not in GRAINS:
        known = ", ".join(map(str, GRAINS))
        raise SettingsError(f"{value} is no interval", hint=f"minutes: use one of {known}")
    return value


def _promises(value: Any) -> Any:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise SettingsError(f"{value!r} does not say what is promised", hint=SPELLINGS)
    for one in value:
        kind = one.get("kind")
        if kind is None:
            raise SettingsError("a promise without its kind", hint=SPELLINGS)
        if kind not in KINDS:
            raise SettingsError(f"'{kind}' is no kind of promise", hint=nearest(str(kind), KINDS))
    return value


def days_of(text: str) -> tuple[int, ...]:
    """
    Weekdays of ``mon``, ``sunday`` or ``sun-thu``; 0 is Monday.

    Raises
    ------
    SettingsError
        The text names no weekdays.
    """
    ends = [_day_number(part) for part in text.strip().casefold().split("-")]
    if len(ends) > 2 or None in ends:
        raise SettingsError(f"'{text}' names no weekdays", hint='write "mon", "mon-fri" or a date')
    first, last = ends[0] or 0, ends[-1] or 0
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _day_number(text: str) -> int | None:
    found = [at for at, name in enumerate(WEEKDAYS) if text in (name, name[:3])]
    return found[0] if found else None


def _hours(value: Any) -> tuple[Span, ...]:
    texts = value if isinstance(value, list) else [value]
    if texts in ([], [""], ["closed"]):
        return ()
    return tuple(sorted(_clock_span(str(part)) for text in texts for part in str(text).split(",")))


def _opening(value: Any) -> Any:
    """``{ mon-fri = "08:00-20:00", "2026-12-24" = "closed" }`` as weekdays, dates, holidays."""
    if not isinstance(value, dict):
        raise SettingsError(f"{value!r} are no hours", hint='write { mon-fri = "08:00-20:00" }')
    week: dict[int, tuple[Span, ...]] = {}
    dates: dict[date, tuple[Span, ...]] = {}
    holidays = None
    for key, hours in value.items():
        if key == "holidays":
            holidays = _hours(hours)
        elif key[:1].isdigit():
            dates[_iso_date(key)] = _hours(hours)
        else:
            week |= dict.fromkeys(days_of(key), _hours(hours))
    return Hours(tuple(week.get(day, ()) for day in range(7)), dates, holidays)


def _iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"'{text}' is no date", hint="write it as 2026-12-24") from error


@dataclass(frozen=True)
class Hours:
    """
    Opening hours as the file states them; ``holidays`` None: as on their weekday.
    """

    week: tuple[tuple[Span, ...], ...]
    dates: Mapping[date, tuple[Span, ...]]
    holidays: tuple[Span, ...] | None


Share = Annotated[float, _value(_share)]
ClockText = Annotated[int, _value(_clock)]
SpanText = Annotated[Span, _value(_span)]
Weekday = Annotated[str, _value(_weekday)]
ZoneName = Annotated[str, _value(_zone)]
Grain = Annotated[int, Field(strict=True), _value(_grain)]
OpeningHours = Annotated[Hours, _value(_opening)]
promises_value = _value(_promises)
