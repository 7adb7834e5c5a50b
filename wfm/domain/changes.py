"""
What a new plan changes in an older one: person-days, each with what it was and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wfm.domain.roster import Duty

Days = Mapping[str, Mapping[int, Duty]]  # duties by agent, then by day


@dataclass(frozen=True, slots=True)
class Change:
    """
    One person-day that is not what it was; None is a day off. ``why`` is for people.

    ``given`` when it was asked for, as an absence or an edit is, and not the planner's.
    """

    agent: str
    day: int
    before: Duty | None
    after: Duty | None
    why: str = ""
    given: bool = False
