"""
Cases of the calculator: a CSV of questions in, the same rows with their answers out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wfm.errors import DataError, Problem
from wfm.io.columns import Column, Kind, Sheet
from wfm.io.files import Table, csv_text, read_table

TARGETS = ("service_level", "answer_rate", "max_occupancy", "asa", "blocking")
RESULTS = (
    *("model", "load_erlangs", "agents", "to_schedule", "service_level", "answer_rate"),
    *("occupancy", "asa_s", "p_wait"),
)


def _maybe(name: str, kind: Kind, meaning: str, *aliases: str) -> Column:
    return Column(name, kind, meaning, required=False, aliases=aliases)


CASES = Sheet(
    "cases",
    "questions to the calculator: the names of its options as columns",
    (
        _maybe("start", Kind.TEXT, "kept as it is", "timestamp", "interval_start"),
        _maybe("queue", Kind.TEXT, "kept as it is"),
        _maybe("name", Kind.TEXT, "kept as it is", "case", "id"),
        _maybe("contacts", Kind.COUNT, "contacts offered", "offered", "calls"),
        _maybe("interval", Kind.COUNT, "minutes in which they come"),
        _maybe("load", Kind.COUNT, "erlangs, instead of contacts"),
        _maybe("aht", Kind.SECONDS, "mean handle time", "aht_s", "handle_time_s"),
        _maybe("agents", Kind.COUNT, "people on contacts"),
        _maybe("scheduled", Kind.COUNT, "people on the roster"),
        _maybe("service_level", Kind.SHARE, "to be answered in time", "target_service_level"),
        _maybe("within", Kind.SECONDS, "what is in time", "threshold_s"),
        _maybe("abandons", Kind.TEXT, "how hang-ups count in the service level"),
        _maybe("answer_rate", Kind.SHARE, "to be answered at all", "target_answer_rate"),
        _maybe("max_occupancy", Kind.SHARE, "busy time at most", "target_max_occupancy"),
        _maybe("asa", Kind.SECONDS, "mean wait of those answered at most", "target_asa"),
        _maybe("blocking", Kind.SHARE, "turned away at most (model b)", "target_blocking"),
        _maybe("patience", Kind.SECONDS, "mean time until a caller hangs up", "patience_s"),
        _maybe("short_abandon", Kind.SECONDS, "who hangs up sooner was not offered"),
        _maybe("shrinkage", Kind.SHARE, "paid time not available for contacts"),
        _maybe("redial", Kind.SHARE, "share of those who hung up that call again"),
        _maybe("concurrency", Kind.COUNT, "chats an agent handles at once"),
        _maybe("slowing", Kind.COUNT, "how many times longer each then takes"),
        _maybe("self_service", Kind.SHARE, "share of contacts that a machine takes"),
        _maybe("self_service_errors", Kind.SHARE, "share of these that fail and come back"),
        _maybe("model", Kind.TEXT, "b, c, a, x or chat"),
        _maybe("find", Kind.TEXT, "what to work out; else what is missing"),
    ),
)
LABELS = ("start", "queue", "name")


def read_cases(path: Path) -> Table:
    """
    Questions of a file; cells may be empty.

    Raises
    ------
    DataError
        A cell cannot be read; all of them are listed.
    """
    table = read_table(path, CASES)
    table.check()
    if len(table) == 0:
        raise DataError("holds no cases", place=path.name)
    return table


def answered_text(table: Table, answers: Sequence[Mapping[str, Any]]) -> str:
    """
    The file of answers: what was asked (targets as ``target_...``), then what is found.
    """
    asked = {
        f"target_{name}" if name in TARGETS else name: values
        for name, values in table.columns.items()
        if name not in RESULTS or name in TARGETS
    }
    found = {name: [answer[name] for answer in answers] for name in answers[0]}
    columns: dict[str, Sequence[Any]] = {**asked, **found}
    sheet = Sheet(
        "answers",
        "",
        tuple(Column(name, _kind(values), "") for name, values in columns.items()),
    )
    return csv_text(sheet, columns)


def _kind(values: Sequence[Any]) -> Kind:
    return Kind.TEXT if any(isinstance(value, str) for value in values) else Kind.NUMBER


def rejected(table: Table, faults: Mapping[int, Problem]) -> DataError:
    """
    All rows that cannot be answered, as one error.
    """
    return DataError(
        problems=[
            Problem(f"{table.path.name}, row {table.rows[at]}", fault.message, fault.hint)
            for at, fault in faults.items()
        ]
    )
