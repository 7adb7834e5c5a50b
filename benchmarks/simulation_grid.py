"""
How far the printed promise lies from what callers meet: the error grid.

    python -m benchmarks.simulation_grid [--only WORDS] [-o OUT.csv]

Each cell is a centre of so many people, so uncertain a load, so long a call, planned with
shifts and breaks. Plan, simulation and correction take turns as in ``wfm plan``; the last plan
is judged with another seed, by as many replications as it takes to know the truth to 0.3
points. Errors are in points: printed less simulated.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from wfm.domain.calibration import Calibration, QueueCalibration, Shrinkage
from wfm.domain.demand import Channel, Forecast, Queue, QueueForecast
from wfm.domain.outcome import PromiseVerdict
from wfm.domain.promise import AnswerRate, OnTime, Period, Promise, Requirement, ServiceLevel
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Activity, Agent, Contract, Pay, Person, Shape
from wfm.pipeline import PRINTED, enough
from wfm.rules.book import Book
from wfm.simulation.learning import Corrections, corrections, learned
from wfm.simulation.simulate import simulate
from wfm.staffing.sizing import size
from wfm.verifying import AT_RISK, promises, verify

OPEN, CLOSE = 8 * 60, 20 * 60
GRID = Grid(date(2024, 1, 1), 5, 30)
BREAK = Activity("break", paid=False, work=False)
CONTRACT = Contract("any", 40, 5, (Shape("day", (OPEN, OPEN), (480,)),), Pay("base", 2000))
# A bank's day: contacts by half-hour, relative to its mean.
MORNING = (0.62, 0.86, 1.06, 1.21, 1.28, 1.30, 1.26, 1.20, 1.13, 1.05, 1.02, 1.03)
AFTERNOON = (1.07, 1.10, 1.11, 1.08, 1.02, 0.96, 0.90, 0.84, 0.78, 0.74, 0.71, 0.67)
PROFILE = np.array(MORNING + AFTERNOON)
SERVICE = ServiceLevel(share=0.8, threshold=20, over=Period.WEEK, floor=0.5)
ANSWERED = AnswerRate(share=0.9, over=Period.WEEK)
RISKY = {
    "service_level": replace(SERVICE, over=Period.DAY),
    "answer_rate": replace(ANSWERED, over=Period.DAY),
    "service_level without a floor": replace(SERVICE, over=Period.DAY, floor=0.0),
}
NARROW = 0.3  # points: half of the interval in which the truth lies at most
LEAST, MOST = 100, 12_800  # replications that judge a plan


@dataclass(frozen=True)
class Line:
    """One queue of a centre: mean load in erlangs, and how its contacts behave."""

    name: str
    load: float
    aht_s: float = 300.0
    cv: float = 0.05  # of the load, by day and by interval
    handle_cv: float = 1.2
    queue: Queue = field(default_factory=lambda: Queue("a"))


def patient(name: str, promise: Promise, **more: object) -> Queue:
    """A queue whose callers wait six minutes on average."""
    return Queue(name, patience_s=360, promises=(promise,), **more)  # type: ignore[arg-type]


def forecast_of(lines: list[Line]) -> Forecast:
    """The demand of a centre: five equal days."""
    opened = (GRID.clock >= OPEN) & (GRID.clock < CLOSE)
    profile = np.zeros(GRID.n)
    profile[opened] = np.tile(PROFILE / PROFILE.mean(), GRID.days)
    queues = {}
    for line in lines:
        contacts = line.load * GRID.interval * 60 / line.aht_s * profile
        queues[line.name] = QueueForecast(
            line.name,
            *(contacts,) * 5,
            aht_s=np.full(GRID.n, line.aht_s),
            day_cv=np.full(GRID.n, line.cv),
            interval_cv=np.full(GRID.n, line.cv),
            channel=line.queue.channel,
        )
    return Forecast(GRID, queues, {line.name: opened for line in lines})


def shifts() -> list[list[tuple[int, int, bool]]]:
    """Blocks (start, end, on contacts) of every shift of a day: eight hours, or four."""
    found = []
    for start in range(OPEN, CLOSE, 30):
        for length, breaks in (
            (510, ((120, 135), (240, 270), (390, 405))),
            (510, ((90, 105), (210, 240), (360, 375))),
            (510, ((150, 165), (270, 300), (420, 435))),
            (240, ((120, 135),)),
            (240, ((90, 105),)),
        ):
            if start + length > CLOSE:
                continue
            blocks, at = [], 0
            for first, last in breaks:
                blocks += [(start + at, start + first, True), (start + first, start + last, False)]
                at = last
            found.append([*blocks, (start + at, start + length, True)])
    return found


SHIFTS = shifts()
COVER = np.array(
    [
        [
            sum(max(0, min(e, t + 30) - max(s, t)) for s, e, on in blocks if on) / 30
            for t in range(OPEN, CLOSE, 30)
        ]
        for blocks in SHIFTS
    ]
)


def greedy(requirement: Requirement, name: str, day: int) -> list[int]:
    """
    Shifts of one day whose planned share just reaches the promise: best yield first, and then
    without those that can be spared.
    """
    line = requirement.queues[name]
    promise = line.promise
    assert promise is not None
    rows = np.flatnonzero((GRID.day == day) & requirement.open[name])
    curve = line.curve
    assert curve is not None
    table = (curve.answered if isinstance(promise, AnswerRate) else curve.in_time)[rows]
    aim = promise.share if line.aim is None else line.aim[rows]
    goal = float((aim * line.contacts[rows]).sum())
    if isinstance(promise, OnTime):  # a backlog: heads as required, whatever the hour's mail
        table = np.minimum(np.arange(table.shape[1]), line.to_schedule[rows][:, None])
        goal = 0.98 * line.to_schedule[rows].sum()
    floor = np.argmax(table >= promise.floor * line.contacts[rows][:, None] - 1e-9, axis=1)
    hours = COVER.sum(axis=1)
    heads, chosen = np.zeros(len(rows)), []
    at = np.arange(len(rows))

    def total(more: np.ndarray) -> np.ndarray:
        cover = np.minimum(heads + more, table.shape[1] - 1.000001)
        low = cover.astype(int)
        step = table[at, low + 1] - table[at, low]
        short = np.maximum(floor - cover, 0) * line.contacts[rows]
        return (table[at, low] + step * (cover - low) - short).sum(axis=-1)

    while total(np.zeros(len(rows))) < goal:
        best = int(np.argmax((total(COVER) - total(np.zeros(len(rows)))) / hours))
        chosen.append(best)
        heads = heads + COVER[best]
    for spare in sorted(set(chosen), key=lambda shift: -hours[shift]):
        while spare in chosen and total(-COVER[spare]) >= goal:
            chosen.remove(spare)
            heads = heads - COVER[spare]
    return chosen


def roster_of(chosen: dict[str, list[list[int]]], served: dict[str, tuple[str, ...]]) -> Roster:
    """Everybody's days; ``served`` says what people planned for a queue answer."""
    tours = []
    for name, days in chosen.items():
        for k in range(max(map(len, days))):
            duties = [
                Duty(
                    day,
                    tuple(
                        Block(
                            1440 * day + s,
                            1440 * day + e,
                            WORK if on else BREAK,
                            served[name] if on else (),
                        )
                        for s, e, on in SHIFTS[picked[k]]
                    ),
                )
                for day, picked in enumerate(days)
                if k < len(picked)
            ]
            agent = Agent(f"{name}{k:04d}", CONTRACT, skills=dict.fromkeys(served[name], 1.0))
            tours.append(Tour(Person(agent), Calendar(GRID), tuple(duties)))
    return Roster(GRID, tuple(tours))


def cell(
    lines: list[Line],
    served: dict[str, tuple[str, ...]] | None = None,
    sketches: int = 2,
    narrow: float = NARROW,
) -> dict[str, object]:
    """
    Plan, simulate, correct, as ``wfm plan`` does; then judge the last plan with another seed.

    ``error_formulas`` is that of the first plan, before any simulation; ``error_targets`` of
    the last plan on the curves with which it was made; ``error`` of what is printed, for which
    a simulation of its own has looked at this very roster. ``narrow``, in points, is half
    of the interval in which the truth lies at most.
    """
    begun = time.process_time()
    demand = forecast_of(lines)
    queues = {line.name: line.queue for line in lines}
    served = served or {line.name: (line.name,) for line in lines}
    measured = Calibration({n.name: QueueCalibration(aht_cv=n.handle_cv) for n in lines})
    found: Corrections = {}
    errors = []
    many = enough(demand, queues)
    for number in range(sketches + 1):
        requirement = size(
            demand,
            queues,
            shrinkage=Shrinkage(),
            calibration=measured,
            corrections=found,
            seed=number,
        )
        chosen = {
            line.name: [greedy(requirement, line.name, day) for day in range(GRID.days)]
            for line in lines
        }
        roster = roster_of(chosen, served)
        last = number == sketches
        while True:
            verdict = verify(
                roster,
                requirement,
                queues,
                Book("none", ()),
                forecast=demand,
                calibration=measured,
                replications=many,
                seed=1000 + number,
            )
            if not last or _half_width(verdict.promises) <= narrow or many >= MOST:
                break
            many *= 2
        assert verdict.simulation is not None
        errors.append(_errors(verdict.promises))
        if not last:
            seen = verdict.simulation
            found = corrections(requirement, queues, verdict.cover, seen, found)
        if number == sketches - 1:
            width = _half_width(verdict.promises)
            many = min(MOST, max(LEAST, math.ceil(many * (width / (0.85 * narrow)) ** 2)))
    probe = simulate(
        roster,
        demand,
        queues,
        calibration=measured,
        replications=PRINTED * enough(demand, queues),
        seed=2000,
    )
    printed = promises(
        learned(requirement, queues, verdict.cover, probe),
        queues,
        verdict.cover,
        verdict.simulation,
    )
    one = printed[0]
    assert one.simulated is not None
    return {
        "planned": round(100 * one.planned, 2),
        "simulated": round(100 * one.simulated.value, 2),
        "half_width": round(_half_width(printed), 2),
        "replications": many,
        "error_formulas": errors[0],
        "error_targets": errors[-1],
        "error": _errors(printed),
        "sketches": sketches,
        "cpu_s": round(time.process_time() - begun, 1),
    }


def _half_width(told: Iterable[PromiseVerdict]) -> float:
    """Half of the widest 95 % interval, points."""
    return max(50 * (one.simulated.high - one.simulated.low) for one in told if one.simulated)


def _errors(told: Iterable[PromiseVerdict]) -> str:
    """Planned less simulated, points; of a promise at a risk, what is said of days kept."""
    return " ".join(
        f"{100 * (said - one.simulated.value):+.2f}"
        for one in told
        if one.simulated is not None
        for said in (one.target if one.period == AT_RISK else one.planned,)
    )


def special() -> dict[str, tuple[list[Line], dict[str, tuple[str, ...]] | None]]:
    """Centres of another kind: skills, chat, mail beside the phone, calls of many hours."""
    chat = Queue(
        "a",
        Channel.CHAT,
        patience_s=360,
        concurrency=3,
        slowing=(1.0, 620 / 480, 780 / 480),  # 480, 620 and 780 seconds among 1, 2, 3
        promises=(ServiceLevel(share=0.8, threshold=30, over=Period.WEEK, floor=0.5),),
    )
    mail = Queue(
        "mail",
        Channel.EMAIL,
        reserve=3,
        promises=(OnTime(share=0.95, due=8, over=Period.WEEK),),
    )
    return {
        "two skills": (
            [
                Line("a", 25, queue=patient("a", SERVICE)),
                Line("b", 12, queue=patient("b", SERVICE)),
            ],
            {"a": ("a",), "b": ("b", "a")},
        ),
        "chat, three at once": ([Line("a", 30, 480, queue=chat)], None),
        "mail beside the phone": (
            [
                Line("a", 40, queue=patient("a", SERVICE)),
                Line("mail", 8, 600, handle_cv=1.0, queue=mail),
            ],
            {"a": ("a", "mail"), "mail": ("mail",)},
        ),
        "calls of up to ten hours": (
            [Line("a", 40, 900, handle_cv=3.0, queue=patient("a", SERVICE))],
            None,
        ),
    }


@dataclass(frozen=True)
class Cell:
    """A centre of the grid, not yet planned."""

    kind: str
    lines: list[Line]
    people: int | str = ""
    cv: float = 0.05
    aht_s: int | str = ""
    served: dict[str, tuple[str, ...]] | None = None
    aim: float = 1.0  # points: the error that is to be reached
    narrow: float = NARROW

    @property
    def name(self) -> str:
        """The cell in words."""
        if not self.people:
            return self.kind
        return f"{self.kind}, {self.people} people, cv {self.cv}, AHT {self.aht_s} s"

    def row(self) -> dict[str, object]:
        """Its figures."""
        told = {"kind": self.kind, "people": self.people, "cv": self.cv, "aht_s": self.aht_s}
        return told | cell(self.lines, self.served, narrow=self.narrow)


def at_risk(people: int, promise: Promise, risk: float) -> Line:
    """A centre that keeps a promise on so many days."""
    return Line("a", people * 0.85, queue=patient("a", replace(promise, risk=risk)))


def cells() -> Iterator[Cell]:
    """
    The special centres, then every size, promise, uncertainty and length of call; last
    promises at a risk.
    """
    for name, (lines, served) in special().items():
        yield Cell(name, lines, served=served)
    for people in (10, 50, 200, 1300):
        for promise, kind, most in (
            (SERVICE, "service_level", 1.0),
            (ANSWERED, "answer_rate", 0.5),
        ):
            for cv in (0.0, 0.05, 0.10):
                for aht in (300, 900):
                    line = Line("a", people * 0.85, aht, cv, queue=patient("a", promise))
                    yield Cell(kind, [line], people, cv, aht, aim=most)
    for people in (10, 200):
        for kind, promise in RISKY.items():
            for risk in (0.5, 0.2, 0.1):
                line = at_risk(people, promise, risk)
                told = f"{kind}, kept on {1 - risk:.0%} of days"
                yield Cell(told, [line], people, 0.05, 300, aim=5.0, narrow=2.0)


def main() -> None:
    """Run the grid and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="cells whose name holds these words")
    parser.add_argument("-o", "--output")
    given = parser.parse_args()
    rows = []
    for one in cells():
        if given.only in one.name:
            rows.append(one.row())
            print(json.dumps(rows[-1]), flush=True)
    if given.output:
        with open(given.output, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
