"""
The promise by day, on a week of two days.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from wfm.domain.outcome import Cost, Estimate, QueueSimulation, SimulationResult, Verdict
from wfm.domain.promise import AnswerRate, Curve, QueueRequirement, Requirement
from wfm.domain.timegrid import Grid
from wfm.reporting.days import days_table, people_text

GRID = Grid(date(2024, 1, 1), 2, 60)
CONTACTS = np.where(np.isin(np.arange(48), (6, 12)), 10.0, 0.0)
PROMISE = AnswerRate(share=0.9)


def verdict():
    """Ten contacts at six and ten at noon of Monday; nobody calls on Tuesday."""
    answered = np.where(np.arange(48) == 12, 0.75, 0.95) * CONTACTS
    line = QueueSimulation(
        "a", CONTACTS, answered, answered, CONTACTS - answered, *[np.zeros(48)] * 2,
        kept={"week": Estimate(0.85, 0.8, 0.9), "day 0": Estimate(0.85, 0.8, 0.9)},
        day_kept={0: 0.25},
    )  # fmt: skip
    played = SimulationResult(GRID, {"a": line}, 20, 1, {"x": 0.5, "y": 0.9, "z": 0.7}, 0.0, 0.0)
    return Verdict((), (), Cost(0, 0, 0), {"a": np.ones(48)}, played)


def requirement():
    """One head answers nine of ten."""
    table = CONTACTS[:, None] * np.array([0, 0.9])
    curve = Curve(table, table, np.ones((48, 2)))
    ones = np.ones(48)
    line = QueueRequirement("a", CONTACTS, *[ones] * 9, promise=PROMISE, curve=curve)
    return Requirement(GRID, {"a": line}, {"a": CONTACTS > 0})


def test_a_day_is_planned_and_simulated():
    """
    90 % by the curve; 17 of 20 simulated; kept on a quarter of days; worst in the afternoon.
    """
    table = days_table(verdict(), requirement())
    row = [cell.replace("\u00a0", " ") for cell in table.rows[0]]

    assert len(table.rows) == 1
    assert row[0] == "a"
    assert row[2:6] == ["20", "90.0 %", "85.0 % (80.0–90.0)", "25.0 %"]
    assert row[6] == "2024-01-01 12:00 (75.0 %)"


def test_people_are_told_from_idle_to_busy():
    """
    The median of three is the one between.
    """
    said = people_text({"x": 0.5, "y": 0.9, "z": 0.7}).replace("\u00a0", " ")

    assert "70.0 % of their time (the median), from 50.0 % (x) to 90.0 % (y)" in said
