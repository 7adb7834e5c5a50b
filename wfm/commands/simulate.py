"""
``wfm simulate``: a roster played call by call.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfm.commands.common import (
    DryRunOption,
    JsonOption,
    OutputOption,
    SeedOption,
    WorkersOption,
    WorkspaceOption,
)
from wfm.commands.judging import ForecastOption, ReplicationsOption, RosterArgument
from wfm.errors import Exit


def simulate(
    roster: RosterArgument = None,
    forecast: ForecastOption = None,
    output: OutputOption = None,
    replications: ReplicationsOption = None,
    workers: WorkersOption = 1,
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
    unplanned: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Absence, without a workspace.", show_default=False),
    ] = None,
    workspace: WorkspaceOption = None,
    seed: SeedOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """
    Play a roster call by call, and tell what callers and agents meet.

      wfm simulate                            the roster of the workspace
      wfm simulate plans/1999-02-28 --replications 500
      wfm simulate roster.csv --forecast forecast.csv --answer-rate 0.90 --patience 240

    Calls arrive around the forecast, with its own uncertainty; people finish their calls,
    then take their breaks; callers hang up when their patience ends. Exit 1 when a promise
    lies above what the simulation finds.
    """
    from wfm import console
    from wfm.commands.common import stopping
    from wfm.commands.judging import bare_case, case, only_bare, promise_from
    from wfm.commands.results import Folder
    from wfm.domain.reaching import deflected
    from wfm.io.files import write_files
    from wfm.io.results import simulation_csv
    from wfm.reporting.days import people_text
    from wfm.reporting.simulations import missed, simulation_record, simulation_table
    from wfm.simulation.simulate import simulate as play

    folder = Folder.of(roster, "roster.csv", workspace)
    target = output
    if folder.place is not None:
        only_bare(service_level, answer_rate, patience, unplanned)
        given = case(folder, forecast)
        target = output or folder.file.with_name("simulation.csv")
    else:
        promise = promise_from(service_level, within, answer_rate)
        beside = forecast or folder.path("forecast.csv")
        given = bare_case(folder.file, beside, promise, patience, unplanned or 0.0)
    console.remarks(deflected(given.forecast, given.queues).remarks)
    with console.progress("simulate") as told, stopping() as stop:
        result = play(
            given.roster,
            given.forecast,
            given.queues,
            shrinkage=given.shrinkage,
            calibration=given.calibration,
            replications=replications or given.replications,
            seed=given.seed if seed is None else seed,
            workers=workers,
            progress=told,
            stop=stop,
        )
    if target is not None and not dry_run:
        write_files({target: simulation_csv(result, given.forecast.open)})
    if as_json:
        console.show_json(simulation_record(result))
    elif target != Path("-"):
        console.show(simulation_table(result, given.queues))
        if result.agent_occupancy:
            console.remark(people_text(result.agent_occupancy))
    return Exit.TARGET_MISSED if missed(result, given.queues) else Exit.DONE
