"""
The rule book: which rules are in force, how hard, for whom, and where they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wfm.domain.demand import Queue
from wfm.domain.roster import Roster, Severity, Tour, Violation
from wfm.domain.workforce import Agent
from wfm.errors import SettingsError
from wfm.rules.days import ContractDays
from wfm.rules.entry import Entry
from wfm.rules.fixed import FixedDuties
from wfm.rules.hours import ContractHours
from wfm.rules.notice import Notice
from wfm.rules.person import Absences, Availability, OnTheTeam, Skills, Wishes
from wfm.rules.preset import added_entry, read_preset
from wfm.rules.rest import NoOverlap
from wfm.rules.rotation import ContractRotation
from wfm.rules.team import TeamPresence
from wfm.rules.words import Rule

GIVE = {  # what rules need beside the duties, and how to give it
    "contract": "the contracts, in a workspace with agents.csv",
    "traits": "who is part-time, minor, night worker ...: contracts and traits, in agents.csv",
    "breaks": "the breaks, as rows of a roster",
    "shapes": "the names of the shifts",
    "availability": "availability.csv, in a workspace",
    "absences": "absences.csv, in a workspace",
    "fixed": "fixed.csv, in a workspace",
    "wishes": "wishes.csv, in a workspace",
    "skills": "the queues of each block, in a workspace",
    "holidays": "the country, for its public holidays",
    "published": "the plan published before, with --since",
}


def _weeks_unknown(rule: Rule, tour: Tour) -> int:
    """Past weeks that a rule would need and nobody has told of."""
    first = tour.calendar.week_days(-rule.weeks_back)[0]
    return max(0, -(-(tour.calendar.known_from - first) // 7)) if rule.weeks_back else 0


@dataclass(frozen=True)
class Book:
    """
    The rules in force in one place, in the order in which they are read.
    """

    name: str
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        codes = [entry.code for entry in self.entries]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise SettingsError(f"rule {twice[0]} stands twice in the book {self.name}")

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def for_agent(self, agent: Agent) -> Book:
        """The part of the book that binds one person."""
        return replace(self, entries=tuple(entry for entry in self if entry.binds(agent)))

    def check(self, tour: Tour) -> tuple[Violation, ...]:
        """
        Everything that a finished tour breaks, by date and code.
        """
        found = [
            entry.violation(tour, breach)
            for entry in self.for_agent(tour.person.agent)
            for breach in entry.rule.breaches(tour)
        ]
        return tuple(sorted(found, key=lambda one: (one.date, one.code, one.amount)))

    def check_roster(self, roster: Roster) -> tuple[Violation, ...]:
        """
        Everything that a roster breaks, by agent, date and code; what the team breaks
        together comes last, under the name ``TEAM``.
        """
        alone = (violation for tour in roster for violation in self.check(tour))
        return (*alone, *self.together(roster))

    def together(self, roster: Roster) -> Iterator[Violation]:
        """What the team of a roster breaks, rule by rule."""
        for entry in self:
            if isinstance(entry.rule, TeamPresence):
                for one in entry.rule.shortages(roster):
                    yield entry.team_violation(roster.grid, one)

    def check_changes(self, roster: Roster, published: Roster, told: date) -> tuple[Violation, ...]:
        """
        Changes against a published roster that are told too late, and, as information, those
        told in the shorter time for which something is owed in return.

        Parameters
        ----------
        told
            The day on which they are told.
        """
        before = published.by_agent
        found = []
        for tour in roster:
            for entry in self.for_agent(tour.person.agent):
                if tour.agent in before and isinstance(entry.rule, Notice):
                    asked = tour, before[tour.agent], told
                    late, owed = entry.rule.late(*asked), entry.rule.owed(*asked)
                    said = replace(entry, severity=Severity.INFO)
                    found += [entry.violation(tour, breach) for breach in late]
                    found += [said.violation(tour, breach) for breach in owed]
        return tuple(sorted(found, key=lambda one: (one.agent, one.date, one.code)))

    def not_checked(
        self, roster: Roster, lacks: frozenset[str] = frozenset()
    ) -> tuple[tuple[str, str], ...]:
        """
        Rules that a roster leaves in doubt: (code, what to give to have them checked).

        Parameters
        ----------
        lacks
            What is not known: some of ``GIVE``.
        """
        bound = {entry.code for tour in roster for entry in self if entry.binds(tour.person.agent)}
        found = []
        for entry in self:
            if entry.code not in bound:
                if entry.traits and "contract" in lacks:
                    found.append((entry.code, GIVE["traits"]))
                continue
            missing = sorted(entry.rule.needs & lacks)
            weeks = max(_weeks_unknown(entry.rule, tour) for tour in roster)
            if missing:
                found.append((entry.code, "; ".join(GIVE[need] for need in missing)))
            elif weeks:
                found.append((entry.code, f"{weeks} more past weeks, with --past"))
        return tuple(found)

    def checkable(self, lacks: frozenset[str]) -> Book:
        """The part that can be judged where some of ``GIVE`` is not known."""
        return self.without(entry.code for entry in self if entry.rule.needs & lacks)

    def without(self, codes: Iterable[str]) -> Book:
        """The same book without some entries."""
        gone = set(codes)
        return replace(self, entries=tuple(entry for entry in self if entry.code not in gone))

    def with_entries(self, entries: Iterable[Entry]) -> Book:
        """The same book with more entries behind."""
        return replace(self, entries=(*self.entries, *entries))


def load_preset(
    name: str,
    overrides: Sequence[Mapping[str, object]] = (),
    as_of: date | None = None,
    *,
    added: Sequence[Mapping[str, object]] = (),
    queues: Iterable[Queue] = (),
    house: bool = True,
) -> Book:
    """
    The book of a preset, changed by company agreements, with the centre's own rules.

    Parameters
    ----------
    name
        ``eu-wtd``, ``fr-code``, ... as ``wfm rules list`` shows them.
    overrides
        Each names a ``code``, what changes, and the ``agreement`` that allows it.
    as_of
        The day for which the book is wanted.
    added
        The centre's own rules, as a preset would write them: ``code``, ``rule``, its numbers.
    queues
        Queues, with the skills they need.
    house
        Whether to add what every workspace settles itself: contracts, availability,
        absences, fixed duties, skills and wishes.

    Raises
    ------
    SettingsError
        No such preset, code or field; an override without its agreement.
    StaleError
        The preset is too old for ``as_of``.
    """
    law = read_preset(name, overrides, as_of)
    own = house_rules(queues) if house else ()
    more = tuple(added_entry(row) for row in added)
    return Book(name, (Entry("NO-OVERLAP", NoOverlap()), *law, *more, *own))


def house_rules(queues: Iterable[Queue] = ()) -> tuple[Entry, ...]:
    """
    What the workspace itself settles: all hard, but for wishes, whose price is their own.
    """
    needs = tuple((queue.name, queue.needs) for queue in queues)
    return (
        Entry("ON-TEAM", OnTheTeam()),
        Entry("AVAILABLE", Availability()),
        Entry("ABSENT", Absences()),
        Entry("FIXED", FixedDuties()),
        Entry("SKILL", Skills(needs)),
        Entry("CONTRACT-DAYS", ContractDays()),
        Entry("CONTRACT-HOURS", ContractHours()),
        Entry("ROTATION", ContractRotation()),
        Entry("WISH", Wishes(), Severity.PRICED, price=1),
    )
