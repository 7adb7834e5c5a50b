"""
The report of a plan: one HTML page, the same bytes for the same results.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wfm.reporting import facts, figures, gantt, persons, tables, team, words
from wfm.reporting.pages.inlining import inline
from wfm.reporting.results import Results
from wfm.reporting.summary import summary
from wfm.reporting.table import Table

LARGE = 80  # people from which the days of the roster are folded
ABREAST = 4  # queues side by side in one picture of the promise


@dataclass(frozen=True)
class Picture:
    """
    A drawing with what it shows.
    """

    svg: Markup
    caption: str


@cache
def environment() -> Environment:
    """
    Templates with every value escaped: names come from files and are trusted by nobody.
    """
    made = Environment(
        loader=PackageLoader("wfm.reporting.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["words"] = words
    return made


def page(results: Results) -> str:
    """
    The report as HTML: no script, no external address, nothing but what ``results`` holds.

    Parameters
    ----------
    results
        A plan with all that led to it. What is None there is left out here and said.

    Returns
    -------
    str
        To be written as ``report.html`` in UTF-8.
    """
    roster = results.plan.roster
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            results=results,
            grid=roster.grid,
            weeks=words.weeks(roster.grid),
            summary=summary(results),
            forecast=list(_forecast(results)),
            forecast_table=tables.forecast_table(results.forecast),
            backtest=tables.backtest_table(results.backtest) if results.backtest else None,
            cover=list(_cover(results)),
            fit_table=tables.fit_table(results.requirement, results.plan.cover),
            requirement_table=tables.requirement_table(results.requirement),
            promise=list(_promise(results)),
            promise_table=tables.promise_table(results.verdict, results.requirement)
            if results.verdict
            else None,
            outcomes=_outcomes(results),
            chart=gantt.chart(roster, list(results.requirement.queues)),
            people=team.roster_table(roster, by_day=roster.grid.days <= 14),
            fairness=team.fairness_table(roster),
            persons=persons.parts(results),
            folded=len(roster.tours) > LARGE,
            violations=tables.violations_table(results.verdict, results.currency)
            if results.verdict
            else None,
            rules=_rules(results),
            cost=list(_cost(results)),
            cost_table=tables.cost_table(results.costs, results.currency),
            certificate=tables.certificate_table(results.plan, results.currency),
        )
    )


def _picture(svg: str, name: str, caption: str) -> Picture:
    return Picture(Markup(inline(svg, name, caption)), caption)


def _forecast(results: Results) -> Iterator[Picture]:
    if results.history:
        yield _picture(
            figures.daily_figure(results.forecast, results.history),
            "daily",
            "Contacts by day: what was seen in the last eight weeks, and the forecast.",
        )
    for at, name in enumerate(results.forecast.queues):
        yield _picture(
            figures.forecast_figure(results.forecast, results.history, name),
            f"forecast{at}",
            f"{name}: contacts expected in each interval, with the bands that hold 80 % and "
            "95 % of counts, over the same weekdays of the weeks before.",
        )


def _cover(results: Results) -> Iterator[Picture]:
    yield _picture(
        figures.cover_figure(results.requirement, results.plan.cover),
        "cover",
        "People on the roster who serve each queue. 'Needed at least' is what the floor and "
        "the occupancy limit ask for in each interval; the promise holds over its period, so "
        "cover may lie below the grey line where a queue shares people or the day makes up "
        "for it. Hours in which everything is closed take no room; the small tick marks noon.",
    )


def _promise(results: Results) -> Iterator[Picture]:
    if results.verdict is None or results.verdict.simulation is None:
        return
    names = list(results.verdict.simulation.queues)
    for first in range(0, len(names), ABREAST):
        shown = names[first : first + ABREAST]
        yield _picture(
            figures.promise_figure(results.verdict, results.requirement, results.plan.cover, shown),
            f"promise{first}",
            "The promise by day, and how busy people are in the simulation "
            f"({results.verdict.simulation.replications} replications). What is planned counts "
            "what another simulation of this roster found beyond the curves of each queue alone: "
            "people who serve several queues stand in, breaks start late, calls run over."
            if first == 0
            else f"The same for {words.listed(shown)}.",
        )


def _outcomes(results: Results) -> Table | None:
    if results.verdict is None or results.verdict.simulation is None:
        return None
    return tables.outcome_table(results.verdict.simulation, results.requirement, results.plan.cover)


def _rules(results: Results) -> Table | None:
    if results.book is None or results.verdict is None:
        return None
    return tables.rules_table(results.book, results.verdict.violations)


def _cost(results: Results) -> Iterator[Picture]:
    if facts.items(results.costs):
        yield _picture(
            figures.cost_figure(results.costs, results.currency), "cost", "Cost by item."
        )
