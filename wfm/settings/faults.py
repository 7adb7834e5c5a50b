"""
What is wrong with a ``wfm.toml``, said so that it can be mended: where, found, expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wfm.errors import Problem, nearest
from wfm.settings.values import SEPARATOR

UNITS = {  # what a number means, by the ending of its key
    "_s": "seconds, as a number such as 300",
    "_h": "hours, as a number such as 7.5",
    "hours_per_week": "hours, as a number such as 35",
    "days_per_week": "days, a whole number",
    "notice_days": "days, a whole number",
    "stale_days": "days, a whole number",
    "interval": "minutes, a whole number such as 30",
    "minutes": "minutes, a whole number such as 45",
    "after": "minutes, a whole number",
    "before": "minutes, a whole number",
    "apart": "minutes, a whole number",
    "step": "minutes, a whole number",
    "closing": "minutes, a whole number",
    "per_hour": "currency units per hour, as a number such as 14.20",
}
EXAMPLES = {  # what stands where a key without a unit is missing
    "timezone": 'write timezone = "Europe/Paris"',
    "queue": "write a table such as [queue.orders]",
    "start": 'write start = "08:00-10:30", the first and last start',
    "length_h": "write length_h = [7.5], paid hours",
    "shapes": 'write shapes = ["day"], names of [shape.NAME] tables',
    "window": 'write window = "22:00-06:00"',
    "share": "write share = 0.90",
}
WORDS = {  # what was expected, by pydantic's kind of fault
    "int_type": "expected a whole number",
    "float_type": "expected a number",
    "finite_number": "expected a number that is finite",
    "string_type": "expected text in quotes",
    "bool_type": "expected true or false",
    "tuple_type": "expected a list in [ ]",
    "date_from_datetime_parsing": "expected a date such as 2026-01-05",
    "dict_type": "expected a table",
    "model_type": "expected a table",
    "too_short": "is empty, expected at least one",
    "too_long": "expected at most {max_length} values",
    "greater_than": "expected more than {gt:g}",
    "greater_than_equal": "expected at least {ge:g}",
    "less_than": "expected less than {lt:g}",
    "less_than_equal": "expected at most {le:g}",
}
SHAPES = ("shape", "contract", "queue", "break", "pay", "activity")  # tables of named tables


def problems(error: ValidationError, model: type[BaseModel], file: str) -> list[Problem]:
    """
    Every fault that pydantic found, as the user should read it.
    """
    details = error.errors()
    inner = {detail["loc"][:-1] for detail in details}
    return [
        _problem(detail, model, file)
        for detail in details  # a list is also "too short" where all it holds is faulty
        if not (detail["type"] == "too_short" and detail["loc"] in inner)
    ]


def _problem(detail: ErrorDetails, model: type[BaseModel], file: str) -> Problem:
    where = [part for part in detail["loc"] if not _technical(part)]
    place, key = _place(where, file)
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = _keys(model, where[:-1])
        return Problem(place, f"key '{key}' is not known", nearest(key, known))
    if kind == "missing":
        return Problem(place, f"key '{key}' is missing", EXAMPLES.get(key) or _unit(key))
    message = detail["msg"].removeprefix("Value error, ")
    if SEPARATOR in message:
        text, _, hint = message.partition(SEPARATOR)
        return Problem(f"{place}, key '{key}'", text, hint)
    found = "" if isinstance(detail["input"], dict | list) else f"{detail['input']!r}: "
    expected = message.replace("Input should be", "expected")
    expected = expected[0].lower() + expected[1:]
    if kind in WORDS:
        expected = WORDS[kind].format(**detail.get("ctx", {}))
    return Problem(f"{place}, key '{key}'", f"{found}{expected}", _unit(key))


def _technical(part: Any) -> bool:
    """Parts of a location that pydantic adds and the file does not have."""
    return isinstance(part, str) and ("[" in part or part.startswith("function-"))


def _place(where: Sequence[Any], file: str) -> tuple[str, str]:
    """``wfm.toml, [queue.orders]`` and the key inside it."""
    names = [str(part) for part in where]
    depth = 2 if names and names[0] in SHAPES and len(names) > 2 else 1 if len(names) > 1 else 0
    table = f"{file}, [{'.'.join(names[:depth])}]" if depth else file
    inner = [f"number {int(part) + 1}" if part.isdigit() else part for part in names[depth:]]
    return table, " ".join(inner) or "the file"


def _unit(key: str) -> str:
    word = key.partition(" number ")[0].rsplit(" ", maxsplit=1)[-1]
    found = next((unit for ending, unit in UNITS.items() if word.endswith(ending)), "")
    return f"write {found}" if found else ""


def _keys(model: type[BaseModel], where: Sequence[Any]) -> list[str]:
    """The keys that the table at ``where`` knows."""
    here: Any = model
    for part in where:
        if isinstance(here, type) and issubclass(here, BaseModel):
            here = _field(here, str(part))
        else:  # a name of the user's own, or a place in a list
            here = _inside(here)
    here = _unwrapped(here)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return [field.alias or name for name, field in here.model_fields.items()]
    return []


def _field(model: type[BaseModel], key: str) -> Any:
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            return _unwrapped(field.annotation)
    return None


def _unwrapped(annotation: Any) -> Any:
    """A union's or an annotation's model, else the annotation itself."""
    if isinstance(annotation, type) or annotation is None:
        return annotation
    models = [
        part
        for part in get_args(annotation)
        if isinstance(part, type) and issubclass(part, BaseModel)
    ]
    is_container = getattr(annotation, "__origin__", None) in (dict, tuple, list)
    return models[0] if models and not is_container else annotation


def _inside(annotation: Any) -> Any:
    """What a dict's values or a tuple's items are."""
    models = [
        part
        for part in get_args(annotation)
        if isinstance(part, type) and issubclass(part, BaseModel)
    ]
    return models[0] if models else None
