"""
Preset files: the law of a country or branch as data, read into entries.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from importlib.resources import files
from typing import Any, get_type_hints

from wfm.domain.roster import Severity, Status
from wfm.domain.timegrid import clock_span
from wfm.errors import SettingsError, StaleError, nearest
from wfm.rules.entry import Entry
from wfm.rules.registry import RULES
from wfm.rules.words import Rule

ABOUT_ENTRY = frozenset(
    {"code", "rule", "severity", "price", "source", "clause", "as_of", "status", "agreement"}
    | {"traits", "but_not", "note", "struck", "floor", "ceiling"}
)
ENUMS: dict[str, type[Severity] | type[Status]] = {"severity": Severity, "status": Status}
LIST = 'a list, such as ["minor"]'
EXPECTED = {key: " or ".join(enum) for key, enum in ENUMS.items()} | {
    "traits": LIST,
    "but_not": LIST,
    "price": "whole cents",
}
NUMBERS = {float: "a number", bool: "true or false", int: "a whole number", str: "text"}


@dataclass(frozen=True)
class Preset:
    """
    A preset file: the rules of one text or branch.

    ``good_until`` is the last day for which its texts may be relied on unread. ``country``
    (ISO code, for public holidays) and ``zone_name`` are those of a plan that names none;
    empty where the text holds in several.
    """

    name: str
    title: str
    as_of: date
    good_until: date
    note: str
    entries: tuple[Entry, ...]
    country: str = ""
    zone_name: str = ""


def preset_names() -> tuple[str, ...]:
    """
    Every preset that comes with the product.
    """
    folder = files("wfm.rules") / "presets"
    names = [item.name for item in folder.iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def preset(name: str) -> Preset:
    """
    One preset, with the rules of the preset that it extends.

    Raises
    ------
    SettingsError
        No preset has that name.
    """
    if name not in preset_names():
        raise SettingsError(
            f"rule preset '{name}' is not known", hint=nearest(name, preset_names())
        )
    table = tomllib.loads((files("wfm.rules") / "presets" / f"{name}.toml").read_bytes().decode())
    parent = preset(table["extends"]) if "extends" in table else None
    base = parent.entries if parent else ()
    dropped = set(table.get("drops", ()))
    own = [entry_of(row, {"as_of": table["as_of"]}) for row in table["rule"]]
    codes = {entry.code for entry in own}
    kept = [entry for entry in base if entry.code not in codes | dropped]
    return Preset(
        name=name,
        title=table["title"],
        as_of=table["as_of"],
        good_until=table["good_until"],
        note=table["note"],
        entries=(*kept, *own),
        country=table.get("country", parent.country if parent else ""),
        zone_name=table.get("zone", parent.zone_name if parent else ""),
    )


def read_preset(
    name: str, overrides: Sequence[Mapping[str, object]], as_of: date | None
) -> tuple[Entry, ...]:
    """
    The entries of a preset for a day, changed by company agreements.
    """
    found = preset(name)
    if as_of is not None and as_of > found.good_until:
        raise StaleError(
            f"rule preset {name} was read on {found.as_of} and is good until {found.good_until}",
            hint=f"check the texts again before planning for {as_of}, or update wfm",
        )
    entries = {entry.code: entry for entry in found.entries}
    for row in overrides:
        code = str(row.get("code", ""))
        if code not in entries:
            raise SettingsError(
                f"override of rule '{code}', which is not in {name}", hint=nearest(code, entries)
            )
        entries[code] = overridden(entries[code], row)
    return tuple(entries.values())


def overridden(entry: Entry, row: Mapping[str, object]) -> Entry:
    """
    An entry changed by a company agreement, whose reference it carries from then on.
    """
    if not str(row.get("agreement", "")).strip():
        raise SettingsError(
            f"override of rule {entry.code} names no agreement",
            hint='add agreement = "..." with its title and date',
        )
    known = {field.name for field in fields(entry.rule)}
    numbers = {key: row[key] for key in row if key in known}
    rest = {key: row[key] for key in row if key not in known}
    unknown = sorted(set(rest) - (ABOUT_ENTRY - {"rule"}))
    if unknown:
        raise SettingsError(
            f"override of rule {entry.code}: '{unknown[0]}' is not a key",
            hint=nearest(unknown[0], known | ABOUT_ENTRY - {"rule"}),
        )
    rule = replace(entry.rule, **typed(type(entry.rule), numbers, entry.code))
    wrong = entry.allows(rule)
    if wrong:
        raise SettingsError(
            f"override of rule {entry.code}: {wrong}", hint=f"see {entry.source} {entry.clause}"
        )
    return replace(entry, rule=rule, **about({**rest, "code": entry.code}))


def entry_of(row: Mapping[str, Any], defaults: Mapping[str, Any]) -> Entry:
    """
    One ``[[rule]]`` of a preset.
    """
    code, name = row["code"], str(row.get("rule", ""))
    if name not in RULES:
        raise SettingsError(f"rule {code}: '{name}' is no kind of rule", hint=nearest(name, RULES))
    word = RULES[name]
    numbers = {key: value for key, value in row.items() if key not in ABOUT_ENTRY}
    rest = {key: value for key, value in row.items() if key in ABOUT_ENTRY and key != "rule"}
    rule = word(**typed(word, numbers, code))
    return Entry(rule=rule, **about({**defaults, **rest}))


def added_entry(row: Mapping[str, Any]) -> Entry:
    """
    A rule of the centre's own, from ``[rules] add``.
    """
    if not str(row.get("code", "")).strip():
        raise SettingsError("an added rule has no code", hint='add code = "HOUSE-..."')
    return entry_of(row, {"source": "this workspace", "status": Status.SETTING})


def about(row: Mapping[str, Any]) -> dict[str, Any]:
    """
    The fields of an entry as its types.
    """
    found = dict(row)
    for key, value in row.items():
        if key in ENUMS and value in list(ENUMS[key]):
            found[key] = ENUMS[key](value)
        elif key in ("traits", "but_not") and isinstance(value, list):
            found[key] = frozenset(value)
        elif key in EXPECTED and not (key == "price" and type(value) is int):
            raise SettingsError(
                f"rule {row['code']}: {key} is {value!r}", hint=f"expected {EXPECTED[key]}"
            )
    return found


def typed(word: type[Rule], numbers: Mapping[str, Any], code: str) -> dict[str, Any]:
    """
    The numbers of a rule as its fields' types: ``"21:00-06:00"`` is a span of minutes.
    """
    hints = get_type_hints(word)
    known = {field.name for field in fields(word)}
    found = {}
    for key, value in numbers.items():
        if key not in known:
            raise SettingsError(
                f"rule {code}: '{key}' is not a number of {word.__name__}",
                hint=nearest(key, known),
            )
        found[key] = _cast(value, str(hints[key]), f"rule {code}: {key}")
    return found


def _cast(value: Any, hint: str, place: str) -> Any:
    if isinstance(value, str) and hint == "tuple[int, int]":
        return clock_span(value)
    listed = hint.startswith(("tuple", "frozenset"))
    if listed and isinstance(value, list):
        return frozenset(value) if "frozenset" in hint else tuple(value)
    wanted = next(kind for kind in NUMBERS if kind.__name__ in hint)
    fits = isinstance(value, (int, float) if wanted is float else wanted) and not listed
    if not fits or (isinstance(value, bool) and wanted is not bool):
        raise SettingsError(
            f"{place} is {value!r}", hint=f"expected {'a list' if listed else NUMBERS[wanted]}"
        )
    return wanted(value)
