"""
What a roster is judged with: what ``simulate`` and ``verify`` share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfm.commands.common import MAX_REPLICATIONS
from wfm.errors import SettingsError

if TYPE_CHECKING:
    from wfm.commands.results import Folder
    from wfm.domain.calibration import Calibration, Shrinkage
    from wfm.domain.demand import Forecast, Queue
    from wfm.domain.promise import Promise
    from wfm.domain.roster import Roster

RosterArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="ROSTER",
        help="CSV of `wfm schedule`, or the folder of a plan; else the workspace's.",
        show_default=False,
    ),
]
ForecastOption = Annotated[
    Path | None,
    typer.Option(
        "--forecast", metavar="FILE", help="Else forecast.csv beside it.", show_default=False
    ),
]
ReplicationsOption = Annotated[
    int | None,
    typer.Option(
        "--replications",
        min=2,
        max=MAX_REPLICATIONS,
        metavar="N",
        help="Simulated horizons.",
        show_default=False,
    ),
]


@dataclass(frozen=True)
class Case:
    """
    A roster and the contacts to play against it.
    """

    roster: Roster
    forecast: Forecast
    queues: dict[str, Queue]
    shrinkage: Shrinkage
    calibration: Calibration | None
    replications: int
    seed: int


def case(folder: Folder, forecast: Path | None) -> Case:
    """
    The case of a folder in a workspace.
    """
    place = folder.place
    if place is None:
        raise SettingsError("no wfm.toml around the roster", hint="name a workspace with -w DIR")
    settings = place.settings
    source = forecast or (folder.path("forecast.csv") if folder.holds("forecast.csv") else None)
    demand = place.forecast(source)
    return Case(
        place.roster(folder.path("roster.csv"), demand.grid),
        demand,
        dict(settings.queues),
        place.shrinkage,
        place.calibration(),
        settings.plan.replications,
        settings.plan.seed,
    )


def bare_case(
    roster: Path, forecast: Path, promise: Promise, patience: float | None, unplanned: float
) -> Case:
    """
    The case of two files that stand alone: everybody can serve what their rows name.
    """
    from wfm.domain.calibration import Shrinkage
    from wfm.domain.demand import Queue
    from wfm.domain.roster import Roster
    from wfm.io.demand import read_forecast
    from wfm.io.plans import bare_roster

    demand = read_forecast(forecast)
    names = tuple(demand.queues)
    skills = dict.fromkeys(names, 1.0)
    tours = tuple(
        replace(
            tour,
            person=replace(tour.person, agent=replace(tour.person.agent, skills=skills)),
        )
        for tour in bare_roster(roster, demand.grid)
    )
    queues = {
        name: Queue(
            name,
            demand.queues[name].channel,
            promises=(promise,),
            patience_s=patience,
        )
        for name in names
    }
    shrinkage = Shrinkage(unplanned=unplanned)
    return Case(Roster(demand.grid, tours), demand, queues, shrinkage, None, 200, 1)


def promise_from(service_level: float | None, within: float, answer_rate: float | None) -> Promise:
    """
    The promise of bare files: a service level of 80 % within 20 s where nothing is said.
    """
    from wfm.domain.promise import AnswerRate, ServiceLevel

    if answer_rate is not None:
        return AnswerRate(share=answer_rate)
    return ServiceLevel(share=0.8 if service_level is None else service_level, threshold=within)


def only_bare(*options: float | None) -> None:
    """
    Refuse options that a workspace settles itself.

    Raises
    ------
    SettingsError
        One of them was given.
    """
    if any(option is not None for option in options):
        raise SettingsError(
            "promises, patience and absence are settled by wfm.toml here",
            hint="change it there, or work on files outside a workspace",
        )
