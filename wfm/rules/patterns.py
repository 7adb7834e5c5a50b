"""
Patterns of shifts: what may follow what, how often, and how steady the starts are.

Kinds are names of shapes; a plan whose shapes are not known cannot be judged by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from wfm.domain.roster import Duty, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Contract
from wfm.rules.totals import Totals, too_much
from wfm.rules.words import Breach, Count, Memory, Rolling, Rule, Today, begin, day_in

SHAPES = frozenset({"shapes"})


@dataclass(frozen=True)
class ForbiddenSuccession(Rule):
    """
    The day after one of these shifts: ``after``, none of these is worked: ``then``.
    """

    unit: ClassVar[str] = "days"
    needs: ClassVar[frozenset[str]] = SHAPES
    after: tuple[str, ...] = ()
    then: tuple[str, ...] = ()

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every forbidden succession, on its second day."""
        for day in range(tour.calendar.days):
            before, now = day_in(tour, day - 1), day_in(tour, day)
            if now.works and before.works and before.kind in self.after and now.kind in self.then:
                yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: whether yesterday's shift forbids some."""

        def step(bound: bool, today: Any) -> tuple[bool, int]:
            if not today.works:
                return False, 0
            return today.kind in self.after, int(bound and today.kind in self.then)

        return Memory(False, step, ("works", "kind"))


@dataclass(frozen=True)
class KindsInARow(Rule):
    """
    At most ``days`` of these shifts are worked in a row, day after day: ``kinds``.
    """

    unit: ClassVar[str] = "days"
    needs: ClassVar[frozenset[str]] = SHAPES
    kinds: tuple[str, ...] = ()
    days: int = 3

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every day beyond the limit."""
        run = 0
        for day in range(begin(tour), tour.calendar.days):
            now = day_in(tour, day)
            run = run + 1 if now.works and now.kind in self.kinds else 0
            if run > self.days and day >= 0:
                yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: such shifts in a row up to yesterday, as far as they matter."""

        def step(run: int, today: Any) -> tuple[int, int]:
            if not today.works or today.kind not in self.kinds:
                return 0, 0
            return min(run + 1, self.days), int(run == self.days)

        return Memory(0, step, ("works", "kind"))


@dataclass(frozen=True)
class KindLimit(Rule):
    """
    In any ``weeks`` weeks on end at most ``times`` of these shifts are worked: ``kinds``.
    """

    unit: ClassVar[str] = "shifts"
    needs: ClassVar[frozenset[str]] = SHAPES
    kinds: tuple[str, ...] = ()
    times: int = 4
    weeks: int = 4

    @property
    def weeks_back(self) -> int:
        """All weeks of the first window but its last."""
        return self.weeks - 1

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every run of weeks with too many."""

        def one(duties: tuple[Duty, ...]) -> int:
            return int(duties[0].shape in self.kinds)

        yield from too_much(Totals(tour, one, self.weeks), self.times)

    def declare(self, contract: Contract) -> Count:  # noqa: ARG002 - same for all
        """Such shifts over rolling weeks."""
        return Count(
            lambda today: int(today.works and today.kind in self.kinds),
            Rolling(self.weeks),
            at_most=self.times,
            sees=("works", "kind"),
        )


@dataclass(frozen=True)
class OneKindAWeek(Rule):
    """
    Within a week only one kind of shift is worked.
    """

    unit: ClassVar[str] = "days"
    needs: ClassVar[frozenset[str]] = SHAPES

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every day of another kind than the first of its week."""
        first: dict[int, str] = {}
        for day in sorted(tour.by_day):
            kind = first.setdefault(tour.calendar.week(day), day_in(tour, day).kind)
            if day_in(tour, day).kind != kind and day >= 0:
                yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: the week's kind; None before its first shift."""

        def step(kind: str | None, today: Any) -> tuple[str | None, int]:
            breach = 0
            if today.works:
                kind = today.kind if kind is None else kind
                breach = int(today.kind != kind)
            return (None if today.ends_week else kind), breach

        return Memory(None, step, ("works", "kind", "ends_week"))


@dataclass(frozen=True)
class OneKindAMonth(Rule):
    """
    Within a calendar month only one kind of shift is worked.
    """

    unit: ClassVar[str] = "days"
    needs: ClassVar[frozenset[str]] = SHAPES

    @property
    def weeks_back(self) -> int:
        """As many as a month may have before the first day of a plan."""
        return 5

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every day of another kind than the first of its month."""
        first: dict[tuple[int, int], str] = {}
        for day in sorted(tour.by_day):
            date, kind = tour.calendar.date(day), day_in(tour, day).kind
            if first.setdefault((date.year, date.month), kind) != kind and day >= 0:
                yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: the month's kind; None before its first shift."""

        def reads(today: Today) -> bool:
            """Whether a month begins."""
            return today.calendar.date(today.day).day == 1

        def step(kind: str | None, today: Any) -> tuple[str | None, int]:
            kind = None if today.read else kind
            if not today.works:
                return kind, 0
            kind = today.kind if kind is None else kind
            return kind, int(today.kind != kind)

        return Memory(None, step, ("works", "kind"), reads)


@dataclass(frozen=True)
class Rotation(Rule):
    """
    Kinds of shift follow each other in this order, over and over: ``kinds``.

    A kind may be kept; when it changes, the next in the order comes. Other kinds neither
    break nor move the rotation.
    """

    unit: ClassVar[str] = "changes"
    needs: ClassVar[frozenset[str]] = SHAPES
    kinds: tuple[str, ...] = ()

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every change to another kind than the next."""
        kinds = [(day, day_in(tour, day).kind) for day in sorted(tour.by_day)]
        turns = [(day, kind) for day, kind in kinds if kind in self.kinds]
        for (_, last), (day, kind) in pairwise(turns):
            following = self.kinds[(self.kinds.index(last) + 1) % len(self.kinds)]
            if kind not in (last, following) and day >= 0:
                yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: place in the order; None before the first."""
        place = {kind: at for at, kind in enumerate(self.kinds)}

        def step(at: int | None, today: Any) -> tuple[int | None, int]:
            now = place.get(today.kind)  # a day off has no kind
            if now is None:
                return at, 0
            return now, int(at is not None and (now - at) % len(self.kinds) > 1)

        return Memory(None, step, ("kind",))


@dataclass(frozen=True)
class StartSpacing(Rule):
    """
    Between the starts of two days on end lie at least ``hours`` hours.
    """

    hours: float = 24

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every start that comes too early."""
        for day in range(tour.calendar.days):
            before, now = tour.by_day.get(day - 1), tour.by_day.get(day)
            if before and now:
                missing = self.hours * 60 - (now[0].start - before[0].start)
                if missing > 0:
                    yield Breach(day, round(missing))

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: minutes of today before which nothing may begin."""
        apart = round(self.hours * 60)

        def step(closed: Minutes, today: Any) -> tuple[Minutes, int]:
            if not today.works:
                return 0, 0
            missing = max(0, closed - today.start)
            return max(0, today.start + apart - today.length), missing

        return Memory(0, step, ("works", "start", "length"))


@dataclass(frozen=True)
class StableStart(Rule):
    """
    From one working day to the next the start moves by at most ``minutes`` minutes.

    Days off between them change nothing.
    """

    minutes: Minutes = 120

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every start too far from the one before."""
        for before, day in pairwise(sorted(tour.by_day)):
            moved = abs(day_in(tour, day).start - day_in(tour, before).start)
            if moved > self.minutes and day >= 0:
                yield Breach(day, moved - self.minutes)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: the last start; None before the first."""

        def step(last: Minutes | None, today: Any) -> tuple[Minutes | None, int]:
            if not today.works:
                return last, 0
            moved = 0 if last is None else abs(today.start - last)
            return today.start, max(0, moved - self.minutes)

        return Memory(None, step, ("works", "start"))


@dataclass(frozen=True)
class StartVariance(Rule):
    """
    Within a week all starts lie at most ``minutes`` minutes apart.

    Every day that stretches them further is a breach by what it adds.
    """

    minutes: Minutes = 120

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every day that stretches its week's starts too far."""
        starts: dict[int, tuple[Minutes, Minutes]] = {}
        for day in sorted(tour.by_day):
            week, start = tour.calendar.week(day), day_in(tour, day).start
            low, high = starts.get(week, (start, start))
            starts[week] = min(low, start), max(high, start)
            now = max(high, start) - min(low, start)
            more = max(now, self.minutes) - max(high - low, self.minutes)
            if more and day >= 0:
                yield Breach(day, more)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: the week's earliest and latest start; None before its first."""

        def step(seen: tuple[int, int] | None, today: Any) -> tuple[tuple[int, int] | None, int]:
            breach = 0
            if today.works:
                low, high = seen or (today.start, today.start)
                seen = min(low, today.start), max(high, today.start)
                breach = max(seen[1] - seen[0], self.minutes) - max(high - low, self.minutes)
            return (None if today.ends_week else seen), breach

        return Memory(None, step, ("works", "start", "ends_week"))
