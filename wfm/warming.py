"""
Compile what runs at machine speed, so that the first plan does not wait for it.

``python -m wfm.warming`` plans one week of a made-up centre of three people; the compiled
code is kept beside the sources, or in ``NUMBA_CACHE_DIR``.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from wfm import console
from wfm.domain.demand import History, Opening, Queue, QueueHistory
from wfm.domain.promise import AnswerRate, Period
from wfm.domain.roster import Calendar
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent, Break, Contract, Pay, Person, Shape
from wfm.pipeline import Centre, Work, foresee, settle
from wfm.rules.book import load_preset

MONDAY = date(2024, 1, 1)
WEEKS = 6  # of history


def tiny_centre() -> Centre:
    """
    One queue, open on weekdays 09:00 to 17:00, with a team of three.
    """
    queue = Queue(
        "calls",
        opening=Opening((*(((540, 1020),),) * 5, (), ())),
        promises=(AnswerRate(share=0.8, over=Period.WEEK, max_occupancy=0.9),),
        patience_s=300,
    )
    horizon = Grid(MONDAY + timedelta(weeks=WEEKS), 7, 60)
    shape = Shape("day", (540, 600), (360, 420), (Break("lunch", 30),), step=60)
    contract = Contract("full", 32, 5, (shape,), Pay("base", 1500), tolerance=4)
    people = tuple(Person(Agent(name, contract, skills={"calls": 1.0})) for name in "abc")
    return Centre(
        horizon=horizon,
        queues={"calls": queue},
        history=_history(queue),
        people=people,
        book=load_preset("eu-wtd", queues=[queue]),
        calendars={person.agent.agent: Calendar(horizon, "UTC") for person in people},
    )


def _history(queue: Queue) -> History:
    grid = Grid(MONDAY, 7 * WEEKS, 60)
    opened = queue.opening.mask(grid) if queue.opening else np.ones(grid.n, dtype=bool)
    draws = np.random.default_rng(1).poisson(12, grid.n).astype(float)
    contacts = np.where(opened, draws, np.nan)
    aht = np.where(opened, 240.0, np.nan)
    return History(grid, {queue.name: QueueHistory(queue.name, contacts, aht_s=aht)})


def warm() -> None:
    """
    Run every stage once.
    """
    centre = tiny_centre()
    with console.progress("compile") as progress:
        progress(0, 2, "forecast")
        seen = foresee(centre)
        progress(1, 2, "roster and simulation")
        settle(centre, seen.forecast, Work(effort=0.25, replications=4))


if __name__ == "__main__":
    console.remark("compiling what runs at machine speed, about a minute, once")
    warm()
