"""
The scheduler: a roster for everybody, its cost, and a proof of how good it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from wfm.domain.courses import unplaced
from wfm.domain.money import Cents, minutes_at
from wfm.domain.outcome import Cost, Plan, PlanStatus, Progress, Stop, never, silent
from wfm.domain.roster import Roster, Severity, Tour
from wfm.errors import SettingsError
from wfm.paying.tariff import absence_pay, tour_pay
from wfm.rules.entry import TEAM
from wfm.scheduling.barred import barred
from wfm.scheduling.bound import Dual, softness, solve_dual, work_of
from wfm.scheduling.conflicts import refuse_impossible, refuse_unmanned, unkept
from wfm.scheduling.daybyday import PASSES, begun, dealt, grown
from wfm.scheduling.exact import best_split
from wfm.scheduling.finish import anneal
from wfm.scheduling.manning import lacking, manned
from wfm.scheduling.placing import Placed, place
from wfm.scheduling.posts import broken_together, hard_price
from wfm.scheduling.problem import Problem
from wfm.scheduling.proving import sharpen
from wfm.scheduling.rates import rounding
from wfm.scheduling.regroup import COOL, regrouped
from wfm.scheduling.search import Found, search
from wfm.scheduling.tables import Tables, cells_without, tabulate
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


def schedule(
    problem: Problem,
    *,
    seed: int = 0,
    effort: float = 1.0,
    progress: Progress = silent,
    stop: Stop = never,
) -> Plan:
    """
    The best roster that a given effort finds, with a proven lower bound on any roster's cost.

    Parameters
    ----------
    seed
        Same problem, seed and effort: same roster, on the same platform and versions.
    effort
        A limit on work, not on time. 1 is the default.
    stop
        When it says so, the best roster so far is returned with what is proven so far.

    Raises
    ------
    NoRosterError
        Hard rules admit no tour for somebody, or no roster was found that keeps those across
        people; says which rules, for whom and when.
    """
    tables = tabulate(problem)
    refuse_impossible(tables)
    refuse_unmanned(tables)
    work = Effort.of(effort, len(problem.people), tables.size.days)
    dual = solve_dual(tables, work.dual, progress=progress, stop=stop)
    best, bound, solver = roster_of(tables, dual, work, seed=seed, progress=progress, stop=stop)
    best = manned_too(tables, dual, best, work, seed=seed, stop=stop)
    if problem.courses:
        best = around_sessions(tables, dual, best, work, seed=seed, stop=stop)
    if best.cost - bound > NEAR * best.cost:
        bound = max(bound, sharpen(tables, dual, best.cost, work.proof, stop=stop)[0])
    status = PlanStatus.STOPPED if stop() else PlanStatus.FEASIBLE
    limits: Mapping[str, object] = {"effort": effort, "dual_passes": work.dual}
    return finish(tables, best, bound, status=status, seed=seed, limits=limits, solver=solver)


def roster_of(
    tables: Tables, dual: Dual, work: Effort, *, seed: int, progress: Progress, stop: Stop
) -> tuple[Found, float, str]:
    """
    The best roster, a lower bound and how both were found, in the way that suits the team.
    """
    people, standing = len(tables.team.type), tables.stands is not None
    same = uniform(tables)
    if same:
        work = replace(work, nodes=max(work.nodes, FEW), days=tables.size.days)
    many = people >= MANY and not same and not standing and work.begin > 0
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
    grew = growing and proof.planned and proof.planned[0].taken is not None
    if growing and (same or not grew) and not near(best, proof):
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
    return anneal(
        tables,
        best,
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
    if not proof.planned or proof.planned[0].taken is None:
        return best
    first = proof.planned[0]
    rest = [day for day in order if day != first.day]
    slack = best.cost - dual.bound + SPARE * dual.bound
    stream, scratch = np.random.default_rng(seed), work_of(tables)
    for number in range(work.dives):
        if stop() or near(best, proof):
            break
        after = rest
        if number:
            after = stream.permutation(rest).tolist()
            first = dealt(proof.planned[0], stream)
        passes = min(PASSES, work.dual // 2)
        held, prices = grown(
            tables, first, after, slack=slack, nodes=work.nodes, passes=passes, stop=stop
        )
        found = search(held, prices, stream, work.search, stop=stop)
        if near(found, proof):
            best = found
            break
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
    return anneal(
        tables,
        best,
        work.moves,
        weights=dual.weights,
        heat=MILD * soft,
        seed=seed,
        bound=dual.bound,
        progress=progress,
        stop=stop,
    )


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


def placed_in(tables: Tables, found: Found) -> Placed:
    """
    The roster of a finished search with the sessions of training and meetings in it.
    """
    roster = tables.roster(found.state.tours, found.state.starts)
    heads, _ = best_split(tables, roster)
    return place(tables.problem, roster, heads, tables.problem.courses)


def around_sessions(
    tables: Tables, dual: Dual, best: Found, work: Effort, *, seed: int, stop: Stop
) -> Found:
    """
    The roster, or one annealed once more as if its sessions' heads were away: the cheaper.
    """
    placed = placed_in(tables, best)
    if placed.harm <= 0 or stop():
        return best
    moved = anneal(
        replace(tables, cells=cells_without(tables, placed.away)),
        best,
        work.moves // 2,
        weights=dual.weights,
        heat=softness(tables) * MILD,
        seed=seed + 1,
        stop=stop,
    )
    return min((best, moved), key=lambda found: with_sessions(tables, found))


def with_sessions(tables: Tables, found: Found) -> int:
    """
    What a roster costs with its sessions.
    """
    placed = placed_in(tables, found)
    _, missing = best_split(tables, placed.roster)
    unmanned = broken_together(tables.problem, placed.roster)
    lacking = round(hard_price(tables.problem) * sum(one.amount for one in unmanned))
    return price(tables.problem, placed.roster, missing).total + lacking


def finish(
    tables: Tables,
    found: Found,
    bound: float,
    *,
    status: PlanStatus,
    seed: int,
    limits: Mapping[str, object],
    solver: str = SOLVER,
) -> Plan:
    """
    The plan of a finished search: costs anew from the roster, and the certificate.
    """
    problem = tables.problem
    roster = tables.roster(found.state.tours, found.state.starts)
    if problem.courses:
        roster = placed_in(tables, found).roster
    unmanned = broken_together(problem, roster)
    if unmanned and problem.standing is None:
        raise unkept(unmanned)
    heads, missing = best_split(tables, roster)
    cost = price(problem, roster, missing)
    absent = sum(absence_pay(person, problem.calendar(person)) for person in problem.people)
    proven = bound + absent + _untold(tables, roster, found.state.cost) - _allowance(tables)
    proven -= hard_price(problem) * sum(one.amount for one in unmanned)
    if cost.total < proven - 1:
        raise RuntimeError(f"the roster costs {cost.total}, less than its bound {proven:.2f}")
    if cost.total - proven <= 1:
        status = PlanStatus.OPTIMAL
    return Plan(
        roster=roster,
        status=status,
        cost=cost,
        bound=min(proven, float(cost.total)),
        controllable=float(cost.total - absent - _unavoidable(tables)),
        cover=heads,
        seed=seed,
        limits=limits,
        solver=solver,
        remarks=tuple(_remarks(tables)),
        unplaced=tuple(one.sentence for one in unplaced(roster, problem.courses)),
        spared=(TEAM,) if unmanned else (),
    )


def _remarks(tables: Tables) -> Iterator[str]:
    problem = tables.problem
    yield from barred(tables)
    for name, aim in problem.aims.items():
        if aim.yields is None:
            yield f"{name}: its heads are covered in each interval; no curve tells what they yield"
    contracts = {person.agent.contract.name: person.agent.contract for person in problem.people}
    for contract in contracts.values():
        for one, other in contract.alike():
            yield (
                f"contract {contract.name}: shifts fit '{one}' and '{other}' alike; a roster's "
                f"file names none, and rules and wishes know them as '{one}'"
            )


def price(problem: Problem, roster: Roster, missing: float) -> Cost:
    """
    What a roster costs: pay by the tariff, priced rules by the book, shortfall as given.

    Raises
    ------
    RuntimeError
        The roster breaks a hard rule and nobody asked for that: a fault of the scheduler.
    """
    standing, days = problem.standing, problem.grid.days
    prices = {entry.code: entry.price for entry in problem.book}
    pay = changes = 0
    wishes = sum(
        round(one.amount * prices[one.code])
        for one in problem.book.together(roster)
        if one.severity is Severity.PRICED
    )
    for tour in roster:
        own = priced(problem, tour)
        pay, wishes = pay + own[0], wishes + own[1]
        if standing is not None:
            changes += standing.price * len(standing.changed(tour.agent, tour.by_day, days))
    return Cost(pay, wishes, round(missing), changes)


def priced(problem: Problem, tour: Tour) -> tuple[Cents, Cents]:
    """
    Pay and priced breaches of one tour; ``price`` says when a hard one is a fault.
    """
    spared = problem.standing.spared if problem.standing else frozenset()
    prices = {entry.code: entry.price for entry in problem.book}
    wishes = 0
    for breach in problem.book.check(tour):
        if breach.severity is Severity.HARD and breach.agent not in spared:
            raise RuntimeError(f"{breach.agent} breaks {breach.code} on {breach.date}")
        if breach.severity is Severity.PRICED:
            wishes += round(breach.amount * prices[breach.code])
    return tour_pay(tour), wishes


def _untold(tables: Tables, roster: Roster, known: np.ndarray) -> float:
    """
    What tables do not know of people who are spared: their overtime and priced breaches.
    """
    problem, total = tables.problem, 0.0
    for p, person in enumerate(problem.people):
        if problem.standing and person.agent.agent in problem.standing.spared:
            tour = roster.by_agent[person.agent.agent]
            absent = absence_pay(person, tour.calendar)
            total += sum(priced(problem, tour)) - absent - float(known[p])
    return total


def _allowance(tables: Tables) -> float:
    # What rounding pay to cents, and the shortfall, may have taken off a roster's cost.
    weeks = tables.team.low.shape[1]
    people = tables.problem.people
    return 0.5 + sum(rounding(person, tables.size.days, weeks) for person in people)


def _unavoidable(tables: Tables) -> int:
    """
    Base pay of the hours that contracts oblige to plan.
    """
    total = 0
    for person in tables.problem.people:
        contract = person.agent.contract
        weeks = max(1, tables.size.days // 7)
        slack = contract.slack(closed=True) * -(-weeks // contract.average_weeks)
        credit = sum(minutes for day, minutes in person.credit.items() if day >= 0)
        owed = contract.minutes(7 * weeks) - slack - credit
        total += minutes_at(person.agent.rate, max(0, owed))
    return total
