"""
What can be worked: the frames of every type of people, day by day, with their rules compiled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import gcd

from wfm.domain.roster import Duty, Tour
from wfm.rules.book import Book
from wfm.rules.fixed import FixedDuties
from wfm.rules.person import Skills
from wfm.rules.words import Window
from wfm.scheduling.compiling import Compiled, Sum, compile_rules, groups
from wfm.scheduling.decided import exact, fixed_frames, named
from wfm.scheduling.lawful import Known, Lawful
from wfm.scheduling.problem import Problem
from wfm.scheduling.shapes import Frame, frames


@dataclass(frozen=True)
class Menu:
    """
    The frames of one day, and whose they are.

    ``owners`` are the only people who can take a frame, by its number; a frame that is not
    there is everybody's. ``only`` are the frames to which a person is held, by person.
    """

    frames: tuple[Frame, ...]
    owners: Mapping[int, frozenset[int]]
    only: Mapping[int, frozenset[int]]

    def barred(self, p: int) -> list[int]:
        """Frames that a person cannot take."""
        only = self.only.get(p)
        return [
            at
            for at in (range(len(self.frames)) if only is not None else self.owners)
            if p not in self.owners.get(at, (p,)) or (only is not None and at not in only)
        ]


@dataclass(frozen=True)
class Group:
    """
    One type of people while tables are made.
    """

    people: tuple[int, ...]
    menus: tuple[Menu, ...]  # by day
    compiled: Compiled
    hours: Sum | None  # the paid time by week or block that stays a dimension of its own
    unit: int  # minutes of one unit of that time

    @property
    def frames(self) -> tuple[tuple[Frame, ...], ...]:
        """Frames by day."""
        return tuple(menu.frames for menu in self.menus)

    @property
    def blocks(self) -> tuple[tuple[int, ...], ...]:
        """Numbers of the windows of hours that begin together: a week's, or those of a block."""
        return blocks_of(self.hours.windows) if self.hours else ()


def blocks_of(windows: Sequence[Window]) -> tuple[tuple[int, ...], ...]:
    """
    Windows that begin on the same day, by number, the shortest first.
    """
    numbered = groupby(enumerate(windows), key=lambda item: item[1].first)
    return tuple(tuple(number for number, _ in some) for _, some in numbered)


def catalogues(problem: Problem) -> Iterator[Group]:
    """
    Everybody by type. People who are spared are types of their own, under no rule.
    """
    tours = [problem.carried(person) for person in problem.people]
    index = {tour.agent: p for p, tour in enumerate(tours)}
    spared = problem.standing.spared if problem.standing else frozenset()
    parts = (
        (problem.book, [tour for tour in tours if tour.agent not in spared]),
        (None, [tour for tour in tours if tour.agent in spared]),
    )
    known = Known(problem.cache)
    for law, some in parts:
        book = law or Book("none", ())
        for members in groups(book, some):
            menus = tuple(_menus(problem, law, members, index, known))
            samples = [[_sample(frame) for frame in menu.frames] for menu in menus]
            binding = _without_skills(book) if _unnamed(menus) else book
            compiled = compile_rules(binding, members, samples, cache=problem.cache)
            hours = _hours(compiled)
            unit = 1
            if hours is not None:
                unit = gcd(*(int(a) for row in hours.amounts for a in row)) or 1
            yield Group(tuple(index[t.agent] for t in members), menus, compiled, hours, unit)
    known.close()


def _menus(
    problem: Problem,
    law: Book | None,
    members: Sequence[Tour],
    index: Mapping[str, int],
    known: Known,
) -> Iterator[Menu]:
    """
    The menu of each day: the contract's frames, those of what is fixed, those that stand.

    Without a law, as for people who are spared, those that stand are all.
    """
    person, calendar = members[0].person, members[0].calendar
    lawful = Lawful(law or Book("none", ()), person, calendar, known)
    keeps = any(isinstance(entry.rule, FixedDuties) for entry in law or ())
    for day in range(problem.grid.days):
        shapes = person.agent.contract.shapes if law else ()
        usual = tuple(
            named(frame, person, calendar)
            for shape in shapes
            for frame in frames(shape, calendar, day)
        )
        found: dict[Frame, set[int]] = {frame: set() for frame in usual}
        held: dict[int, set[Frame]] = {}
        for tour in members:
            p, own = index[tour.agent], []
            if keeps and any(one.day == day and one.activity for one in tour.person.fixed):
                own = list(
                    fixed_frames(tour.person, calendar, day, usual, problem.serves(tour.person))
                )
                held[p] = set(own)
            stands = problem.standing.duty(tour.agent, day) if problem.standing else None
            if stands is not None:
                own.append(exact(stands, tour.person, calendar))
                held.get(p, set()).add(own[-1])
            for frame in own:
                if frame not in found or found[frame]:
                    found.setdefault(frame, set()).add(p)
        yield _menu(found, held, lawful)


def _menu(found: Mapping[Frame, set[int]], held: Mapping[int, set[Frame]], lawful: Lawful) -> Menu:
    """Frames with what law admits of their breaks, and whose they are."""
    cuts = [(cut, frame) for frame in found for cut in lawful((frame,))]
    owners = {at: frozenset(found[frame]) for at, (_, frame) in enumerate(cuts) if found[frame]}
    only = {
        p: frozenset(at for at, (_, frame) in enumerate(cuts) if frame in own)
        for p, own in held.items()
    }
    return Menu(tuple(cut for cut, _ in cuts), owners, only)


def _unnamed(menus: Sequence[Menu]) -> bool:
    """Whether no duty names a queue: then everybody serves those that they can."""
    return all(frame.exact is None for menu in menus for frame in menu.frames)


def _without_skills(book: Book) -> Book:
    return book.without(entry.code for entry in book if isinstance(entry.rule, Skills))


def _sample(frame: Frame) -> Duty:
    placed = frame.first_placement()
    assert placed is not None  # frames without a placement are never made
    return frame.duty(placed, ())


def _hours(compiled: Compiled) -> Sum | None:
    """
    The count that becomes a dimension: over single weeks or the weeks of a block so far, the
    one that binds from below.
    """
    weekly = [
        (k, one)
        for k, one in enumerate(compiled.sums)
        if one.price is None and all(_by_week(one.windows, some) for some in blocks_of(one.windows))
    ]
    if not weekly:
        return None
    largest = max(_total(one) for _, one in weekly)

    def rank(item: tuple[int, Sum]) -> tuple[bool, bool, int]:
        k, one = item
        few = _total(one) < largest / 4  # days or shifts, not minutes
        bounds = [b for terms in compiled.terms.values() for b in terms.bounds[k]]
        top = max((b.at_most for b in bounds if b.at_most is not None), default=10**9)
        return all(b.at_least is None for b in bounds), few, top

    return min(weekly, key=rank)[1]


def _total(one: Sum) -> int:
    """All that a sum counts of all duties there are."""
    return int(sum(amounts.sum() for amounts in one.amounts))


def _by_week(windows: Sequence[Window], block: Sequence[int]) -> bool:
    """Whether the windows that begin together end a week after one another, from the first on."""
    ends = [max(0, windows[block[0]].first) - 1, *(windows[number].last for number in block)]
    return all(0 < later - earlier <= 7 for earlier, later in pairwise(ends))
