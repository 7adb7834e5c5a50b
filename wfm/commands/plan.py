"""
``wfm plan``: every stage in one go, the job for cron.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from wfm import __version__, console
from wfm.commands.common import (
    AsOfOption,
    DryRunOption,
    FromOption,
    JsonOption,
    MaxGapOption,
    PastOption,
    SeedOption,
    StrictOption,
    WeeksOption,
    WorkersOption,
    WorkspaceOption,
    centre_of,
    stopping,
    today,
)
from wfm.errors import Exit, NoRosterError, exit_code

if TYPE_CHECKING:
    from wfm.domain.accuracy import BacktestRow
    from wfm.pipeline import Centre, Foreseen, Settled, Work
    from wfm.reporting.results import Results
    from wfm.workspace import Workspace


def plan(
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    first: FromOption = None,
    weeks: WeeksOption = None,
    seed: SeedOption = None,
    max_gap: MaxGapOption = None,
    past: PastOption = None,
    strict: StrictOption = False,
    workers: WorkersOption = 2,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> Exit:
    """
    Make the plan of the next whole week: forecast, staff, schedule, verify, cost, report.

      wfm plan                              the first week after [plan] notice_days
      wfm plan -w demo --as-of 1999-02-27   as if it were that day
      0 2 * * 1  wfm plan -w /srv/centre --quiet    every Monday night, from cron

    Everything goes to plans/START by one rename, with manifest.json; a re-run replaces it.
    Ctrl-C keeps the best plan so far. Nothing is ever published by this command.
    """
    from wfm.commands.drafting import second_reading
    from wfm.pipeline import Work, asked, foresee, settle
    from wfm.workspace import Workspace

    place = Workspace.find(workspace)
    day = today(as_of)
    with place.lock(), stopping() as stop:
        settings = place.settings.plan
        horizon = place.horizon(day, first=first, weeks=weeks)
        centre = centre_of(place, day, horizon, past or (), keeps=not dry_run)
        work = Work(
            seed=settings.seed if seed is None else seed,
            effort=settings.effort,
            replications=settings.replications,
            rounds=settings.rounds,
        )
        inputs = place.inputs(past or ())
        seen = foresee(centre, workers=workers, watch=console.progress, stop=stop)
        console.remarks(seen.expected.remarks)
        run = _Run(place, day, centre, work, inputs, seen)
        try:
            settled = settle(centre, seen.expected, work, watch=console.progress, stop=stop)
        except NoRosterError as error:
            if not dry_run:
                run.write(run.explanation(error), None, (Exit.NO_ROSTER,))
            raise
        second_reading(place, asked(centre, settled.requirement), settled.plan)
        allowed = settings.max_gap if max_gap is None else max_gap
        reasons = _reasons(settled, allowed, strict, stop())
        if not dry_run:
            run.write(run.results(settled, reasons), settled, reasons)
    _show(run, settled, reasons, as_json)
    return exit_code(reasons)


def _reasons(
    settled: Settled, max_gap: float | None, strict: bool, stopped: bool
) -> tuple[Exit, ...]:
    """Every reason why this is no clean plan."""
    found = list(settled.verdict.reasons)
    if strict and settled.plan.cost.shortfall:
        found.append(Exit.NO_ROSTER)
    if max_gap is not None and settled.plan.gap > max_gap:
        found.append(Exit.GAP_TOO_WIDE)
    if stopped:
        found.append(Exit.INTERRUPTED)
    return tuple(sorted(set(found)))


def untimed(rows: Sequence[BacktestRow]) -> tuple[BacktestRow, ...]:
    """The rows of a backtest without the processor time that each took."""
    return tuple(replace(row, cpu_s=0.0) for row in rows)


class _Run:
    """One run on its way to a folder of files."""

    def __init__(
        self,
        place: Workspace,
        day: date,
        centre: Centre,
        work: Work,
        inputs: dict[str, str],
        seen: Foreseen,
    ):
        self.place, self.day, self.centre = place, day, centre
        self.work, self.inputs, self.seen = work, inputs, seen

    @property
    def start(self) -> date:
        """The first day planned."""
        return self.centre.horizon.first

    def plan_record(self, settled: Settled) -> dict[str, Any]:
        """The content of ``plan.json``."""
        from wfm.io.results import plan_record

        return plan_record(
            settled.plan,
            inputs=self.inputs,
            targets={name: queue.promises for name, queue in self.centre.queues.items()},
            version=__version__,
        )

    def everything(self, settled: Settled, reasons: tuple[Exit, ...]) -> Results:
        """What a report is made of."""
        from wfm.reporting.results import Results

        return Results(
            plan=settled.plan,
            forecast=self.seen.forecast,
            requirement=settled.requirement,
            as_of=self.day,
            costs=settled.costs,
            verdict=settled.verdict,
            history=self.centre.history,
            backtest=self.seen.backtest,
            book=self.centre.book,
            title=self.place.folder.resolve().name,
            version=__version__,
            reasons=reasons,
            inputs=self.inputs,
        )

    def explanation(self, error: NoRosterError) -> dict[str, str]:
        """The files where no roster exists: why, and what was to be served."""
        from wfm.io.demand import forecast_csv

        return {
            "explanation.txt": f"{error}\n",
            "forecast.csv": forecast_csv(self.seen.forecast),
        }

    def results(self, settled: Settled, reasons: tuple[Exit, ...]) -> dict[str, str]:
        """The files of a plan."""
        from wfm.io import demand, promises, results, rosters
        from wfm.reporting.pages.report import page

        verdict, requirement = settled.verdict, settled.requirement
        opened = self.seen.forecast.open
        with console.progress("report"):
            report = page(self.everything(settled, reasons))
        files = {
            "requirement.csv": promises.requirement_csv(requirement),
            "curves.csv": promises.curves_csv(requirement),
            "roster.csv": rosters.roster_csv(settled.plan.roster),
            "shifts.csv": rosters.shifts_csv(settled.plan.roster),
            "coverage.csv": promises.coverage_csv(requirement, verdict.cover),
            "plan.json": results.json_text(self.plan_record(settled)),
            "verdict.json": results.json_text(results.verdict_record(verdict)),
            "violations.csv": rosters.violations_csv(verdict.violations),
            "costs.csv": results.costs_csv(settled.costs, self.centre.horizon),
            "report.html": report,
        }
        if verdict.simulation is not None:
            files["simulation.csv"] = results.simulation_csv(verdict.simulation, opened)
        return {"forecast.csv": demand.forecast_csv(self.seen.forecast), **files}

    def write(
        self, files: dict[str, str], settled: Settled | None, reasons: tuple[Exit, ...]
    ) -> None:
        """Put the files, the backtest and a manifest of all into the plan's folder."""
        from hashlib import sha256

        from wfm.io import demand, results

        files = {**files, "backtest.csv": demand.backtest_csv(self.seen.backtest.rows)}
        # processor times differ from run to run: the digest is that of the backtest without them
        lasting = {**files, "backtest.csv": demand.backtest_csv(untimed(self.seen.backtest.rows))}
        sums = {name: sha256(text.encode()).hexdigest() for name, text in sorted(lasting.items())}
        manifest = {
            "as_of": self.day.isoformat(),
            "start": self.start.isoformat(),
            "days": self.centre.horizon.days,
            "exit": int(exit_code(reasons)),
            "reasons": results.reasons_record(reasons),
            "seed": self.work.seed,
            "inputs": dict(sorted(self.inputs.items())),
            "forecast": {
                "models": dict(sorted(self.seen.backtest.choice.items())),
                "remarks": list(self.seen.forecast.remarks),
            },
        }
        if settled is not None:
            grid = self.centre.horizon
            manifest |= {
                "staff": {
                    "remarks": list(settled.requirement.remarks),
                    "corrections": [
                        {
                            "queue": queue,
                            "promise": place + 1,
                            "date": grid.date(day).isoformat(),
                            "share": round(add, 6),
                        }
                        for (queue, place, day), add in sorted(settled.corrections.items())
                    ],
                },
                "schedule": self.plan_record(settled),
                "verify": results.verdict_record(settled.verdict),
            }
        manifest |= {"files": sums, "version": __version__}
        folder = self.place.write_plan(
            self.start,
            {**files, "manifest.json": results.json_text(manifest)},
        )
        console.remark(f"wrote {len(files) + 1} files in {folder}")


def _show(run: _Run, settled: Settled, reasons: tuple[Exit, ...], as_json: bool) -> None:
    """Say what came out."""
    from wfm.io.results import reasons_record
    from wfm.reporting import tables
    from wfm.reporting.summary import summary, summary_text

    for stage in (settled.requirement, settled, settled.plan, settled.verdict):
        console.remarks(stage.remarks)
    if as_json:
        console.show_json(
            {"exit": int(exit_code(reasons)), "reasons": reasons_record(reasons)}
            | run.plan_record(settled)
        )
        return
    for table in (
        tables.backtest_table(run.seen.backtest),
        tables.forecast_table(run.seen.forecast, run.work.seed),
        tables.requirement_table(settled.requirement),
        tables.promise_table(settled.verdict, settled.requirement),
        tables.cost_table(settled.costs),
        tables.certificate_table(settled.plan),
        *([tables.violations_table(settled.verdict)] if settled.verdict.violations else []),
    ):
        console.summary(table)
    console.say(summary_text(summary(run.everything(settled, reasons))))
