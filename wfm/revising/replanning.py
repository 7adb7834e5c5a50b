"""
A plan around people who fall away: what stands of it, what may change, and why it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from wfm.domain.changes import Change, Days
from wfm.domain.roster import Duty
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Absence, Person


@dataclass(frozen=True)
class Left:
    """
    What absences leave of a roster.

    Parameters
    ----------
    people
        The team, its new absences credited with what was planned.
    duties
        By agent and day; a shift that an absence begins or ends in is cut there.
    touched
        Days that the absences change, by agent.
    gone
        The times that nobody fills any more, as duties by agent and day.
    """

    people: tuple[Person, ...]
    duties: Mapping[str, Mapping[int, Duty]]
    touched: Mapping[str, frozenset[int]]
    gone: Days


def without(
    people: Sequence[Person], duties: Days, absences: Mapping[str, Sequence[Absence]]
) -> Left:
    """
    Take people out of a roster for the time that they are away.

    An absence credits its planned hours: the paid minutes of the blocks that it takes.
    """
    left = {agent: dict(days) for agent, days in duties.items()}
    touched: dict[str, frozenset[int]] = {}
    gone: dict[str, dict[int, Duty]] = {}
    team = []
    for person in people:
        agent = person.agent.agent
        new = absences.get(agent, ())
        if not new:
            team.append(person)
            continue
        credit = dict(person.credit)
        for day, duty in duties.get(agent, {}).items():
            kept, lost = _cut(duty, new)
            if lost is None:
                continue
            touched[agent] = touched.get(agent, frozenset()) | {day}
            gone.setdefault(agent, {})[day] = lost
            credit[day] = credit.get(day, 0) + lost.paid
            if kept is None:
                del left[agent][day]
            else:
                left[agent][day] = kept
        away = tuple(sorted((*person.absences, *new), key=lambda one: one.start))
        team.append(replace(person, absences=away, credit=credit))
    return Left(tuple(team), left, touched, gone)


def _cut(duty: Duty, absences: Sequence[Absence]) -> tuple[Duty | None, Duty | None]:
    """What is left of a duty and what is lost; breaks alone are no duty."""
    kept, lost = list(duty.blocks), []
    for away in absences:
        parts = []
        for block in kept:
            first, last = max(block.start, away.start), min(block.end, away.end)
            if first >= last:
                parts.append(block)
                continue
            lost.append(replace(block, start=first, end=last))
            if block.start < first:
                parts.append(replace(block, end=first))
            if last < block.end:
                parts.append(replace(block, start=last))
        kept = parts
    if not lost:
        return duty, None
    if not any(block.activity.work for block in kept):
        return None, duty
    lost.sort(key=lambda block: block.start)
    return replace(duty, blocks=tuple(kept)), replace(duty, blocks=tuple(lost))


def explained(
    changes: Iterable[Change], gone: Days, touched: Mapping[str, frozenset[int]]
) -> Iterator[Change]:
    """
    Changes with their reasons: away, covering for somebody, or what follows from these.
    """
    found = list(changes)
    reasons: dict[tuple[str, int], str] = {}
    for one in found:
        if one.day in touched.get(one.agent, ()):
            reasons[one.agent, one.day] = "absent"
            continue
        for agent, days in sorted(gone.items()):
            lost = days.get(one.day)
            if lost and _shared(one.after, lost) > _shared(one.before, lost):
                reasons[one.agent, one.day] = f"covers for {agent}"
    for one in found:
        own = [day for agent, day in reasons if agent == one.agent and day != one.day]
        follows = "evens out their other days" if own else "moved to where heads are missing"
        given = one.day in touched.get(one.agent, ())
        yield replace(one, why=reasons.get((one.agent, one.day), follows), given=given)


def _shared(duty: Duty | None, lost: Duty) -> Minutes:
    """Minutes that a duty is on contacts while the lost one would have been."""
    if duty is None:
        return 0
    return sum(
        max(0, min(one.end, other.end) - max(one.start, other.start))
        for one in duty.blocks
        if one.activity.on_contacts
        for other in lost.blocks
        if other.activity.on_contacts
    )
