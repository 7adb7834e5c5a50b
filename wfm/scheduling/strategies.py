"""
How a roster is sought, in the way that suits the team, and how much work that is.

Every way has the prices of the dual to guide it, and anneals. Small teams on one queue grow
rosters from the day that has been proven; many people who are alike are planned day by day;
from some forty people on the dearest days come first; whoever is left is annealed alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wfm.domain.outcome import Progress, Stop, silent
from wfm.errors import SettingsError
from wfm.scheduling.bound import Dual, softness, work_of
from wfm.scheduling.conflicts import unkept
from wfm.scheduling.daybyday import PASSES, begun, dealt, grown
from wfm.scheduling.finish import anneal
from wfm.scheduling.manning import lacking, manned
from wfm.scheduling.posts import broken_together
from wfm.scheduling.regroup import COOL, regrouped
from wfm.scheduling.search import Found, search
from wfm.scheduling.tables import Tables
from wfm.scheduling.telling import told
from wfm.scheduling.wholedays import PEOPLE, Days, Proof, prove, small, uniform

HOT = 2.0, 0.25  # first temperature, in interval wages: small teams at most, large ones at least
WARM = 1 / 3  # of the best of several restarts, as a share of that
COLD = 0.025  # last temperature of a single start, in interval wages
MILD = 0.2  # of small moves, in interval wages
MANY = 40  # people from whom a roster begins with the dearest days: before, turns gain more
LEAST = 0.25  # effort below which days are not planned with whole people
HELD = 0.05  # first temperatures, in interval wages, of a roster held to its first days
FREED = 0.1  # and of the same when it is no longer
FEW = 50  # nodes at least of each day's search tree, where people are alike
ROUGH = {"restarts": 1, "search": 5, "turns": 0, "moves": 0}  # a roster to start proofs from
LIGHT = 4000  # turns a person that anneal a roster which grew by day
NEAR = 0.0005  # of the cost: a gap at which no further roster is grown
SPARE = 0.004  # of the bound: by how much more a choice may raise it when rosters grow by day
SOLVER = "Lagrangian dual, annealed best responses and small moves, GLOP split"


@dataclass(frozen=True, slots=True)
class Effort:
    """
    How much work is done, in counts: the same on every machine.
    """

    dual: int  # passes over everybody for prices
    restarts: int
    search: int  # passes of annealing in each restart
    turns: int  # in which people leave and come back
    moves: int  # small moves
    proof: int  # steps towards a sharper bound
    nodes: int  # of each day's search tree, where days are planned with whole people
    days: int  # that are planned so for the proof
    dives: int  # rosters that grow from those days
    begin: int  # days with which a roster begins, in larger teams; none in a sketch

    @classmethod
    def of(cls, effort: float, people: int, days: int) -> Effort:
        """
        Counts for an effort: 1 is the default, 2 about twice the work.
        """
        if not 0 < effort <= 1000:
            raise SettingsError(f"effort is {effort:g}, expected above 0", hint="1 is the default")
        size = max(people, 1)
        passes = min(200, max(100, 20000 / size))
        if PEOPLE < size < MANY:  # neither days that are proven nor days to begin with
            passes *= 2
        return cls(
            dual=max(12, min(1000, round(effort * passes))),
            restarts=max(1, round(effort * min(2, 40 / size))),
            search=max(5, round(min(1.0, effort) * 60)),
            turns=round(effort * max(1, days / 7) * min(9_000 * size, 80_000 + 1_500 * size)),
            moves=round(effort * min(400_000, 20_000 * size)),
            proof=max(8, round(effort * min(200, 10_000 / size))),
            nodes=round(250 * effort) if effort >= LEAST else 0,
            days=max(1, round(effort * 35 / size)),
            dives=max(1, round(2.5 * effort)),
            begin=round(2 * effort) * -(-days // 7),
        )


def roster_of(
    tables: Tables, dual: Dual, work: Effort, *, seed: int, progress: Progress, stop: Stop
) -> tuple[Found, float, str]:
    """
    The best roster, a lower bound and how both were found, in the way that suits the team.
    """
    people, same = len(tables.team.type), uniform(tables)
    if same:
        work = replace(work, nodes=max(work.nodes, FEW), days=tables.size.days)
    many = people >= MANY and not same and tables.stands is None and work.begin > 0
    proving = (same or small(tables)) and work.nodes > 0
    growing = proving and tables.size.queues == 1  # with several, days spoil each other
    half = replace(work, turns=work.turns // 2)  # the rest is for the days
    if growing:
        first = replace(work, **ROUGH) if same else replace(half, turns=half.turns // 2)
    else:
        first = half if many else replace(work, turns=work.turns * (2 if people < MANY else 1))
    best = improve(tables, dual, first, seed=seed, progress=progress, stop=stop)
    if stop() or not (many or proving):
        return best, dual.bound, SOLVER
    if many:
        best = dearest(tables, dual, best, half, seed=seed, progress=progress, stop=stop)
        return best, dual.bound, f"{SOLVER}, HiGHS on days"
    order = Days(tables, dual.prices, dual.weights, dual.posts).order()
    proof = prove(tables, dual, order[: work.days], work.nodes, upper=best.cost, stop=stop)
    if growing:
        best = day_by_day(
            tables, dual, best, proof, order, work, seed=seed, progress=progress, stop=stop
        )
    if growing and (same or proof.start is None) and not near(best, proof):
        other = improve(tables, dual, work, seed=seed, progress=progress, stop=stop)
        best = min((best, other), key=lambda one: one.cost)
    return best, proof.bound, f"{SOLVER}, HiGHS on days"


def near(found: Found, proof: Proof) -> bool:
    """
    Whether a roster is so near to its bound that no other is sought.
    """
    return found.cost - proof.bound <= NEAR * found.cost


def hottest(tables: Tables) -> float:
    """
    The temperature at which turns begin, in cents: small teams have the time for more.
    """
    return softness(tables) * min(HOT[0], max(HOT[1], 25 / len(tables.team.type)))


def improve(
    tables: Tables, dual: Dual, work: Effort, *, seed: int, progress: Progress, stop: Stop
) -> Found:
    """
    The best of several rosters, each found and annealed apart, annealed once more.

    Half of the turns goes to the restarts, half to the best of them; then small moves. Where
    there is one start only, it is annealed once, for longer and until it is colder.
    """
    stream, scratch = np.random.default_rng(seed), work_of(tables)
    hot, alone = hottest(tables), work.restarts == 1
    best = None
    for done in range(work.restarts):
        found = search(tables, dual, stream, work.search, work=scratch, stop=stop)
        found = regrouped(
            tables,
            dual,
            found,
            work.turns if alone else work.turns // (2 * work.restarts),
            work=scratch,
            heat=hot,
            cool=COLD * softness(tables) / hot if alone else COOL,
            seed=seed * 1009 + done + 1,
            progress=progress if alone else silent,
            stop=stop,
        )
        if best is None or found.cost < best.cost:
            best = found
        progress(done + 1, work.restarts, told(tables, best.cost, dual.bound))
        if stop():
            return best
    assert best is not None
    if not alone:
        best = regrouped(
            tables,
            dual,
            best,
            work.turns // 2,
            work=scratch,
            heat=hot * WARM,
            seed=seed,
            progress=progress,
            stop=stop,
        )
    return polished(tables, dual, best, work, seed=seed, progress=progress, stop=stop)


def polished(
    tables: Tables,
    dual: Dual,
    found: Found,
    work: Effort,
    *,
    seed: int,
    progress: Progress,
    stop: Stop,
) -> Found:
    """
    A roster made better by small moves.
    """
    return anneal(
        tables,
        found,
        work.moves,
        weights=dual.weights,
        heat=softness(tables) * MILD,
        seed=seed,
        bound=dual.bound,
        progress=progress,
        stop=stop,
    )


def day_by_day(
    tables: Tables,
    dual: Dual,
    best: Found,
    proof: Proof,
    order: Sequence[int],
    work: Effort,
    *,
    seed: int,
    progress: Progress,
    stop: Stop,
) -> Found:
    """
    The best roster, or the best of several that grow from the first day of a proof.

    The first takes the dearest days first; in the others people who are alike on the first day
    change places on it, and the rest follows in any order.
    """
    first = proof.start
    if first is None:
        return best
    rest = [day for day in order if day != first.day]
    slack = best.cost - dual.bound + SPARE * dual.bound
    passes = min(PASSES, work.dual // 2)
    stream, scratch = np.random.default_rng(seed), work_of(tables)
    for number in range(work.dives):
        if stop() or near(best, proof):
            break
        after = stream.permutation(rest).tolist() if number else rest
        begin = dealt(first, stream) if number else first
        held, prices = grown(
            tables, begin, after, slack=slack, nodes=work.nodes, passes=passes, stop=stop
        )
        found = search(held, prices, stream, work.search, stop=stop)
        if not near(found, proof):
            found = regrouped(
                tables,
                dual,
                found,
                min(work.turns // 4, LIGHT * len(tables.team.type)),
                work=scratch,
                heat=hottest(tables) * WARM,
                seed=seed * 1013 + number,
                stop=stop,
            )
        best = min((best, found), key=lambda one: one.cost)
        progress(number + 1, work.dives, told(tables, best.cost, proof.bound))
    return best


def dearest(
    tables: Tables,
    dual: Dual,
    best: Found,
    work: Effort,
    *,
    seed: int,
    progress: Progress,
    stop: Stop,
) -> Found:
    """
    The best roster, or one that begins with the dearest days, annealed once more.

    The dearest days are planned with whole people, who are held to them while breaks and
    the other days are found.
    """
    scratch, soft = work_of(tables), softness(tables)
    least = best.cost - dual.bound  # no day is worth it whose cover costs less
    start = begun(tables, dual, work.begin, least=least, progress=progress, stop=stop)
    if start is not None:
        held, prices = start
        stream = np.random.default_rng(seed)
        found = search(held, prices, stream, work.search // 2, work=scratch, stop=stop)
        found = regrouped(
            held,
            prices,
            found,
            work.turns // 3,
            work=scratch,
            heat=HELD * soft,
            seed=seed,
            stop=stop,
        )
        best = min((best, found), key=lambda one: one.cost)
    best = regrouped(
        tables,
        dual,
        best,
        work.turns,
        work=scratch,
        heat=FREED * soft,
        seed=seed + 1,
        progress=progress,
        stop=stop,
    )
    return polished(tables, dual, best, work, seed=seed, progress=progress, stop=stop)


def manned_too(
    tables: Tables,
    dual: Dual,
    best: Found,
    work: Effort,
    *,
    seed: int,
    stop: Stop,
    refuse: bool = True,
) -> Found:
    """
    A roster that keeps the hard rules across people, where the best one does not.

    Raises
    ------
    NoRosterError
        There is none; without ``refuse``, the best one stays then.
    """
    if stop() or not lacking(tables, best.state):
        return best
    held = manned(tables, seed=seed)
    if held.tables is None and held.proven and refuse:
        roster = tables.roster(best.state.tours, best.state.starts)
        raise unkept(broken_together(tables.problem, roster), proven=True)
    if held.tables is None:
        return best
    found = search(held.tables, dual, np.random.default_rng(seed), work.search, stop=stop)
    heat = hottest(tables) * WARM
    found = regrouped(
        tables, dual, found, work.turns // 2, work=work_of(tables), heat=heat, seed=seed, stop=stop
    )
    return min((best, found), key=lambda one: one.cost)
