"""
The calculator's answers as a table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from wfm.reporting import words
from wfm.reporting.table import Table

MODELS = {
    "b": "Erlang B: who finds everybody busy is turned away",
    "c": "Erlang C: callers wait for ever",
    "a": "Erlang A: callers hang up",
    "x": "Erlang X: callers hang up and call again; shares are of all attempts",
    "chat": "chat: several at once, each then slower",
}


class Answered(Protocol):
    """
    What is shown of an answer: its figures by name.
    """

    @property
    def found(self) -> str:
        """What was worked out."""

    @property
    def kept(self) -> bool:
        """Whether everything asked is reached."""

    def row(self) -> Mapping[str, Any]:
        """Every figure by its name."""


def calculation_table(answers: Sequence[Answered]) -> Table:
    """
    One row an answer: what was asked, what is needed, what callers meet.
    """
    figures = [answer.row() for answer in answers]
    models = {str(figure["model"]) for figure in figures}
    columns: tuple[str, ...] = (
        *("contacts", "AHT s", "erlangs", "agents", "on roster"),
        *("in time", "answered", "occupied", "ASA s", "waiting"),
    )
    cells = [_cells(figure) for figure in figures]
    if any(figure["shrinkage"] for figure in figures):
        columns = (*columns, "shrinkage")
        cells = [
            (*row, words.percent(figure["shrinkage"]))
            for row, figure in zip(cells, figures, strict=True)
        ]
    within = {plain(figure["within"]) for figure in figures}
    notes = [MODELS[model] for model in sorted(models)]
    notes.append(f"in time: answered within {', '.join(sorted(within))} s")
    found = {answer.found for answer in answers} - {"outcome"}
    if found:
        notes.append(f"worked out: {', '.join(sorted(found))}")
    if not all(answer.kept for answer in answers):
        notes.append(
            "what was asked is not reached" + (" in every row" if len(answers) > 1 else "")
        )
    return Table("", columns, tuple(cells), "r" * len(columns), tuple(notes))


def _cells(figure: Mapping[str, Any]) -> tuple[str, ...]:
    asa = figure["asa_s"]
    return (
        plain(figure["contacts"]),
        plain(figure["aht"]),
        words.number(figure["load_erlangs"], 2),
        plain(figure["agents"]),
        plain(figure["to_schedule"]),
        words.percent(figure["service_level"]),
        words.percent(figure["answer_rate"]),
        words.percent(figure["occupancy"]),
        "∞" if math.isinf(asa) else words.number(asa, 1),
        words.percent(figure["p_wait"]),
    )


def plain(value: float) -> str:
    """
    A number with no more decimals than it has, two at most: ``30``, ``7.5``.
    """
    text = words.number(value, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text
