"""
A rule in force: its code, how hard it is, whom it binds, and where it stands written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from wfm.domain.money import Cents
from wfm.domain.roster import Severity, Status, Tour, Violation
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent
from wfm.errors import SettingsError
from wfm.rules.team import Shortage
from wfm.rules.words import Breach, Rule


@dataclass(frozen=True)
class Entry:
    """
    A rule in force.

    Parameters
    ----------
    code
        Short name, such as ``FR-L3121-18``.
    price
        Cents for each unit of breach, when the severity is PRICED; 0 otherwise.
    source, clause
        The text, and the place in it.
    as_of
        Date of the text that was read.
    agreement
        Reference of the company agreement that changed the numbers; empty if none did.
    traits
        Only for people who have all of these (``minor``, ``night_worker``); empty: all.
    but_not
        Not for people who have any of these (``consents``).
    agents
        Only for these people, by key; empty: all.
    struck
        Words of the clause that its extension leaves out, so that they bind nobody.
    floor, ceiling
        The least and the most that an agreement may make of a number.
    """

    code: str
    rule: Rule
    severity: Severity = Severity.HARD
    price: Cents = 0
    source: str = ""
    clause: str = ""
    as_of: date | None = None
    status: Status = Status.SETTING
    agreement: str = ""
    traits: frozenset[str] = frozenset()
    but_not: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    note: str = ""
    struck: str = ""
    floor: Mapping[str, float] = field(default_factory=dict)
    ceiling: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.severity is Severity.PRICED) != (self.price > 0):
            raise SettingsError(
                f"rule {self.code} is {self.severity} with a price of {self.price} cents",
                hint="a priced rule has a price above 0, any other has none",
            )
        if self.severity is Severity.PRICED and not self.rule.planned:
            raise SettingsError(
                f"rule {self.code} is priced, but it is checked, not planned for",
                hint="make it hard or info",
            )

    def binds(self, agent: Agent) -> bool:
        """Whether a person is among those for whom the rule holds."""
        if self.agents and agent.agent not in self.agents:
            return False
        traits = traits_of(agent)
        return self.traits <= traits and not self.but_not & traits

    def allows(self, changed: Rule) -> str:
        """What an agreement may not change so far; empty when it may."""
        for name, least in self.floor.items():
            if getattr(changed, name) < least:
                return f"{name} = {getattr(changed, name):g}, and no agreement goes below {least:g}"
        for name, most in self.ceiling.items():
            if getattr(changed, name) > most:
                return f"{name} = {getattr(changed, name):g}, and no agreement goes above {most:g}"
        return ""

    def team_violation(self, grid: Grid, short: Shortage) -> Violation:
        """A time in which too few or too many are there; the amount is minutes of people."""
        start, end = (grid.local(minute) for minute in (short.start, short.end))
        return Violation(
            code=self.code,
            severity=self.severity,
            agent=TEAM,
            date=start.date(),
            amount=short.people * (short.end - short.start),
            unit=self.rule.unit,
            sentence=f"{self.rule.sentence} Not so from {start:%H:%M} to {end:%H:%M}: "
            f"{short.people} {'too many' if short.over else 'missing'}.",
            source=self.told_source,
            status=self.status,
        )

    @property
    def told_source(self) -> str:
        """Text, clause and agreement in one line."""
        return " ".join(filter(None, (self.source, self.clause, self.agreement)))

    def violation(self, tour: Tour, breach: Breach) -> Violation:
        """A breach with everything that its reader needs."""
        return Violation(
            code=self.code,
            severity=self.severity,
            agent=tour.agent,
            date=tour.calendar.date(breach.day),
            amount=breach.amount,
            unit=self.rule.unit,
            sentence=self.rule.sentence,
            source=self.told_source,
            status=self.status,
        )


TEAM = "team"  # in the agent's place of what people break together


FULL_TIME = 35  # hours a week from which a contract is full time


def traits_of(agent: Agent) -> frozenset[str]:
    """
    What law asks of a person: the traits that are told, and those that follow from them and
    from the contract.
    """
    part_time = {"part_time"} if 0 < agent.contract.hours_per_week < FULL_TIME else set()
    minor = {"minor"} if "under_16" in agent.traits else set()
    return agent.traits | part_time | minor
