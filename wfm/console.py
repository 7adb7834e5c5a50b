"""
What a person sees: tables on standard output, remarks and progress on standard error.

The only module that draws with rich. Progress shows on a terminal alone; colour never
with NO_COLOR, TERM=dumb or ``--no-color``; with ``--quiet`` only errors and answers are
printed. With ``--log-format json`` every remark, error and stage time is one JSON line
on standard error.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from wfm.errors import Problem, SettingsError

if TYPE_CHECKING:
    from rich.console import Console


class Table(Protocol):
    """
    A table of text: a title, column names, rows of cells, and notes below.

    ``align`` has an ``l`` or ``r`` for each column.
    """

    @property
    def title(self) -> str:
        """Heading; may be empty."""

    @property
    def columns(self) -> Sequence[str]:
        """Column names with their units."""

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """Cells, as many as columns in each row."""

    @property
    def align(self) -> str:
        """Which columns stand at the right."""

    @property
    def notes(self) -> Sequence[str]:
        """Sentences below the table."""


@dataclass
class _Look:
    """How this run speaks; set once by the options that all commands share."""

    quiet: bool = False
    color: bool = True
    json_log: bool = False
    bar: Console | None = None  # draws a progress just now; remarks go above it
    stage: str = ""  # the long stage that runs, or was left by an interruption


_look = _Look()


def use(*, quiet: bool = False, no_color: bool = False, log_format: str = "text") -> None:
    """
    Set how this run speaks.

    Raises
    ------
    SettingsError
        ``log_format`` is neither ``text`` nor ``json``.
    """
    if log_format not in ("text", "json"):
        raise SettingsError(f"--log-format is '{log_format}'", hint="use text or json")
    _look.quiet = quiet
    _look.color = not (no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb")
    _look.json_log = log_format == "json"
    _look.stage = ""


def _draw(stderr: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 240  # a file holds tables at their own width
    return Console(
        file=stream,
        no_color=not _look.color,
        width=width,
        highlight=False,
        emoji=False,
        markup=False,
    )


def show(table: Table) -> None:
    """
    Print the answer to what was asked, as a table on standard output.
    """
    from rich import box
    from rich.table import Table as Drawing

    drawing = Drawing(
        title=table.title or None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        collapse_padding=True,
        pad_edge=False,
    )
    for name, side in zip(table.columns, table.align, strict=True):
        drawing.add_column(name, justify="right" if side == "r" else "left")
    for row in table.rows:
        drawing.add_row(*row)
    pen = _draw(stderr=False)
    with pen.capture() as drawn:  # written by us: rich would leave a closed pipe with exit 1
        pen.print(drawing)
        for note in table.notes:
            pen.print(note, soft_wrap=True)
    show_text(drawn.get())


def summary(table: Table) -> None:
    """
    Print a table beside written files; ``--quiet`` leaves it out.
    """
    if not _look.quiet:
        show(table)


def show_text(text: str) -> None:
    """Print text on standard output, as it is."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def say(text: str) -> None:
    """
    Print text beside written files; ``--quiet`` leaves it out.
    """
    if not _look.quiet:
        show_text(text)


def show_json(value: Any) -> None:
    """Print one JSON object on standard output."""
    show_text(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def remark(text: str) -> None:
    """Say something on standard error; ``--quiet`` leaves it out."""
    if _look.json_log:
        _log("remark", text=text)
    elif not _look.quiet:
        if _look.bar is None and not sys.stderr.isatty():
            _tell(f"{text}\n")
        else:
            (_look.bar or _draw(stderr=True)).print(text, style="dim", soft_wrap=True)


def remarks(texts: Iterable[str]) -> None:
    """Say several things on standard error."""
    for text in texts:
        remark(text)


def error(problems: Iterable[Problem]) -> None:
    """Print every fault on standard error, with what to do about it."""
    for problem in problems:
        place = f"{problem.place}: " if problem.place else ""
        fail(f"{place}{problem.message}", hint=problem.hint)


def fail(message: str, *, hint: str = "") -> None:
    """Print one fault on standard error."""
    if _look.json_log:
        _log("error", text=message, hint=hint)
        return
    if not (sys.stderr.isatty() and _look.color):  # rich would only cost time here
        _tell(f"error: {message}\n" + (f"hint:  {hint}\n" if hint else ""))
        return
    from rich.text import Text

    pen = _draw(stderr=True)
    pen.print(Text("error: ", style="bold red") + Text(message), soft_wrap=True)
    if hint:
        pen.print(Text("hint:  ", style="bold") + Text(hint), soft_wrap=True)


def interruption() -> str:
    """``interrupted during schedule``: where an interruption fell."""
    return f"interrupted during {_look.stage}" if _look.stage else "interrupted"


def _log(event: str, **values: Any) -> None:
    line = {"event": event, **{name: value for name, value in values.items() if value != ""}}
    _tell(json.dumps(line, ensure_ascii=False) + "\n")


def _tell(text: str) -> None:
    """Write to standard error; where that fails there is nowhere left to say so."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:  # what is left in the buffer must not fail again when Python ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


@contextmanager
def progress(stage: str) -> Iterator[Callable[..., None]]:
    """
    A progress for one long stage: a bar on a terminal, its time in a JSON log.

    Yields
    ------
    Progress
        To be called with steps done, steps in all, and a few words.
    """
    begun = time.perf_counter()
    _look.stage = stage
    if _look.json_log:
        _log("begin", stage=stage)
    if sys.stderr.isatty() and not _look.quiet and not _look.json_log:
        with _bar(stage) as told:
            yield told
    else:
        yield lambda *_args, **_words: None
    _look.stage = ""
    if _look.json_log:
        _log("end", stage=stage, seconds=round(time.perf_counter() - begun, 3))


@contextmanager
def _bar(stage: str) -> Iterator[Callable[..., None]]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        TextColumn("{task.fields[words]}"),
    )
    _look.bar = _draw(stderr=True)
    with Progress(*columns, console=_look.bar, transient=True) as bars:
        task = bars.add_task(stage, total=None, words="")

        def told(done: float, total: float, words: str = "") -> None:
            bars.update(task, completed=done, total=total, words=words)

        try:
            yield told
        finally:
            _look.bar = None
