"""
``calibration.toml``: what was measured, as a person may read and change it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from wfm.domain.calibration import Calibration, QueueCalibration, Shrinkage
from wfm.errors import DataError, Problem, SettingsError, nearest

NUMBERS = ("aht_s", "aht_cv", "hidden_s", "patience_s", "day_cv", "interval_cv", "redial", "calls")
COMMENTS = {
    "aht_s": "mean handle time, seconds, hidden time included",
    "aht_cv": "its coefficient of variation; with the mean, a lognormal",
    "hidden_s": "seconds per contact that the log of talk time misses",
    "patience_s": "mean patience, seconds",
    "day_cv": "forecast error that a whole day shares",
    "interval_cv": "forecast error of an interval alone, beyond Poisson",
    "redial": "share of those who hung up that call again",
    "calls": "contacts this was measured on",
}
HEAD = """\
# What was measured by `wfm calibrate`. Change a number to overrule it, or delete its line;
# what wfm.toml says about a queue comes before this file.
"""


def calibration_toml(calibration: Calibration) -> str:
    """
    A calibration as text.
    """
    lines = [HEAD]
    if calibration.shrinkage is not None:
        lines += [
            "[shrinkage]",
            f"planned = {_number(calibration.shrinkage.planned)}",
            f"unplanned = {_number(calibration.shrinkage.unplanned)}",
            "",
        ]
    for name, queue in sorted(calibration.queues.items()):
        lines.append(f"[queue.{_key(name)}]")
        for field in NUMBERS:
            value = getattr(queue, field)
            if value is not None and (value or field != "hidden_s"):
                lines.append(f"{field} = {_number(value)}  # {COMMENTS[field]}")
        if queue.aht_by_hour:
            hours = ", ".join(
                f"{hour} = {_number(value)}" for hour, value in sorted(queue.aht_by_hour.items())
            )
            lines.append(f"aht_by_hour = {{ {hours} }}  # seconds, by hour of the day")
        if queue.patience_curve:
            knots = ", ".join(
                f"[{_number(at)}, {_number(left)}]" for at, left in queue.patience_curve
            )
            lines.append("# seconds waited, and the share of callers with more patience than that")
            lines.append(f"patience_curve = [{knots}]")
        lines.append("")
    return "\n".join(lines)


def read_calibration(path: Path) -> Calibration:
    """
    A calibration from its file.

    Raises
    ------
    DataError
        It is no TOML, or holds what a calibration cannot; all faults are listed.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError("there is no such file", place=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"is no TOML: {error}", place=path.name) from error
    problems: list[Problem] = []
    queues = {}
    for name in content:
        if name not in ("shrinkage", "queue"):
            problems.append(
                Problem(
                    f"{path.name}, [{name}]", "is not known", nearest(name, ("shrinkage", "queue"))
                )
            )
    for name, section in content.get("queue", {}).items():
        place = f"{path.name}, [queue.{name}]"
        found = _queue(section, place, problems)
        if found is not None:
            queues[name] = found
    shrinkage = _shrinkage(content.get("shrinkage"), f"{path.name}, [shrinkage]", problems)
    if problems:
        raise DataError(problems=problems)
    return Calibration(queues, shrinkage)


def _queue(section: Any, place: str, problems: list[Problem]) -> QueueCalibration | None:
    known = (*NUMBERS, "aht_by_hour", "patience_curve")
    before = len(problems)
    values: dict[str, Any] = {}
    for name, value in section.items():
        where = f"{place}, key '{name}'"
        if name not in known:
            problems.append(Problem(where, "is not known", nearest(name, known)))
        elif name == "aht_by_hour":
            values[name] = {int(hour): float(aht) for hour, aht in value.items()}
        elif name == "patience_curve":
            values[name] = tuple((float(at), float(left)) for at, left in value)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(Problem(where, f"{value!r}, expected a number"))
        else:
            values[name] = value
    if len(problems) > before:
        return None
    try:
        return QueueCalibration(**values)
    except SettingsError as error:
        problems.append(Problem(place, error.problems[0].message, error.problems[0].hint))
        return None


def _shrinkage(section: Any, place: str, problems: list[Problem]) -> Shrinkage | None:
    if section is None:
        return None
    for name in section:
        if name not in ("planned", "unplanned"):
            hint = nearest(name, ("planned", "unplanned"))
            problems.append(Problem(f"{place}, key '{name}'", "is not known", hint))
            return None
    try:
        return Shrinkage(**section)
    except (SettingsError, TypeError) as error:
        problems.append(Problem(place, str(error)))
        return None


def _number(value: float) -> str:
    """Four significant digits are more than was measured; whole numbers stay whole."""
    if value == int(value):
        return str(int(value))
    return f"{float(f'{value:.5g}'):.10f}".rstrip("0").rstrip(".")


def _key(name: str) -> str:
    """A TOML key, quoted where it must be."""
    if name and all((mark.isalnum() and mark.isascii()) or mark in "-_" for mark in name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
