"""
Peers on the queueing questions of ``benchmarks.staffing``, beside our own answers.

They are no dependencies of the project. Installed anywhere on the path, for instance by
``pip install --target PEERS -r benchmarks/requirements-peers.txt`` and ``PYTHONPATH=PEERS``,
they are timed in the same run; what is absent is said and left out.
"""

from __future__ import annotations

import importlib
import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import version
from types import ModuleType
from typing import Any

import numpy as np

from wfm.domain.calibration import Calibration, QueueCalibration
from wfm.domain.demand import Forecast, Queue, QueueForecast
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Agent, Contract, Pay, Person, Shape
from wfm.simulation.simulate import simulate
from wfm.staffing.erlang import batch

AHT, PATIENCE, THRESHOLD, SHARE = 300.0, 360.0, 20.0, 0.8  # seconds; to be answered in time
PEOPLE, LOAD = 12, 10.0  # of the queue that is simulated, in erlangs
CALLS = 20_000  # that each peer simulates
FEW = {"c": 200, "a": 6}  # loads that peers are asked; they are the first of ours
Row = tuple[str, float, str, str, str]


def beside() -> Iterator[Row]:
    """Rows of every question, ours first, then each peer that is there."""
    loads = np.random.default_rng(1).uniform(1, 1300, 20_000)
    ours = batch.agents_c(loads, AHT, SHARE, THRESHOLD)
    yield _row("required agents, Erlang C: wfm", len(loads), _c_of(loads))
    yield from _pyworkforce("ErlangC", "Erlang C", loads[: FEW["c"]], ours, {})
    ours = batch.agents_a(loads, AHT, PATIENCE, SHARE, threshold_s=THRESHOLD)
    yield _row("required agents, Erlang A: wfm", len(loads), _a_of(loads))
    patient = {"patience": PATIENCE / 60}
    yield from _pyworkforce("ErlangA", "Erlang A", loads[: FEW["a"]], ours, patient)
    calls = LOAD * 86_400 / AHT * 100
    yield _row(f"simulated calls, {PEOPLE} people: wfm", calls, _simulated)
    for name, play in (("ciw", _ciw), ("simpy", _simpy)):
        module = _module(name)
        if module is not None:
            what = f"simulated calls, {PEOPLE} people: {name} {version(name)}"
            yield _row(what, CALLS, lambda play=play, module=module: play(module))


def _row(what: str, count: float, work: Callable[[], object], runs: int = 3) -> Row:
    """Answers per second of CPU time, the best of some runs; before several a first one."""
    if runs > 1:
        work()
    seconds = []
    for _ in range(runs):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return what, count / min(seconds), "per CPU second", "", ""


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        print(f"{name} is left out: {error}")
        return None


def _c_of(loads: np.ndarray) -> Callable[[], object]:
    return lambda: batch.agents_c(loads, AHT, SHARE, THRESHOLD)


def _a_of(loads: np.ndarray) -> Callable[[], object]:
    return lambda: batch.agents_a(loads, AHT, PATIENCE, SHARE, threshold_s=THRESHOLD)


def _pyworkforce(
    kind: str, words: str, loads: np.ndarray, ours: np.ndarray, more: dict[str, float]
) -> Iterator[Row]:
    """
    Its required positions, and how often they are ours.

    Its search for Erlang A begins at the load, where fewer agents may be enough.
    """
    module = _module("pyworkforce.queuing")
    model = getattr(module, kind, None)
    if module is None or model is None:
        return
    found: list[int] = []

    def work() -> None:
        found.clear()
        for load in loads.tolist():
            model_of: Any = model(
                transactions=load * 1800 / AHT,
                aht=AHT / 60,
                asa=THRESHOLD / 60,
                interval=30,
                shrinkage=0.0,
                **more,
            )
            answer = model_of.required_positions(service_level=SHARE)
            found.append(int(answer["raw_positions"]))

    its = f"pyworkforce {version('pyworkforce')}"
    try:
        yield _row(f"required agents, {words}: {its}", len(loads), work, runs=1)
    except (OverflowError, ValueError, ZeroDivisionError) as error:
        print(f"{its} fails at {words}: {error}")
        return
    same = sum(a == b for a, b in zip(found, ours.tolist(), strict=False))
    yield f"the same as ours, {words}: {its}", same / len(found), "share", "", ""


def _simulated() -> object:
    """A hundred days of one queue, people there at all hours."""
    grid = Grid(date(2024, 1, 1), 1, 60)
    ones = np.ones(grid.n)
    calls = LOAD * 3600 / AHT * ones
    line = QueueForecast("a", *(calls,) * 5, AHT * ones, 0 * ones, 0 * ones)
    contract = Contract("any", 40, 5, (Shape("day", (0, 0), (480,)),), Pay("any", 0))
    duty = Duty(0, (Block(0, 1440, WORK, ("a",)),))
    tours = (
        Tour(Person(Agent(f"{k:02d}", contract, skills={"a": 1.0})), Calendar(grid), (duty,))
        for k in range(PEOPLE)
    )
    return simulate(
        Roster(grid, tuple(tours)),
        Forecast(grid, {"a": line}, {"a": ones > 0}),
        {"a": Queue("a")},
        calibration=Calibration({"a": QueueCalibration(aht_cv=1.0)}),
        replications=100,
    )


def _ciw(ciw: Any) -> object:
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(LOAD / AHT)],
        service_distributions=[ciw.dists.Exponential(1 / AHT)],
        number_of_servers=[PEOPLE],
    )
    ciw.seed(1)
    played = ciw.Simulation(network)
    played.simulate_until_max_customers(CALLS, method="Finish")
    return played


def _simpy(simpy: Any) -> object:
    world = simpy.Environment()
    people = simpy.Resource(world, capacity=PEOPLE)
    draw = random.Random(1)

    def call() -> Iterator[Any]:
        with people.request() as turn:
            yield turn
            yield world.timeout(draw.expovariate(1 / AHT))

    def coming() -> Iterator[Any]:
        for _ in range(CALLS):
            yield world.timeout(draw.expovariate(LOAD / AHT))
            world.process(call())

    world.process(coming())
    world.run()
    return world
