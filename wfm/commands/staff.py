"""
``wfm staff``: a forecast to the people needed in every interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfm.commands.common import DryRunOption, JsonOption, OutputOption, SeedOption, WorkspaceOption
from wfm.errors import SettingsError

if TYPE_CHECKING:
    from wfm.domain.calibration import Calibration, Shrinkage
    from wfm.domain.demand import Forecast, Queue
    from wfm.domain.promise import Promise, Requirement
    from wfm.domain.workforce import Agent
    from wfm.planning.cross_training import Gain
    from wfm.staffing.assigning import Assigned, Training

SEED = 1  # without a workspace
FLOOR = 0.5  # of every interval, without a workspace
CAP = 0.9  # of occupancy beside an answer rate, without a workspace


def staff(
    forecast: Annotated[
        Path | None,
        typer.Argument(metavar="FORECAST", help="CSV of `wfm forecast`; else the workspace's."),
    ] = None,
    output: OutputOption = None,
    curves: Annotated[
        Path | None,
        typer.Option(
            "--curves",
            metavar="FILE",
            help="Where the curves go; else curves.csv beside the output.",
            show_default=False,
        ),
    ] = None,
    service_level: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Without a workspace: 0.80.", show_default=False),
    ] = None,
    within: Annotated[float, typer.Option(metavar="SECONDS", help="Of that service level.")] = 20.0,
    answer_rate: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Without a workspace: 0.90.", show_default=False),
    ] = None,
    patience: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Without a workspace.", show_default=False),
    ] = None,
    shrinkage: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Without a workspace.", show_default=False),
    ] = None,
    training: Annotated[
        bool,
        typer.Option(
            "--training",
            help="Also print what cross-training gains, and what the team is short of.",
        ),
    ] = False,
    workspace: WorkspaceOption = None,
    seed: SeedOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """
    Turn a forecast into the people needed in every interval, and what more or fewer yield.

      wfm staff                                               in a workspace
      wfm staff forecast.csv --service-level 0.80 -o requirement.csv
      wfm staff forecast.csv --answer-rate 0.90 --patience 240 -o requirement.csv

    Writes requirement.csv and curves.csv: the fewest agent-hours that keep each queue's
    promise, and what every number of heads on the roster would answer.
    """
    from wfm import console
    from wfm.io.files import apart, write_files
    from wfm.io.promises import curves_csv, requirement_csv
    from wfm.reporting.tables import requirement_table
    from wfm.reporting.trainings import team_table, training_table
    from wfm.staffing.sizing import size, totals

    bare = Bare(service_level, within, answer_rate, patience, shrinkage)
    centre = _centre(forecast, bare, workspace)
    apart([output, curves], _inputs(forecast, workspace))
    console.remarks(centre.forecast.remarks)
    with console.progress("staff") as told:
        requirement = size(
            centre.forecast,
            centre.queues,
            shrinkage=centre.shrinkage,
            calibration=centre.calibration,
            seed=centre.seed if seed is None else seed,
            progress=told,
        )
    console.remarks(requirement.remarks)
    files = {}
    target = output or centre.output
    if target is not None and not (as_json and target == Path("-")):
        files[target] = requirement_csv(requirement)
    beside = target.with_name("curves.csv") if target and target != Path("-") else None
    place = curves or beside
    if place is not None:
        files[place] = curves_csv(requirement)
    if not dry_run:
        write_files(files)
    gains = _training(centre, requirement, seed) if training else ()
    now, lessons = _team(centre, requirement) if training and centre.team else (None, ())
    if as_json:
        pairs = {"pooling": [asdict(gain) for gain in gains]} if training else {}
        single = {"lessons": [asdict(lesson) for lesson in lessons]} if now else {}
        console.show_json(totals(requirement) | pairs | single)
        return
    if dry_run or target != Path("-"):
        console.summary(requirement_table(requirement))
    if training:
        console.show(training_table(gains))
    if now is not None:
        console.show(team_table(requirement.grid, now, lessons))


def _inputs(forecast: Path | None, workspace: Path | None) -> list[Path | None]:
    """The files that may be read: the one named, and the workspace's."""
    from wfm.workspace import INPUTS, Workspace

    place = Workspace.near(workspace)
    own = [place.path(name) for name in (*INPUTS, "forecast.csv")] if place else []
    return [forecast, *own]


def _team(centre: Centre, requirement: Requirement) -> tuple[Assigned, tuple[Training, ...]]:
    """The requirement split over the team, and what one more skill would bring."""
    from wfm.staffing.assigning import assign, groups_of, trainings

    groups = groups_of(centre.team, centre.queues)
    now = assign(requirement, groups)
    return now, trainings(requirement, groups, now)


def _training(centre: Centre, requirement: Requirement, seed: int | None) -> tuple[Gain, ...]:
    """What each pair of queues gains when people are trained for both."""
    from wfm import console
    from wfm.planning.cross_training import training_gains

    with console.progress("training") as told:
        return training_gains(
            centre.forecast,
            centre.queues,
            requirement,
            shrinkage=centre.shrinkage,
            calibration=centre.calibration,
            seed=centre.seed if seed is None else seed,
            progress=told,
        )


def _centre(forecast: Path | None, bare: Bare, folder: Path | None) -> Centre:
    """The workspace's settings; for a bare file outside of any, the options."""
    from wfm.workspace import Workspace

    place = Workspace.near(folder) if forecast and not folder else Workspace.find(folder)
    if place is not None and not bare.stated:
        settings = place.settings
        return Centre(
            place.forecast(forecast, whole=True),
            settings.queues,
            place.shrinkage,
            place.calibration(),
            settings.plan.seed,
            None if forecast else place.path("requirement.csv"),
            place.agents if place.path("agents.csv").is_file() else (),
        )
    if forecast is None:
        raise SettingsError(
            "promise, patience and shrinkage of a workspace stand in its wfm.toml",
            hint="change them there, or name a forecast file to use these options",
        )
    return bare.centre(forecast)


@dataclass(frozen=True)
class Centre:
    """
    What is staffed, from wherever it is known.
    """

    forecast: Forecast
    queues: Mapping[str, Queue]
    shrinkage: Shrinkage
    calibration: Calibration | None
    seed: int
    output: Path | None
    team: tuple[Agent, ...] = ()


@dataclass(frozen=True)
class Bare:
    """
    The options that stand in for a workspace's settings, for every queue alike.
    """

    service_level: float | None
    within: float
    answer_rate: float | None
    patience: float | None
    shrinkage: float | None

    @property
    def stated(self) -> bool:
        """Whether any of them is given."""
        given = (self.service_level, self.answer_rate, self.patience, self.shrinkage)
        return any(value is not None for value in given)

    def centre(self, path: Path) -> Centre:
        """A file of a forecast with one promise for all its queues."""
        from wfm.domain.calibration import Shrinkage
        from wfm.domain.demand import Queue
        from wfm.domain.promise import AnswerRate, ServiceLevel
        from wfm.io.demand import read_forecast

        promises: list[Promise] = []
        if self.answer_rate is not None:
            promises.append(AnswerRate(share=self.answer_rate, floor=FLOOR, max_occupancy=CAP))
        if self.service_level is not None:
            promises.append(
                ServiceLevel(share=self.service_level, threshold=self.within, floor=FLOOR)
            )
        if not promises:
            raise SettingsError(
                "nothing says what is promised",
                hint="--service-level 0.80 --within 20, or --answer-rate 0.90 --patience 240; "
                "or work in a folder with wfm.toml",
            )
        found = read_forecast(path)
        queues = {
            name: Queue(
                name,
                channel=queue.channel,
                promises=tuple(promises),
                patience_s=self.patience,
            )
            for name, queue in found.queues.items()
        }
        return Centre(found, queues, Shrinkage(self.shrinkage or 0.0), None, SEED, Path("-"))
