"""
``wfm check``: the labour-law linter alone, on any plan.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfm.commands.common import AsOfOption, FromOption, OutputOption, WorkspaceOption, today
from wfm.errors import SettingsError, nearest

if TYPE_CHECKING:
    from wfm.reporting.findings import Findings
    from wfm.rules.book import Book
    from wfm.workspace import Workspace

FORMATS = ("text", "json", "sarif", "csv", "html")


def check(
    roster: Annotated[
        Path, typer.Argument(metavar="ROSTER", help="Roster, shifts, grid (CSV, Excel) or ICS.")
    ],
    rules: Annotated[
        str | None,
        typer.Option("--rules", metavar="PRESET", help="See `wfm rules list`; else wfm.toml's."),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="How findings are written.")
    ] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="CODE", help="Only rules whose code begins so."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="CODE", help="Leave out rules whose code begins so."),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option("--since", metavar="PLAN", help="Published before: checks notice of changes."),
    ] = None,
    past: Annotated[
        list[Path] | None,
        typer.Option("--past", metavar="ROSTER", help="Plans of the weeks before; else past.csv."),
    ] = None,
    unpaid_break: Annotated[
        int,
        typer.Option(
            "--unpaid-break",
            min=0,
            metavar="MINUTES",
            help="Taken off days over 6 h that show no break.",
        ),
    ] = 0,
    country: Annotated[
        str | None, typer.Option("--country", metavar="CODE", help="For public holidays.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", metavar="ZONE", help="Zone of the clock times.")
    ] = None,
    first: FromOption = None,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
) -> int:
    """
    Check any plan against labour law: who breaks which rule, when, by how much.

      wfm check plan.xlsx --rules fr-code
      wfm check plan.csv --rules fr-2098 --past last-month.csv --format json
      wfm check roster.csv -w centre             with its contracts and its own rules

    Reads our roster, a table of shifts (agent, shift_start, shift_end), a grid of people by
    days as typed in Excel (08:00-16:00, 8h-16h, OFF, RTT), or a calendar file. Says which
    rules it could not check, and why. Exit 7 when a hard rule is broken.
    """
    from wfm import console
    from wfm.commands.linting import Where, uncollected
    from wfm.errors import Exit
    from wfm.rules.book import load_preset
    from wfm.rules.preset import preset, preset_names

    if as_json and form not in ("text", "json"):
        raise SettingsError(f"--json and --format {form} are two forms", hint="take one of them")
    form = "json" if as_json else form
    if form not in FORMATS:
        raise SettingsError(f"--format is '{form}'", hint=nearest(form, FORMATS))
    place = _workspace(workspace) if workspace or rules is None else None
    if rules is None and place is None:
        known = ", ".join(preset_names())
        raise SettingsError("no rules are named", hint=f"add --rules with one of {known}")
    own = place.settings.rules if place else None
    name = rules or (own.named if own else "")
    overrides = own.override if own and own.preset == name else ()
    queues = place.settings.queues.values() if place else ()
    book = load_preset(
        *(name, overrides, today(as_of)),
        added=own.add if own else (),
        queues=queues,
        house=place is not None,
    )
    book = chosen(book, select or (), ignore or ())
    law = preset(name)
    where = Where(
        place,
        timezone or (place.settings.timezone if place else law.zone_name or "UTC"),
        country or (place.settings.country if place else law.country),
        first,
        unpaid_break,
    )
    with uncollected():
        found = where.findings(roster, book, since, past or (), today(as_of))
    if form == "sarif":
        found = replace(found, places=where.places(roster))
    write(found, form, output)
    console.remarks(found.remarks)
    return Exit.RULE_BROKEN if found.broken else Exit.DONE


def _workspace(folder: Path | None) -> Workspace | None:
    """The workspace that is named, else the nearest, if there is one."""
    from wfm.workspace import Workspace

    return Workspace.find(folder) if folder else Workspace.near()


def chosen(book: Book, select: list[str] | tuple[()], ignore: list[str] | tuple[()]) -> Book:
    """
    The part of a book that ``--select`` and ``--ignore`` leave.

    Raises
    ------
    SettingsError
        A code that no rule begins with.
    """
    codes = [entry.code for entry in book]
    for told in (*select, *ignore):
        if not any(code.startswith(told) for code in codes):
            raise SettingsError(f"no rule begins with '{told}'", hint=nearest(told, codes))
    gone = [
        code
        for code in codes
        if (select and not code.startswith(tuple(select)))
        or (ignore and code.startswith(tuple(ignore)))
    ]
    return book.without(gone)


def write(found: Findings, form: str, output: Path | None) -> None:
    """
    The findings to a file or standard output, in one of ``FORMATS``.
    """
    import json

    from wfm import __version__, console
    from wfm.io.files import write_files
    from wfm.io.rosters import violations_csv
    from wfm.reporting.findings import (
        findings_record,
        findings_table,
        people_summary,
        rules_summary,
        sarif_record,
        unchecked_table,
    )

    tables = [rules_summary(found), people_summary(found), findings_table(found)]
    shown = [table for table in (*tables, unchecked_table(found)) if table.rows]
    if form == "text" and output is None:
        for table in shown:
            console.show(table)
        console.show_text(found.headline)
        return
    if form == "json":
        text = json.dumps(findings_record(found), indent=2, ensure_ascii=False)
    elif form == "sarif":
        text = json.dumps(sarif_record(found, __version__), indent=2, ensure_ascii=False)
    elif form == "csv":
        text = violations_csv(found.violations)
    elif form == "html":
        from wfm.reporting.pages.document import document

        text = document("Labour-law check", found.headline, [*found.remarks, *shown])
    else:
        lines = ["\t".join(row) for row in findings_table(found).rows]
        text = "\n".join([found.headline, *lines])
    write_files({output or Path("-"): text if text.endswith("\n") else text + "\n"})
