"""
A problem as arrays: shift kinds, rules, people and cells, as the compiled kernels read them.

People under the same contract, law and calendar are one type. Their kinds are numbered
together; the rules come compiled from ``compiling`` and are only laid out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import gcd, inf
from typing import NamedTuple

import numpy as np

from wfm.domain.roster import Duty, Roster, Tour
from wfm.domain.timegrid import DAY
from wfm.paying.tariff import period_minutes
from wfm.scheduling.catalogue import Group, catalogues
from wfm.scheduling.compiling import Layer
from wfm.scheduling.cover import Cells, cells
from wfm.scheduling.decided import exact
from wfm.scheduling.limits import tighten
from wfm.scheduling.posts import (
    Posts,
    counted,
    edges,
    joined_cells,
    posts_of,
    queue_cells,
)
from wfm.scheduling.pricing import Arcs, Kinds, Team
from wfm.scheduling.problem import Problem
from wfm.scheduling.rates import running_pay, weekly_pay
from wfm.scheduling.shapes import Frame, Slot, fine_unit

PAD_DAYS = 2  # days before and after the horizon that slots reach: other zones, last nights
FAR = 10**6  # slots: no greatest distance between breaks


class Size(NamedTuple):
    """
    Sizes of scratch memory, and how slots and intervals relate.
    """

    unit: int  # minutes of a slot
    per: int  # slots of an interval
    pad: int  # slots before the horizon
    slots: int
    intervals: int
    queues: int
    days: int
    nodes: int
    units: int
    sets: int
    classes: int
    kinds: int
    breaks: int
    starts: int


@dataclass(frozen=True)
class Tables:
    """
    A problem, laid out for kernels.

    ``frames`` are the kinds in order; ``order`` sorts people so that equals are neighbours.
    ``stands`` is the kind of each person and day that a standing roster gives, int [people,
    days]: -1 a day off, -2 none that rules admit; None without such a roster.
    """

    problem: Problem
    kinds: Kinds
    arcs: Arcs
    team: Team
    cells: Cells
    size: Size
    frames: tuple[Frame, ...]
    units: np.ndarray  # int64 [kinds]: units of paid time
    tail: np.ndarray  # float64 [people, intervals]: presence of duties carried in
    order: np.ndarray
    posts: Posts
    stands: np.ndarray | None = None

    @property
    def grid(self) -> tuple[int, int]:
        """Slots of an interval, and slots before the horizon."""
        return self.size.per, self.size.pad

    def duties(self, p: int, tour: np.ndarray, starts: np.ndarray) -> tuple[Duty, ...]:
        """
        A person's tour as duties.

        Parameters
        ----------
        tour
            Kind of each day, -1 for a day off.
        starts
            Slots at which breaks start, int [days, breaks].
        """
        queues = self.problem.serves(self.problem.people[p])
        duties = []
        for day, kind in enumerate(tour):
            if kind >= 0:
                frame = self.frames[kind]
                slots = starts[day, : len(frame.slots)]
                breaks = tuple(int(s - self.size.pad) * self.size.unit for s in slots)
                duties.append(frame.duty(breaks, queues))
        return tuple(duties)

    def roster(self, tours: np.ndarray, starts: np.ndarray) -> Roster:
        """
        Everybody's tours, carried-in duties in front.
        """
        made = []
        for p, person in enumerate(self.problem.people):
            carried = self.problem.carried(person)
            duties = (*carried.duties, *self.duties(p, tours[p], starts[p]))
            made.append(Tour(person, carried.calendar, duties))
        return Roster(self.problem.grid, tuple(made))


def tabulate(problem: Problem) -> Tables:
    """
    Lay a problem out for the kernels.
    """
    found = list(catalogues(problem))
    every = [frame for group in found for day in group.frames for frame in day]
    unit = gcd(fine_unit(problem.grid.interval, every), *edges(problem))
    minutes = int(problem.grid.midnights[-1])
    slots = (minutes + 2 * PAD_DAYS * DAY) // unit
    pad = PAD_DAYS * DAY // unit
    kinds = _kinds(found, unit, pad)
    arcs, nodes, classes = _arcs(found)
    posts = posts_of(problem, unit, pad, slots, len(problem.names) * problem.grid.n)
    team = _team(problem, found, kinds, posts, (unit, pad, slots))
    _span(arcs, team)
    stands = _stand(problem, found, kinds, team)
    size = Size(
        unit=unit,
        per=problem.grid.interval // unit,
        pad=pad,
        slots=slots,
        intervals=problem.grid.n,
        queues=len(problem.names),
        days=problem.grid.days,
        nodes=nodes,
        units=team.weekly.shape[2],
        sets=int(np.diff(arcs.sets, axis=1).max()),
        classes=classes,
        kinds=int((kinds.first[:, -1] - kinds.first[:, 0]).max()),
        breaks=kinds.shape.shape[1],
        starts=int(kinds.shape[:, :, 2].max(initial=0)),
    )
    order = np.lexsort((team.rate, team.skill, team.type))
    tail = _tails(problem)
    wanted = joined_cells(_cells(problem, team.able.T @ _by_skill(team, tail)), posts)
    units = [_paid(group, day)[1:] for group in found for day in range(problem.grid.days)]
    return Tables(
        problem,
        kinds,
        arcs,
        team,
        wanted,
        size,
        tuple(every),
        np.concatenate(units),
        tail,
        order,
        posts,
        stands,
    )


def _cells(problem: Problem, fixed: np.ndarray) -> Cells:
    prices = problem.shortfall_prices
    return cells(problem.aims, problem.names, prices, problem.grid.interval, fixed)


def open_cells(tables: Tables) -> Cells:
    """
    The queues' cells with nobody fixed in them: what carried-in duties cover is not in them yet.

    In ``Tables.cells`` those count on every queue that they can serve: a relaxation, so
    that the bound is valid.
    """
    if not tables.tail.any():
        return queue_cells(tables.cells, tables.size.queues * tables.size.intervals)
    return _cells(tables.problem, np.zeros((tables.size.queues, tables.size.intervals)))


def cells_without(tables: Tables, away: np.ndarray) -> Cells:
    """
    The cells where ``away`` heads are missing whatever is planned, float [queues, intervals].
    """
    there = tables.team.able.T @ _by_skill(tables.team, tables.tail)
    return joined_cells(_cells(tables.problem, there - away), tables.posts)


def _by_skill(team: Team, presence: np.ndarray) -> np.ndarray:
    found = np.zeros((len(team.able), presence.shape[1]))
    np.add.at(found, team.skill, presence)
    return found


def _tails(problem: Problem) -> np.ndarray:
    """
    Share of each interval that people spend on contacts in duties begun before day 0.
    """
    grid = problem.grid
    edges = np.append(grid.starts, grid.midnights[-1])
    found = np.zeros((len(problem.people), grid.n))
    for p, person in enumerate(problem.people):
        for duty in problem.carried(person).duties:
            for block in duty.blocks:
                if block.activity.on_contacts and block.end > 0:
                    inside = np.minimum(edges[1:], block.end) - np.maximum(edges[:-1], block.start)
                    found[p] += np.maximum(inside, 0) / grid.interval
    return found


def _kinds(found: Sequence[Group], unit: int, pad: int) -> Kinds:
    first: list[list[int]] = []
    shapes: list[list[tuple[int, ...]]] = []
    rows: list[tuple[int, int, int]] = []
    classes: list[int] = []
    most = max((len(f.slots) for g in found for day in g.frames for f in day), default=0) or 1
    for group in found:
        start = len(rows)
        marks = [start]
        for day, menu in enumerate(group.frames):
            columns = _refined(group, day)[1:]
            for frame, column in zip(menu, columns, strict=True):
                rows.append((frame.start, frame.closing_from, frame.end))
                shapes.append(_breaks(frame, unit, pad, most))
                classes.append(column)
            marks.append(len(rows))
        first.append(marks)
    times = np.array(rows, dtype=np.int64).reshape(-1, 3) // unit + pad
    told = np.array(shapes, dtype=np.int64).reshape(-1, most, 8)
    shape, away = told[:, :, :7], told[:, :, 7]
    pauses, alike = np.unique(told[:, :, [0, 6, 7]].reshape(-1, 3), axis=0, return_inverse=True)
    return Kinds(
        np.array(first, dtype=np.int64),
        np.ascontiguousarray(times[:, 0]),
        np.ascontiguousarray(times[:, 1]),
        np.ascontiguousarray(times[:, 2]),
        np.array([sum(1 for b in shape if b[0]) for shape in shapes], dtype=np.int64),
        np.dstack([shape, alike.reshape(shape.shape[:2]), away]),
        pauses,
        _alike(shape),
        np.array(classes, dtype=np.int64),
        np.zeros(len(rows)),
    )


def _breaks(frame: Frame, unit: int, pad: int, most: int) -> list[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = []
    for slot in frame.slots:
        rows.append(
            (
                slot.pause.minutes // unit,
                slot.first // unit + pad,
                len(slot.starts),
                slot.pause.step // unit,
                slot.gap // unit,
                FAR if slot.far is None else slot.far // unit,
                int(not slot.pause.paid),
                _away(slot),
            )
        )
    return rows + [(0, 0, 0, 1, 0, FAR, 0, 0)] * (most - len(rows))


def _away(slot: Slot) -> int:
    """How far somebody is away, see ``Kinds``: a gap has no block, and a break no work."""
    activity = slot.activity or slot.pause.activity
    if slot.pause.split or not activity.name:
        return 2
    return int(not activity.work or activity.pause)


def _alike(shape: np.ndarray) -> np.ndarray:
    """How many breaks, from the first on, each kind has in common with the one before."""
    same = (shape[1:] == shape[:-1]).all(axis=2) & (shape[1:, :, 0] > 0)
    return np.concatenate([[0], np.cumprod(same, axis=1).sum(axis=1)])[: len(shape)]


def _refined(group: Group, day: int) -> np.ndarray:
    """
    Class of each option on a day: what rules or the week's hours can tell apart.
    """
    layer = group.compiled.layers[day]
    paid = _paid(group, day)
    pairs = list(zip(layer.classes.tolist(), paid.tolist(), strict=True))
    number: dict[tuple[int, int], int] = {}
    return np.array([number.setdefault(pair, len(number)) for pair in pairs])


def _paid(group: Group, day: int) -> np.ndarray:
    if group.hours is None:
        return np.zeros(len(group.compiled.layers[day].classes), dtype=np.int64)
    return np.asarray(group.hours.amounts[day] // group.unit)


class _Lists(NamedTuple):
    source: list[int]
    target: list[int]
    set: list[int]
    price: list[float]
    paid: list[int]
    items: list[int]
    member: list[int]


def _arcs(found: Sequence[Group]) -> tuple[Arcs, int, int]:
    lists = _Lists([], [], [], [], [], [0], [])
    first, sets, weeks, closes, nodes, classes = [], [], [], [], 1, 1
    for group in found:
        arc_marks, set_marks = [len(lists.source)], [len(lists.paid)]
        for day, layer in enumerate(group.compiled.layers):
            refined = _refined(group, day)
            nodes = max(nodes, layer.nodes, int(layer.target.max(initial=0)) + 1)
            classes = max(classes, int(refined.max()) + 1)
            _lay_day(layer, refined, _paid(group, day), lists)
            arc_marks.append(len(lists.source))
            set_marks.append(len(lists.paid))
        first.append(arc_marks)
        sets.append(set_marks)
        ends, closed = _week_ends(group)
        weeks.append(ends)
        closes.append(closed)
    arcs = Arcs(
        np.array(first, dtype=np.int64),
        np.array(lists.source, dtype=np.int64),
        np.array(lists.target, dtype=np.int64),
        np.array(lists.set, dtype=np.int64),
        np.array(lists.price, dtype=np.float64),
        np.array(sets, dtype=np.int64),
        np.array(lists.paid, dtype=np.int64),
        np.array(lists.items, dtype=np.int64),
        np.array(lists.member, dtype=np.int64),
        np.array(weeks, dtype=np.int64),
        np.array(closes, dtype=np.int64),
    )
    return arcs, nodes, classes


def _lay_day(layer: Layer, refined: np.ndarray, paid: np.ndarray, lists: _Lists) -> None:
    # One representative option of each refined class.
    chosen = [int(np.argmax(refined == c)) for c in range(int(refined.max()) + 1)]
    known: dict[tuple[int, tuple[int, ...]], int] = {}
    for node in range(layer.nodes):
        ways: dict[tuple[int, int, int], list[int]] = {}
        for c, option in enumerate(chosen):
            column = layer.classes[option]
            target = int(layer.target[node, column])
            if target >= 0:
                key = (target, int(paid[option]), int(layer.price[node, column]))
                ways.setdefault(key, []).append(c)
        for (target, units, price), members in ways.items():
            name = (units, tuple(members))
            if name not in known:
                known[name] = len(known)
                lists.paid.append(units)
                lists.member.extend(members)
                lists.items.append(len(lists.member))
            lists.source.append(node)
            lists.target.append(target)
            lists.set.append(known[name])
            lists.price.append(float(price))


def _week_ends(group: Group) -> tuple[list[int], list[int]]:
    """The week that ends with each day, or -1, and whether paid time starts anew behind it."""
    days = len(group.compiled.layers)
    ends, closes = [-1] * days, [0] * days
    if group.hours is None:
        return ends, closes
    for block in group.blocks:
        lasts = [group.hours.windows[week].last for week in block]
        for week, last in zip(block, lasts, strict=True):
            ends[last] = week
        closes[lasts[-1]] = 1
    return ends, closes


def _team(
    problem: Problem,
    found: Sequence[Group],
    kinds: Kinds,
    posts: Posts,
    clock: tuple[int, int, int],
) -> Team:
    n, days = len(problem.people), problem.grid.days
    width = int((kinds.first[:, -1] - kinds.first[:, 0]).max())
    weeks = max((len(g.hours.windows) for g in found if g.hours), default=1)
    team = Team(
        type=np.zeros(n, np.int64),
        skill=np.zeros(n, np.int64),
        rate=np.zeros(n, np.int64),
        node=np.full(n, -1, np.int64),
        low=np.zeros((n, weeks), np.int64),
        high=np.zeros((n, weeks), np.int64),
        adjust=np.full((n, width), inf, np.float32),
        off=np.zeros((n, days)),
        able=np.zeros((0, 0)),
        counted=np.zeros((0, 0), bool),
        post=posts.cell,
        resting=posts.resting,
        posts=_post_intervals(problem, posts, clock),
        pay=np.zeros((0, 0)),
        weekly=np.zeros((0, 0, 0)),
        span=np.zeros((n, days, 2), np.int64),
    )
    able: dict[tuple[tuple[float, ...], tuple[bool, ...]], int] = {}
    for number, group in enumerate(found):
        for p in group.people:
            person = problem.people[p]
            team.type[p] = number
            levels = tuple(person.agent.efficiency(problem.queues[q]) for q in problem.names)
            one = levels, counted(problem.book, person.agent)
            team.skill[p] = able.setdefault(one, len(able))
            _enter(group, p, person.agent.agent, team)
    skilled = team._replace(
        able=np.array([levels for levels, _ in able]),
        counted=np.array([rules for _, rules in able], dtype=bool),
    )
    return _priced(problem, found, clock, skilled)


def _post_intervals(problem: Problem, posts: Posts, clock: tuple[int, int, int]) -> np.ndarray:
    """Rule and interval of each post, the last interval for what lies behind it."""
    unit, pad, _ = clock
    interval = (posts.at[:, 1] - pad) * unit // problem.grid.interval
    return np.column_stack([posts.at[:, 0], np.clip(interval, 0, problem.grid.n - 1)])


def _priced(
    problem: Problem, found: Sequence[Group], clock: tuple[int, int, int], team: Team
) -> Team:
    """
    The team with its pay: people who are paid alike share a row.
    """
    unit, pad, slots = clock
    units, weeks = int(team.high.max(initial=0)) + 1, team.low.shape[1]
    rates: dict[tuple[object, ...], int] = {}
    pays, weeklies = [], []
    for number, group in enumerate(found):
        for p in group.people:
            person = problem.people[p]
            calendar = problem.calendar(person)
            past = [past for _, _, past in period_minutes(problem.carried(person))]
            key = (number, person.agent.rate, person.agent.contract.pay, past[0])
            if key not in rates:
                rates[key] = len(rates)
                pays.append(running_pay(person, calendar, unit, pad, slots))
                extra = np.zeros((weeks, units))
                blocks = calendar.periods(person.agent.contract)
                for days, before, some in zip(blocks, past, group.blocks, strict=False):
                    length = len(days) // 7
                    extra[list(some)] = weekly_pay(person, group.unit, units, before, length)
                weeklies.append(extra)
            team.rate[p] = rates[key]
    return team._replace(pay=np.array(pays), weekly=np.array(weeklies))


def _span(arcs: Arcs, team: Team) -> None:
    """
    Fill in how many units of the week everybody may have by each evening.
    """
    top = team.weekly.shape[2] - 1
    for kind, ends in enumerate(arcs.week):
        of = np.flatnonzero(team.type == kind)
        marks = arcs.sets[kind]
        most = [int(arcs.paid[a:b].max(initial=0)) for a, b in pairwise(marks)]
        up = np.zeros(len(of), np.int64)
        for day, more in enumerate(most):
            up += more
            low, high = np.zeros_like(up), np.minimum(up, top)
            for end in _ends_ahead(arcs, kind, day):
                left = sum(most[day + 1 : end + 1])
                low = np.maximum(low, team.low[of, ends[end]] - left)
                high = np.minimum(high, team.high[of, ends[end]])
            team.span[of, day, 0], team.span[of, day, 1] = low, high
            up = np.zeros_like(up) if arcs.closes[kind, day] else np.minimum(up, top)


def _ends_ahead(arcs: Arcs, kind: int, day: int) -> Iterator[int]:
    """Days from this one on that end a week before paid time starts anew."""
    for end in range(day, arcs.week.shape[1]):
        if arcs.week[kind, end] >= 0:
            yield end
        if arcs.closes[kind, end]:
            return


def _enter(group: Group, p: int, agent: str, team: Team) -> None:
    terms = group.compiled.terms[agent]
    team.node[p] = terms.start
    allowed = np.concatenate([row[1:] for row in terms.allowed])
    price = np.concatenate([row[1:] for row in terms.prices])
    team.adjust[p, : len(price)] = np.where(allowed, price, inf)
    first = 0
    for day, menu in enumerate(group.menus):
        team.adjust[p, [first + at for at in menu.barred(p)]] = inf
        team.off[p, day] = terms.prices[day][0] if terms.allowed[day][0] else inf
        first += len(menu.frames)
    if group.hours is None:
        return
    at = next(k for k, one in enumerate(group.compiled.sums) if one is group.hours)
    top = [int(row.max()) for row in group.hours.amounts]
    for week, bound in enumerate(terms.bounds[at]):
        most = sum(top[bound.first : bound.last + 1])
        high = most if bound.at_most is None else min(bound.at_most, most)
        team.low[p, week] = -(-(bound.at_least or 0) // group.unit)
        team.high[p, week] = high // group.unit
    for k, one in enumerate(group.compiled.sums):
        if k != at:
            tighten(group, p, one, terms.bounds[k], team)


def _stand(problem: Problem, found: Sequence[Group], kinds: Kinds, team: Team) -> np.ndarray | None:
    """
    Where the standing roster is among the kinds; what changing it costs goes into the team.
    """
    standing = problem.standing
    if standing is None:
        return None
    stands = np.full(team.off.shape, -1, np.int64)
    for number, group in enumerate(found):
        base = int(kinds.first[number, 0])
        places = [{frame.exact: at for at, frame in enumerate(day)} for day in group.frames]
        for p in group.people:
            person = problem.people[p]
            agent, calendar = person.agent.agent, problem.calendar(person)
            for day in range(problem.grid.days):
                begin, end = kinds.first[number, day] - base, kinds.first[number, day + 1] - base
                duty = standing.duty(agent, day)
                own = None
                if duty is not None:
                    own = places[day].get(exact(duty, person, calendar).exact)
                    stands[p, day] = -2 if own is None else base + begin + own
                if day not in standing.free.get(agent, ()):
                    price = inf if standing.keeps(agent, day) else float(standing.price)
                    _charge(team.adjust[p, begin:end], own, price)
                    team.off[p, day] += 0.0 if duty is None else price
    return stands


def _charge(costs: np.ndarray, own: int | None, price: float) -> None:
    """Add the price of a change to every kind but the one that stands."""
    before = None if own is None else costs[own]
    costs += price
    if own is not None:
        costs[own] = before
