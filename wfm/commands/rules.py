"""
``wfm rules``: the rule book in words.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfm.commands.common import JsonOption, OutputOption, WorkspaceOption
from wfm.errors import SettingsError, nearest

if TYPE_CHECKING:
    from wfm.reporting.table import Table
    from wfm.rules.book import Book
    from wfm.rules.entry import Entry

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="The rule book in words: every preset, every rule, its number and its source.",
)


@app.command("list")
def listed(
    as_json: JsonOption = False,
    kinds: Annotated[
        bool, typer.Option("--kinds", help="The kinds of rule that [rules] add can put in force.")
    ] = False,
) -> None:
    """
    The presets: law as data, one file a country or branch.

      wfm rules list
      wfm rules list --kinds                     every kind of rule, with its numbers
    """
    from wfm import console
    from wfm.reporting.table import Table
    from wfm.rules.preset import preset, preset_names

    if kinds:
        found_kinds = _kinds()
        if as_json:
            console.show_json(found_kinds)
        else:
            told = tuple(tuple(map(str, one.values())) for one in found_kinds)
            console.show(Table("Kinds of rule", ("rule", "numbers", "says"), told, "lll"))
        return
    found = [preset(name) for name in preset_names()]
    if as_json:
        console.show_json(
            [
                {
                    "preset": one.name,
                    "title": one.title,
                    "rules": len(one.entries),
                    "as_of": one.as_of.isoformat(),
                    "good_until": one.good_until.isoformat(),
                }
                for one in found
            ]
        )
        return
    rows = tuple(
        (one.name, one.title, str(len(one.entries)), f"{one.as_of}", f"{one.good_until}")
        for one in found
    )
    columns = ("preset", "title", "rules", "texts of", "good until")
    note = "None is a default: name one with --rules or in [rules] of wfm.toml. No legal advice."
    console.show(Table("Rule presets", columns, rows, "llrll", (note,)))


@app.command()
def show(
    name: Annotated[
        str | None, typer.Argument(metavar="PRESET", help="Else the workspace's book.")
    ] = None,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Every rule of a preset, or of a workspace with its own agreements.

      wfm rules show fr-2098
      wfm rules show fr-code -o book.html        one page for the works council
    """
    from wfm import console
    from wfm.io.files import write_files

    book, title, note = _book(name, workspace)
    if as_json:
        console.show_json([_record(entry) for entry in book])
    elif output is not None:
        from wfm.reporting.pages.document import document

        write_files({output: document(f"Rule book: {title}", note, _pages(book))})
    else:
        console.show(_table(book, title, note))


@app.command()
def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="As findings name it.")],
    workspace: WorkspaceOption = None,
) -> None:
    """
    One rule: its sentence, its numbers, where it stands written, and how sure that is.

      wfm rules explain FR-L3121-18
    """
    from wfm import console
    from wfm.reporting.findings import status_words
    from wfm.reporting.table import Table

    entry, presets = _entry(code, workspace)
    rule = entry.rule
    rows = [
        ("rule", f"{entry.code}, in {presets}"),
        ("says", rule.sentence),
        ("more", rule.remark),
        ("severity", entry.severity.value),
        ("for", _whom(entry)),
        ("measured in", rule.unit),
        ("needs", ", ".join(sorted(rule.needs))),
        ("past weeks", str(rule.weeks_back) if rule.weeks_back else ""),
        ("source", " ".join(filter(None, (entry.source, entry.clause)))),
        ("text of", str(entry.as_of or "")),
        ("known", status_words(entry.status)),
        ("an agreement may set", _limits(entry)),
        ("agreement", entry.agreement),
        ("left out", _struck(entry)),
        ("note", entry.note),
    ]
    shown = tuple((name, text) for name, text in rows if text)
    console.show(Table("", ("", ""), shown, "ll"))


def _kinds() -> list[dict[str, str]]:
    """Every kind of rule but those always in force: its numbers as written, its sentence."""
    from dataclasses import fields

    from wfm.rules.book import house_rules
    from wfm.rules.registry import RULES

    ever = {type(entry.rule).__name__ for entry in house_rules()} | {"NoOverlap"}
    return [
        {
            "rule": name,
            "numbers": ", ".join(
                f"{field.name} = {_written(getattr(RULES[name](), field.name))}"
                for field in fields(RULES[name])
            ),
            "says": RULES[name]().sentence,
        }
        for name in sorted(RULES.keys() - ever)
    ]


def _written(value: object) -> str:
    """A number of a rule as TOML files hold it; a span of the clock as its two ends."""
    from wfm.domain.timegrid import clock_text

    if isinstance(value, tuple) and value and all(type(item) is int for item in value):
        return f'"{"-".join(map(clock_text, value))}"'
    if isinstance(value, tuple | frozenset):
        items = sorted(value) if isinstance(value, frozenset) else value
        return f"[{', '.join(map(_written, items))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "none"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def _book(name: str | None, workspace: Path | None) -> tuple[Book, str, str]:
    """A book, its title, and what must be known of it."""
    from wfm.rules.book import load_preset
    from wfm.rules.preset import preset, preset_names
    from wfm.workspace import Workspace

    if name is not None:
        found = preset(name)
        note = f"Texts of {found.as_of}, good until {found.good_until}. {found.note}"
        return load_preset(name, house=False), f"{name}: {found.title}", note
    place = Workspace.near(workspace)
    if place is None:
        known = ", ".join(preset_names())
        raise SettingsError("no preset is named", hint=f"name one of {known}")
    rules = place.settings.rules
    found = preset(rules.named)
    queues = place.settings.queues.values()
    book = load_preset(rules.named, rules.override, added=rules.add, queues=queues)
    title = f"{place.folder.resolve().name}, on {rules.named}"
    return book, title, f"Texts of {found.as_of}, good until {found.good_until}. {found.note}"


def _entry(code: str, workspace: Path | None) -> tuple[Entry, str]:
    """The entry of a code, the workspace's own first, and the books that hold it as it is."""
    from wfm.rules.book import load_preset
    from wfm.rules.preset import preset_names
    from wfm.workspace import Workspace

    books = [load_preset(name) for name in preset_names()]
    if Workspace.near(workspace) is not None:
        books.insert(0, _book(None, workspace)[0])
    found = [
        (entry, book.name)
        for book in books
        for entry in book
        if entry.code.casefold() == code.casefold()
    ]
    if not found:
        codes = {entry.code for book in books for entry in book}
        raise SettingsError(f"no rule has the code '{code}'", hint=nearest(code.upper(), codes))
    first = found[0][0]
    names = dict.fromkeys(name for entry, name in found if entry == first)
    return first, ", ".join(names)


def _record(entry: Entry) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "code": entry.code,
        "rule": type(entry.rule).__name__,
        "numbers": {key: _plain(value) for key, value in asdict(entry.rule).items()},
        "sentence": entry.rule.sentence,
        "severity": entry.severity.value,
        "price": entry.price,
        "unit": entry.rule.unit,
        "for": sorted(entry.traits),
        "but_not": sorted(entry.but_not),
        "source": entry.source,
        "clause": entry.clause,
        "as_of": entry.as_of.isoformat() if entry.as_of else None,
        "status": entry.status.value,
        "agreement": entry.agreement,
        "struck": entry.struck,
        "note": entry.note,
    }


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def _whom(entry: Entry) -> str:
    """For whom a rule holds, in words."""
    only = ", ".join(sorted(entry.traits)) or "everybody"
    return f"{only}, but not {', '.join(sorted(entry.but_not))}" if entry.but_not else only


def _beside(entry: Entry) -> str:
    """What a reader must know beside the sentence: note, limits of agreements, words left out."""
    limits = _limits(entry)
    allowed = f"An agreement may set {limits}." if limits else ""
    return " ".join(filter(None, (entry.note, allowed, _struck(entry))))


def _struck(entry: Entry) -> str:
    """Words that the ministry left out when it extended the clause to the whole branch."""
    return f"The extension leaves out: '{entry.struck}'." if entry.struck else ""


def _limits(entry: Entry) -> str:
    least = [f"{name} from {value:g}" for name, value in entry.floor.items()]
    most = [f"{name} up to {value:g}" for name, value in entry.ceiling.items()]
    return ", ".join([*least, *most])


def _table(book: Book, title: str, note: str) -> Table:
    from wfm.reporting.table import Table

    rows = tuple(
        (
            *(entry.code, entry.severity.value, entry.rule.sentence, _whom(entry)),
            entry.told_source,
            entry.status.value,
        )
        for entry in book
    )
    return Table(
        title, ("code", "severity", "rule", "for", "source", "status"), rows, "llllll", (note,)
    )


def _pages(book: Book) -> list[Table | str]:
    """The book for people: hard rules, then priced, then what is only said."""
    from wfm.domain.roster import Severity
    from wfm.reporting.findings import status_words
    from wfm.reporting.table import Table

    heads = {
        Severity.HARD: "Must not be broken",
        Severity.PRICED: "May be broken at a price",
        Severity.INFO: "Said, never enforced",
    }
    columns = ("code", "rule", "for", "source", "text of", "how it is known", "note")
    found: list[Table | str] = []
    for severity, head in heads.items():
        rows = tuple(
            (
                *(entry.code, entry.rule.sentence, _whom(entry)),
                *(entry.told_source, str(entry.as_of or ""), status_words(entry.status)),
                _beside(entry),
            )
            for entry in book
            if entry.severity is severity
        )
        if rows:
            found.append(Table(head, columns, rows, "lllllll"))
    return [*found, "A planner's reading of public texts, no legal advice."]
