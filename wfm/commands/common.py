"""
Options that commands share, as annotated types, and what their bodies share.

A command takes those it heeds::

    def staff(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None: ...

``--quiet``, ``--no-color`` and ``--log-format`` belong to every command and are added by
``wfm.commands``.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wfm import console
from wfm.errors import StaleError

if TYPE_CHECKING:
    from wfm.domain.timegrid import Grid
    from wfm.pipeline import Centre
    from wfm.rules.book import Book
    from wfm.workspace import Workspace


MAX_WEEKS = 104  # of one horizon
MAX_REPLICATIONS = 10_000
MAX_SEED = 2**31 - 1  # what a solver takes
YEARS = range(1900, 2101)  # a date outside is a slip of the keyboard


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is no date, expected YYYY-MM-DD") from error
    if day.year not in YEARS:
        raise typer.BadParameter(f"'{text}': expected a year from {YEARS[0]} to {YEARS[-1]}")
    return day


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="DIR",
        help="The centre's folder; else the nearest parent with wfm.toml.",
        show_default=False,
    ),
]


def _writable(path: Path | None) -> Path | None:
    """A file to write, once it is seen that it can stand there: before the work, not behind it."""
    from wfm.io.files import placed

    if path is not None and path != Path("-"):
        placed(path)
    return path


OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="File to write; - is standard output.",
        show_default=False,
        callback=_writable,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object instead of a table.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", "-n", help="Do everything but write nothing.")
]
AsOfOption = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        parser=_date,
        help="Today, for this run: YYYY-MM-DD instead of the clock.",
        show_default=False,
    ),
]
FromOption = Annotated[
    date | None,
    typer.Option(
        "--from", metavar="DATE", parser=_date, help="First day to plan.", show_default=False
    ),
]
WeeksOption = Annotated[
    int | None,
    typer.Option("--weeks", min=1, max=MAX_WEEKS, help="Weeks to plan.", show_default=False),
]
SeedOption = Annotated[
    int | None,
    typer.Option(
        "--seed",
        min=0,
        max=MAX_SEED,
        help="Seed of every draw; same seed, same bytes. Else [plan] seed.",
        show_default=False,
    ),
]
MaxGapOption = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        min=0,
        help="Exit 5 when the proven gap is wider, such as 0.01. Else [plan] max_gap.",
        show_default=False,
    ),
]
PastOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--past",
        metavar="ROSTER",
        help="Rosters of the weeks before; else past.csv.",
        show_default=False,
    ),
]
FixedOption = Annotated[
    Path | None,
    typer.Option(
        "--fixed",
        metavar="FILE",
        help="What is decided already; else fixed.csv.",
        show_default=False,
    ),
]
EffortOption = Annotated[
    float | None,
    typer.Option(
        "--effort",
        metavar="TIMES",
        help="Work, not time; 1 is usual. Else [plan] effort.",
        show_default=False,
    ),
]
TimeLimitOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        help="Stop after this time; two runs may then differ.",
        show_default=False,
    ),
]
BaseOption = Annotated[
    Path | None,
    typer.Option(
        "--base",
        metavar="ROSTER",
        help="The roster that stands, or a plan's folder; else the last draft.",
        show_default=False,
    ),
]
MaxChangesOption = Annotated[
    int | None,
    typer.Option(
        "--max-changes",
        min=0,
        metavar="N",
        help="Person-days that may change beside those that must.",
        show_default=False,
    ),
]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=1, metavar="N", help="Processes; the result is the same.")
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="The promise is hard: exit 4 where it cannot be kept.")
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help="Say nothing but errors and what was asked for.")
]
NoColorOption = Annotated[
    bool, typer.Option("--no-color", help="Plain text; also by NO_COLOR or TERM=dumb.")
]
LogFormatOption = Annotated[
    str,
    typer.Option(
        "--log-format", metavar="text|json", help="How remarks and stage times are written."
    ),
]


VersionOption = Annotated[bool, typer.Option("--version", help="Print the version.")]


def today(as_of: date | None) -> date:
    """
    The day of this run: ``--as-of``, else the clock's. The only place that reads a clock.
    """
    return as_of or date.today()


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """
    A stop for long stages: true once Ctrl-C or a termination has been asked for.

    The stage ends with its best result. A second Ctrl-C ends the run at once; a second
    termination changes nothing.
    """
    asked = False

    def ask(number: int, _frame: Any) -> None:
        nonlocal asked
        if asked and number == signal.SIGINT:
            raise KeyboardInterrupt
        again = "; Ctrl-C again stops at once" if number == signal.SIGINT else ""
        if not asked:
            console.remark(f"{console.interruption()}: ending with the best so far{again}")
        asked = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def book_of(place: Workspace, as_of: date) -> Book:
    """
    The rules in force in a workspace: its preset, its overrides, and its contracts.
    """
    from wfm.domain.money import cents
    from wfm.rules.book import load_preset
    from wfm.rules.fairness import fairness_rules

    settings = place.settings
    rules, fair = settings.rules, settings.fairness
    queues = settings.queues.values()
    book = load_preset(rules.named, rules.override, as_of, added=rules.add, queues=queues)
    return book.with_entries(
        fairness_rules(cents(fair.evening), cents(fair.weekend), fair.evening_from)
    )


def centre_of(
    place: Workspace,
    as_of: date,
    horizon: Grid,
    past_rosters: Sequence[Path] = (),
    *,
    keeps: bool = True,
) -> Centre:
    """
    Everything that a workspace knows before a horizon is planned.

    Of the history only days before ``as_of`` are used: that day itself is not over. Compiled
    rules are kept in the workspace's cache, if it ``keeps`` anything.

    Raises
    ------
    StaleError
        The history ends too long before the horizon.
    """
    from wfm.pipeline import Centre
    from wfm.rules.sessions import session_rules

    settings = place.settings
    book = book_of(place, as_of)  # first: a wrong preset need not wait for the history
    history = place.history().before(min(as_of, horizon.first))
    age = (horizon.first - history.grid.until).days
    if age > settings.plan.stale_days:
        raise StaleError(
            f"history ends {age} days before {horizon.first}, the first day to plan",
            place=str(place.folder),
            hint="add newer contacts, give --as-of, or raise [plan] stale_days",
        )
    past = place.past(horizon, past_rosters)
    courses = place.courses(horizon)
    return Centre(
        horizon=horizon,
        queues=settings.queues,
        history=history,
        people=place.people(horizon),
        book=book.with_entries(session_rules(courses, place.agents)),
        holidays=settings.holidays(history.grid.first, horizon.until),
        events=place.events(),
        adjustments=place.adjustments(),
        orders=place.orders(),
        backlog=place.backlog(),
        past=past,
        calendars=place.calendars(horizon, past),
        shrinkage=place.shrinkage,
        calibration=place.calibration(),
        courses=courses,
        by_heads=settings.plan.cover == "heads",
        cache=place.cache if keeps else None,
    )
