"""
Training and meetings, placed inside the shifts of a roster where they hurt the promise least.

Pay and rules do not change: a session is paid work that takes the place of work on contacts.
So a bound on rosters without sessions bounds those with them, too. Sessions are placed one
after the other, and then each once more, the others given; in several orders of people
where somebody is missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from wfm.domain.courses import Course
from wfm.domain.roster import Block, Duty, Roster, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Agent
from wfm.scheduling.problem import Problem

ROUNDS = 3  # times that every session is placed
TURNS = 4  # orders of people that are tried
FEW = 100  # people up to which the order matters
SPARE = 1e-3  # of the price of a missing head: what keeps sessions where most heads are to spare
NOBODY = 1e-9  # heads

Span = tuple[Minutes, Minutes]


@dataclass(frozen=True, slots=True)
class Session:
    """
    One session of a course for one person: the spans that it takes of their work.
    """

    course: int
    agent: str
    day: int
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Placed:
    """
    A roster with its sessions, and what they take from contacts in each interval.

    ``away`` are the heads of each queue, float [queues, n], queues as in the problem.
    ``harm`` is what the promise loses, in cents, contacts at their full price.
    """

    roster: Roster
    away: np.ndarray
    harm: float


def place(
    problem: Problem, roster: Roster, heads: Mapping[str, np.ndarray], courses: Sequence[Course]
) -> Placed:
    """
    Put every session of the courses into the shifts of a roster, if there is room for it.

    Parameters
    ----------
    heads
        By queue, float [n]: heads that serve it while nobody is away for a session.
    courses
        What is owed; what past duties hold of it is owed no more.
    """
    best: tuple[int, float] | None = None
    people = sum(len(course.agents) for course in courses)
    for turn in range(TURNS if people <= FEW else 1):  # many even themselves out
        planner = _Planner(problem, roster, heads, courses, np.random.default_rng(turn))
        for _ in range(ROUNDS):
            planner.pass_()
        rank = planner.missing, round(planner.harm, 6)
        if best is None or rank < best:
            best, kept = rank, planner
        if rank <= (0, 0.0):
            break
    return kept.placed()


class _Planner:
    """A roster on its way: sessions so far, and what another would cost."""

    def __init__(
        self,
        problem: Problem,
        roster: Roster,
        heads: Mapping[str, np.ndarray],
        courses: Sequence[Course],
        stream: np.random.Generator,
    ):
        self.stream = stream
        self.problem, self.roster, self.courses = problem, roster, courses
        self.edges = np.append(problem.grid.starts, problem.grid.midnights[-1])
        self.heads = {name: np.array(heads[name], dtype=float) for name in problem.names}
        self.worst = self._lost()
        self.rows = {person.agent.agent: p for p, person in enumerate(problem.people)}
        self.sessions: dict[tuple[int, str], list[Session]] = {}
        self.from_queue: dict[Session, dict[str, np.ndarray]] = {}
        # groups first, then long sessions: they have the least choice
        self.order = sorted(
            range(len(courses)),
            key=lambda at: (not courses[at].together, -courses[at].minutes, at),
        )

    def pass_(self) -> None:
        """Place every session, or place it anew."""
        for number in self.order:
            if self.courses[number].together:
                self.group(number)
            else:
                self.single(number)

    @property
    def missing(self) -> int:
        """Sessions without a place."""
        owed = sum(
            self._owed(number, agent)
            for number, course in enumerate(self.courses)
            for agent in course.agents
        )
        return owed - sum(map(len, self.sessions.values()))

    @property
    def harm(self) -> float:
        """Cents that the sessions take from the promise, contacts at their full price."""
        return self._lost() - self.worst

    def _lost(self) -> float:
        problem, total = self.problem, 0.0
        price = problem.shortfall_prices
        for name, aim in problem.aims.items():
            short = np.maximum(aim.heads - self.heads[name], 0.0).sum()
            total += short * price.head(aim) * problem.grid.interval / 60
            total -= float(aim.at(self.heads[name]).sum()) * price.contact
        return float(total)

    def _owed(self, number: int, agent: str) -> int:
        course = self.courses[number]
        return max(0, course.sessions - course.done(self.roster.by_agent[agent]))

    def single(self, number: int) -> None:
        """Place every person's sessions of a course, one person after the other."""
        for agent in self.stream.permutation(np.array(self.courses[number].agents)).tolist():
            for session in self.sessions.pop((number, agent), []):
                self._give_back(session)
            for _ in range(self._owed(number, agent)):
                found = self._best(number, agent)
                if found is None:
                    break
                self._take(found)

    def _best(self, number: int, agent: str) -> Session | None:
        """The session that hurts least; whole where some shift can hold it whole."""
        found = list(self._candidates(number, agent))
        if not found:
            return None
        harm = self._harm(self.problem.people[self.rows[agent]].agent)
        running = np.concatenate([[0.0], np.cumsum(harm)])
        edges = np.array([edge for one in found for span in one.spans for edge in span])
        read = np.interp(edges, self.edges, running)
        first = np.cumsum([0, *(len(one.spans) for one in found[:-1])])
        costs = np.round(np.add.reduceat(read[1::2] - read[::2], first), 6).tolist()
        ranks = [
            (len(one.spans) > 1, cost, one.spans[0][0])
            for one, cost in zip(found, costs, strict=True)
        ]
        return found[min(range(len(found)), key=ranks.__getitem__)]

    def _candidates(self, number: int, agent: str) -> Iterator[Session]:
        course, step = self.courses[number], self.problem.grid.interval
        busy = {one.day for one in self.sessions.get((number, agent), [])}
        for duty in self.roster.by_agent[agent].planned:
            if duty.day in busy or self.problem.settled(agent, duty.day):
                continue
            free = self._free(agent, duty)
            for first, last in free:
                starts = {first, *range(first - first % step + step, last, step)}
                for start in sorted(starts):
                    spans = _filled(free, start, course.minutes)
                    if spans and course.start <= start and spans[-1][1] <= course.end:
                        yield Session(number, agent, duty.day, spans)

    def _free(self, agent: str, duty: Duty) -> list[Span]:
        """Spans of a duty that are on contacts and not taken by a session yet."""
        taken = [
            span
            for number in range(len(self.courses))
            for one in self.sessions.get((number, agent), [])
            if one.day == duty.day
            for span in one.spans
        ]
        found = []
        for block in duty.blocks:
            if block.activity.on_contacts:
                found += _without((block.start, block.end), taken)
        return found

    def group(self, number: int) -> None:
        """Place the slots of a course for everybody: most take part, then least hurt."""
        agents = self.courses[number].agents
        for agent in agents:
            for session in self.sessions.pop((number, agent), []):
                self._give_back(session)
        owed = max((self._owed(number, agent) for agent in agents), default=0)
        days: set[int] = set()
        for _ in range(owed):
            slots: dict[Minutes, list[Session]] = {}
            for agent in agents:
                for session in self._candidates(number, agent):
                    if len(session.spans) == 1 and session.day not in days:
                        slots.setdefault(session.spans[0][0], []).append(session)
            if not slots:
                return
            most = max(len(sessions) for sessions in slots.values())
            full = {at: found for at, found in slots.items() if len(found) == most}
            best = min(full, key=lambda at: (round(self._group_harm(full[at]), 6), at))
            days |= {session.day for session in full[best]}
            for session in full[best]:
                self._take(session)

    def _group_harm(self, sessions: Sequence[Session]) -> float:
        """What it costs when all of them are away."""
        before = {name: heads.copy() for name, heads in self.heads.items()}
        total = 0.0
        for session in sessions:
            agent = self.problem.people[self.rows[session.agent]].agent
            share = self._share(session)
            total += float(self._harm(agent) @ share)
            self._remove(agent, share)
        self.heads = before
        return total

    def _harm(self, agent: Agent) -> np.ndarray:
        """Cost of one more head away, from the queue where it is least, float [n]."""
        return np.asarray(self._costs(agent).min(axis=0))

    def _costs(self, agent: Agent) -> np.ndarray:
        """Cost of one more head away from each of somebody's queues, float [queues, n]."""
        problem = self.problem
        price = problem.shortfall_prices
        rows = []
        for name in problem.names:
            level = agent.efficiency(problem.queues[name])
            if level <= 0:
                continue
            aim, now = problem.aims[name], self.heads[name]
            hour = price.head(aim) * problem.grid.interval / 60
            after = np.maximum(now - level, 0.0)
            lost = (aim.at(now) - aim.at(after)) * price.contact
            short = np.maximum(aim.heads - after, 0.0) - np.maximum(aim.heads - now, 0.0)
            spare = aim.heads / np.maximum(now, NOBODY)
            cost = lost + short * hour + SPARE * hour * np.minimum(spare, 1e3)
            rows.append(np.where(now > NOBODY, cost, np.inf))
        costs = np.array(rows or [np.zeros(problem.grid.n)])
        costs[:, np.isinf(costs).all(axis=0)] = 0.0  # nobody is there to be missed
        return costs

    def _share(self, session: Session) -> np.ndarray:
        """Share of each interval that a session takes, float [n]."""
        found = np.zeros(len(self.edges) - 1)
        for start, end in session.spans:
            inside = np.minimum(self.edges[1:], end) - np.maximum(self.edges[:-1], start)
            found += np.maximum(inside, 0) / self.problem.grid.interval
        return found

    def _remove(self, agent: Agent, share: np.ndarray) -> dict[str, np.ndarray]:
        """Take somebody's share from the heads; what each queue gave."""
        served = self.problem.serves(self.problem.people[self.rows[agent.agent]])
        if not served:
            return {}
        given, least = {}, self._costs(agent).argmin(axis=0)
        for at, name in enumerate(served):
            level = agent.efficiency(self.problem.queues[name])
            amount = np.where(least == at, np.minimum(share * level, self.heads[name]), 0.0)
            self.heads[name] = self.heads[name] - amount
            given[name] = amount
        return given

    def _take(self, session: Session) -> None:
        agent = self.problem.people[self.rows[session.agent]].agent
        self.from_queue[session] = self._remove(agent, self._share(session))
        self.sessions.setdefault((session.course, session.agent), []).append(session)

    def _give_back(self, session: Session) -> None:
        for name, amount in self.from_queue.pop(session).items():
            self.heads[name] = self.heads[name] + amount

    def placed(self) -> Placed:
        """The roster with every session in it."""
        spans: dict[tuple[str, int], list[tuple[Span, int]]] = {}
        for sessions in self.sessions.values():
            for one in sessions:
                found = spans.setdefault((one.agent, one.day), [])
                found += [(span, one.course) for span in one.spans]
        tours = [self._with(tour, spans) for tour in self.roster]
        away = np.zeros((len(self.problem.names), self.problem.grid.n))
        for given in self.from_queue.values():
            for name, amount in given.items():
                away[self.problem.names.index(name)] += amount
        return Placed(Roster(self.roster.grid, tuple(tours)), away, self.harm)

    def _with(
        self, tour: Tour, spans: Mapping[tuple[str, int], Sequence[tuple[Span, int]]]
    ) -> Tour:
        duties = []
        for duty in tour.duties:
            mine = spans.get((tour.agent, duty.day), ()) if duty.day >= 0 else ()
            blocks = list(duty.blocks)
            for span, number in mine:
                blocks = list(_cut(blocks, span, self.courses[number]))
            duties.append(replace(duty, blocks=tuple(blocks)) if mine else duty)
        return replace(tour, duties=tuple(duties))


def _filled(free: Sequence[Span], start: Minutes, minutes: Minutes) -> tuple[Span, ...]:
    """
    The spans of a session that begins at ``start`` and goes on after what interrupts it.

    Empty where the time left does not suffice.
    """
    spans, left = [], minutes
    for first, last in free:
        if last <= start:
            continue
        begin = max(first, start)
        end = min(last, begin + left)
        spans.append((begin, end))
        left -= end - begin
        if not left:
            return tuple(spans)
    return ()


def _without(span: Span, taken: Sequence[Span]) -> list[Span]:
    parts = [span]
    for first, last in taken:
        parts = [
            part
            for start, end in parts
            for part in ((start, min(end, first)), (max(start, last), end))
            if part[0] < part[1]
        ]
    return parts


def _cut(blocks: Sequence[Block], span: Span, course: Course) -> Iterator[Block]:
    """Blocks of a duty, one of them interrupted by a session."""
    first, last = span
    for block in blocks:
        if not (block.start <= first and last <= block.end):
            yield block
            continue
        if block.start < first:
            yield replace(block, end=first)
        yield Block(first, last, course.activity)
        if last < block.end:
            yield replace(block, start=last)
