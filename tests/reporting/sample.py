"""
A made-up centre small enough to know by heart, and as large as a test wants it.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from wfm.domain.accuracy import Backtest, BacktestRow
from wfm.domain.demand import Forecast, History, QueueForecast, QueueHistory
from wfm.domain.outcome import (
    Cost,
    CostLine,
    Estimate,
    Plan,
    PlanStatus,
    PromiseVerdict,
    QueueSimulation,
    SimulationResult,
    Verdict,
)
from wfm.domain.promise import QueueRequirement, Requirement
from wfm.domain.roster import Block, Calendar, Duty, Roster, Severity, Status, Tour, Violation
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import (
    WORK,
    Absence,
    AbsenceKind,
    Activity,
    Agent,
    Contract,
    Pay,
    Person,
    Shape,
    Wish,
    WishKind,
)
from wfm.errors import Exit
from wfm.reporting.results import Results

LUNCH = Activity("lunch", paid=False, work=False)
PAUSE = Activity("pause", paid=True, work=False)
SHAPE = Shape("day", start=(480, 600), lengths=(450,))
CONTRACT = Contract("full", 37.5, 5, (SHAPE,), Pay("base", 1500))
FIRST = date(1999, 2, 28)  # a Sunday
ZONE = "Asia/Jerusalem"


def opened(grid: Grid) -> np.ndarray:
    return (grid.clock >= 480) & (grid.clock < 1200)


def bell(grid: Grid, peak: float) -> np.ndarray:
    shape = np.exp(-(((grid.clock - 720) / 220.0) ** 2))
    return np.where(opened(grid), peak * shape, 0.0)


def forecast(grid: Grid, queues: list[str]) -> Forecast:
    made = {}
    for at, name in enumerate(queues):
        mean = bell(grid, 60 / (at + 1))
        spread = np.sqrt(mean) + 0.1 * mean
        made[name] = QueueForecast(
            name,
            mean,
            np.maximum(mean - 1.28 * spread, 0),
            mean + 1.28 * spread,
            np.maximum(mean - 1.96 * spread, 0),
            mean + 1.96 * spread,
            np.where(opened(grid), 180.0, 0.0),
            np.where(opened(grid), 0.1, 0.0),
            np.where(opened(grid), 0.05, 0.0),
        )
    masks = {name: opened(grid) for name in queues}
    return Forecast(grid, made, masks, ("Purim (Tue 2 Mar) is in no week of the history.",))


def history(queues: list[str], weeks: int = 6) -> History:
    grid = Grid(date(1999, 1, 17), 7 * weeks, 30, ZONE)
    stream = np.random.default_rng(1)
    return History(
        grid,
        {
            name: QueueHistory(
                name,
                np.where(
                    opened(grid), stream.poisson(bell(grid, 55 / (at + 1))).astype(float), np.nan
                ),
            )
            for at, name in enumerate(queues)
        },
    )


def requirement(grid: Grid, queues: list[str]) -> Requirement:
    made = {}
    for at, name in enumerate(queues):
        mean = bell(grid, 60 / (at + 1))
        load = mean * 180 / 1800
        agents = np.ceil(load * 1.15)
        flat = np.where(opened(grid), 0.9, 0.0)
        made[name] = QueueRequirement(
            *(name, mean, np.where(opened(grid), 180.0, 0.0), load, agents),
            *(np.ceil(agents / 0.92), flat, flat, flat, flat * 20, agents + 1),
        )
    return Requirement(grid, made, {name: opened(grid) for name in queues})


def tour(grid: Grid, at: int, names: list[str], agent: str) -> Tour:
    calendar = Calendar(grid, ZONE, "sunday")
    queues = (names[at % len(names)], names[(at + 1) % len(names)])[: 1 + at % 2]
    duties = []
    for day in range(grid.days):
        if (day + at) % 7 < 2:
            continue
        start = calendar.midnight(day) + 480 + 60 * (at % 4)
        if at % 6 == 5:
            start = calendar.midnight(day) + 960
        blocks = (
            Block(start, start + 120, WORK, queues),
            Block(start + 120, start + 135, PAUSE),
            Block(start + 135, start + 240, WORK, queues),
            Block(start + 240, start + 285, LUNCH),
            Block(start + 285, start + 480, WORK, queues[:1]),
            Block(start + 480, start + 495, Activity("closing")),
        )
        duties.append(Duty(day, blocks, "day"))
    absences: tuple[Absence, ...] = ()
    if at == 1:
        absences = (Absence(0, calendar.midnight(1), AbsenceKind.SICK),)
        duties = [duty for duty in duties if duty.day != 0]
    wishes = (Wish(2, WishKind.OFF, 500), Wish(3, WishKind.EARLY, 300)) if at % 3 == 0 else ()
    person = Person(
        Agent(agent, CONTRACT, zone_name=ZONE, skills=dict.fromkeys(names, 1.0)),
        absences=absences,
        credit={0: 450} if at == 1 else {},
        wishes=wishes,
    )
    return Tour(person, calendar, tuple(duties))


def roster(grid: Grid, queues: list[str], people: int, prefix: str = "ada") -> Roster:
    return Roster(grid, tuple(tour(grid, at, queues, f"{prefix}{at:04d}") for at in range(people)))


def simulation(grid: Grid, queues: list[str]) -> SimulationResult:
    made = {}
    for at, name in enumerate(queues):
        offered = bell(grid, 60 / (at + 1))
        kept = {
            f"day {day}": Estimate(0.93 - 0.01 * day, 0.92 - 0.01 * day, 0.94 - 0.01 * day)
            for day in range(grid.days)
        } | {"week": Estimate(0.915, 0.908, 0.922)}
        made[name] = QueueSimulation(
            name,
            *(offered, offered * 0.93, offered * 0.8, offered * 0.07),
            np.full(grid.n, 25.0),
            np.where(opened(grid), 0.82, np.nan),
            kept,
        )
    return SimulationResult(grid, made, 200, 7, {}, 31.0, 44.0)


def results(
    people: int = 12,
    queues: list[str] | None = None,
    prefix: str = "ada",
    days: int = 7,
    interval: int = 30,
) -> Results:
    names = queues or ["banking", "stocks"]
    grid = Grid(FIRST, days, interval, ZONE)
    everyone = roster(grid, names, people, prefix)
    needed = requirement(grid, names)
    cover = {
        name: needed.queues[name].to_schedule * 1.1 - (grid.clock > 1080) * 0.7 for name in names
    }
    cover = {name: np.maximum(heads, 0) for name, heads in cover.items()}
    cost = Cost(pay=1_234_567, wishes=1500, shortfall=0)
    costs = tuple(
        CostLine(item, "base", one.agent, grid.date(duty.day), "", "work", duty.start, 7.5, 1500, c)
        for one in everyone
        for duty in one.planned
        for item, c in (("base", 11250), ("late", 640))
    )
    promises = tuple(
        PromiseVerdict(name, "answer_rate", period, 0.90, 0.921, Estimate(0.915, 0.908, 0.922))
        for name in names
        for period in ("week", "day 0", "day 1")
    )
    found = Violation(
        *("EU-2003-88-3", Severity.PRICED, f"{prefix}0000", grid.date(2), 30.0, "min"),
        "Between two duties lie at least 11 hours.",
        "Directive 2003/88/EC, article 3",
        Status.READ,
    )
    judged = Verdict(
        (found,),
        promises,
        cost,
        cover,
        simulation(grid, names),
        not_checked=(("average of 17 weeks", "the rosters of the 16 weeks before"),),
        reasons=(Exit.TARGET_MISSED,),
    )
    plan = Plan(
        *(everyone, PlanStatus.FEASIBLE, cost, 1_220_000.0, 400_000.0, cover, 7),
        *({"effort": 10}, "CP-SAT 9.14"),
    )
    rows = tuple(
        BacktestRow(name, model, 7, date(1999, 2, day), wape, 0.9, 0.01, 0.06, 0.81, 0.95, 0.1)
        for name in names
        for model, wape in (("seasonal naive", 0.21), ("robust mean", 0.17))
        for day in (14, 21)
    )
    return Results(
        plan,
        forecast(grid, names),
        needed,
        date(1999, 2, 27),
        costs,
        judged,
        history(names),
        Backtest(rows, dict.fromkeys(names, "robust mean")),
        title="Sample centre",
        currency="ILS",
        version="0.1.0",
        inputs={"agents.csv": "ab" * 32},
    )
