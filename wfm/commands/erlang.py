"""
``wfm erlang``: a calculator for one interval, a range, or a CSV of cases.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import typer

from wfm.commands.common import JsonOption, OutputOption
from wfm.domain.promise import Abandons
from wfm.errors import Problem, SettingsError

Given = dict[str, str | float | None]


def _option(name: str, unit: str, words: str) -> Any:
    return typer.Option(name, metavar=unit, help=words, show_default=False)


def erlang(
    contacts: Annotated[str | None, _option("--contacts", "N", "Contacts offered.")] = None,
    interval: Annotated[
        str | None, _option("--interval", "MINUTES", "In which they come; 30.")
    ] = None,
    load: Annotated[str | None, _option("--load", "ERLANGS", "Instead of contacts.")] = None,
    aht: Annotated[str | None, _option("--aht", "SECONDS", "Mean handle time.")] = None,
    agents: Annotated[str | None, _option("--agents", "N", "People on contacts.")] = None,
    scheduled: Annotated[
        str | None, _option("--scheduled", "N", "People on the roster, shrinkage in them.")
    ] = None,
    service_level: Annotated[
        str | None, _option("--service-level", "SHARE", "To be answered in time: 0.80.")
    ] = None,
    within: Annotated[str | None, _option("--within", "SECONDS", "What is in time; 20.")] = None,
    abandons: Annotated[
        Abandons,
        typer.Option("--abandons", help="How hang-ups count in the service level."),
    ] = Abandons.OFFERED,
    answer_rate: Annotated[
        str | None, _option("--answer-rate", "SHARE", "To be answered at all: 0.90.")
    ] = None,
    max_occupancy: Annotated[
        str | None, _option("--max-occupancy", "SHARE", "Busy time over time on queue at most.")
    ] = None,
    asa: Annotated[
        str | None, _option("--asa", "SECONDS", "Mean wait of those answered at most.")
    ] = None,
    blocking: Annotated[
        str | None, _option("--blocking", "SHARE", "Turned away at most (model b).")
    ] = None,
    patience: Annotated[
        str | None, _option("--patience", "SECONDS", "Mean time until a caller hangs up.")
    ] = None,
    short_abandon: Annotated[
        str | None,
        _option("--short-abandon", "SECONDS", "Who hangs up sooner was not offered."),
    ] = None,
    redial: Annotated[
        str | None, _option("--redial", "SHARE", "Of those who hang up, who call again.")
    ] = None,
    concurrency: Annotated[
        str | None, _option("--concurrency", "N", "Chats an agent handles at once.")
    ] = None,
    slowing: Annotated[
        str | None,
        _option("--slowing", "FACTOR", "How many times longer each then takes: 1.6."),
    ] = None,
    self_service: Annotated[
        str | None, _option("--self-service", "SHARE", "Of contacts that a machine takes.")
    ] = None,
    self_service_errors: Annotated[
        str | None,
        _option("--self-service-errors", "SHARE", "Of these that fail and come back."),
    ] = None,
    shrinkage: Annotated[
        str | None, _option("--shrinkage", "SHARE", "Paid time not available for contacts.")
    ] = None,
    model: Annotated[
        str | None,
        _option(
            "--model",
            "b|c|a|x|chat",
            "b loses calls, c queues them, a lets callers hang up, x call again.",
        ),
    ] = None,
    find: Annotated[
        str | None,
        _option(
            "--find", "WHAT", "agents, contacts, load, aht, within, shrinkage; else what lacks."
        ),
    ] = None,
    cases: Annotated[
        Path | None,
        _option("--cases", "FILE", "CSV with a case a row; columns are these options' names."),
    ] = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Work out one of agents, contacts, AHT, threshold or outcome from the others.

      wfm erlang --contacts 200 --aht 180 --service-level 0.80 --within 20 --shrinkage 0.3
      wfm erlang --contacts 200 --aht 180 --agents 20:28 --patience 120
      wfm erlang --cases intervals.csv -o staffed.csv

    A value such as 20:28 or 100:300:50 gives a table, a row for each. With --patience
    callers hang up (Erlang A); without, they wait for ever (Erlang C).
    """
    given: Given = {
        "contacts": contacts,
        "interval": interval,
        "load": load,
        "aht": aht,
        "agents": agents,
        "scheduled": scheduled,
        "service_level": service_level,
        "within": within,
        "abandons": str(abandons),
        "answer_rate": answer_rate,
        "max_occupancy": max_occupancy,
        "asa": asa,
        "blocking": blocking,
        "patience": patience,
        "short_abandon": short_abandon,
        "redial": redial,
        "concurrency": concurrency,
        "slowing": slowing,
        "self_service": self_service,
        "self_service_errors": self_service_errors,
        "shrinkage": shrinkage,
        "model": model,
        "find": find,
    }
    if cases is not None:
        _answer_file(cases, output, given)
    else:
        _answer_options(given, output, as_json)


def _answer_options(given: Given, output: Path | None, as_json: bool) -> None:
    """One question, or a table of them, from the options alone."""
    from wfm import console
    from wfm.staffing.erlang.calculator import answer, doubts
    from wfm.staffing.erlang.tables import cases_of, ranged

    if output is not None:
        raise SettingsError("--output goes with --cases", hint="leave it out, or use --json > FILE")
    cases = cases_of(given)
    console.remarks(doubts(cases[0]))
    answers = [answer(case) for case in cases]
    if as_json:
        rows = [_finite(found.row()) for found in answers]
        console.show_json(rows if ranged(given) else rows[0])
        return
    from wfm.reporting.calculations import calculation_table

    console.show(calculation_table(answers))


def _finite(row: Given) -> Given:
    """JSON has no infinity: a wait without end is null there."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in row.items()
    }


def _answer_file(path: Path, output: Path | None, given: Given) -> None:
    """A question a row; options stand in for empty cells and missing columns."""
    from wfm.io.cases import LABELS, answered_text, read_cases, rejected
    from wfm.io.files import write_files
    from wfm.staffing.erlang.calculator import answer
    from wfm.staffing.erlang.tables import cases_of, ranged

    if ranged(given):
        raise SettingsError("a range goes without --cases", hint="write a row for each value")
    table = read_cases(path)
    answers: list[dict[str, str | float | None]] = []
    faults: dict[int, Problem] = {}
    names = [name for name in table.columns if name not in LABELS]
    for at in range(len(table)):
        row = {name: table.columns[name][at] for name in names}
        asked = given | {name: value for name, value in row.items() if value is not None}
        try:
            answers.append(answer(cases_of(asked)[0]).row())
        except SettingsError as error:
            faults[at] = error.problems[0]
    if faults:
        raise rejected(table, faults)
    write_files({output or Path("-"): answered_text(table, answers)})
