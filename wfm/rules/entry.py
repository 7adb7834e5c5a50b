"""
A rule in force: its code, how hard it is, whom it binds, and where it stands written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wfm.domain.money import Cents
from wfm.domain.roster import Severity, Status, Tour, Violation
from wfm.domain.workforce import Agent
from wfm.errors import SettingsError
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
    note: str = ""

    def __post_init__(self) -> None:
        if (self.severity is Severity.PRICED) != (self.price > 0):
            raise SettingsError(
                f"rule {self.code} is {self.severity} with a price of {self.price} cents",
                hint="a priced rule has a price above 0, any other has none",
            )

    def binds(self, agent: Agent) -> bool:
        """Whether a person is among those for whom the rule holds."""
        return self.traits <= agent.traits

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
            source=" ".join(filter(None, (self.source, self.clause, self.agreement))),
            status=self.status,
        )
