"""
Compile the scheduler's kernels once, so that no plan has to wait for it.

``python -m wfm.scheduling.warming`` belongs to setting up; what it compiles is cached
beside the modules and loaded from there in about a second.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.promise import AnswerRate, Curve, Period, QueueRequirement, Requirement
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent, Break, Contract, Pay, Person, Shape
from wfm.rules.book import load_preset
from wfm.scheduling.problem import Problem
from wfm.scheduling.schedule import schedule


def warm() -> None:
    """
    Plan one person's day, which calls every kernel.
    """
    schedule(smallest(), effort=0.01)


def smallest() -> Problem:
    """
    A day of one person, one queue and one promise.
    """
    grid = Grid(date(2024, 1, 1), 1, 60)
    opened = (grid.clock >= 480) & (grid.clock < 840)
    zeros, contacts = np.zeros(grid.n), np.where(opened, 5.0, 0.0)
    answered = np.where(opened[:, None], np.array([0.0, 4.0]), 0.0)
    occupancy = np.where(opened[:, None], np.array([1.0, 0.5]), 0.0)
    queue = QueueRequirement(
        queue="calls",
        contacts=contacts,
        aht_s=zeros + 300,
        load_erlangs=zeros,
        agents=zeros,
        to_schedule=zeros,
        service_level=zeros,
        answer_rate=zeros,
        occupancy=zeros,
        asa_s=zeros,
        agents_erlang_c=zeros,
        promise=AnswerRate(share=0.5, over=Period.DAY),
        curve=Curve(answered, answered, occupancy),
    )
    pause = Break("pause", 60, after=60, before=60, step=60)
    contract = Contract("c", 4, 5, (Shape("s", (480, 480), (240,), (pause,)),), Pay("p", 1000))
    person = Person(Agent("one", contract, skills={"calls": 1.0}))
    queues = {"calls": Queue("calls")}
    book = load_preset("eu-wtd", queues=queues.values())
    return Problem(Requirement(grid, {"calls": queue}, {"calls": opened}), queues, (person,), book)


if __name__ == "__main__":
    warm()
