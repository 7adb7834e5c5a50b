"""
The engine, call for call against a slow simulator; then its semantics, one at a time.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from cases import NAMES, calls, floor_from, off, on, other, team_from
from plain import Caller, Line, Part, Plain, Worker

from wfm.simulation.engine import SERVED
from wfm.simulation.scenario import contacts
from wfm.simulation.simulate import play_many, play_once, play_single
from wfm.simulation.team import BREAK, CONTACTS, OTHER

KINDS = {CONTACTS: "contacts", BREAK: "break", OTHER: "other"}


def played(people, listed, names=NAMES, **floor):
    team = team_from(people, names)
    rows, blocks = calls(team, *listed), team.blocks.copy()
    play_once(rows, len(rows), blocks, team, floor_from(team, **floor))
    return rows, blocks


def random_people(rng, count, span=20_000):
    people = []
    for _ in range(count):
        parts, clock = [], float(rng.integers(0, span // 3))
        for _ in range(rng.integers(2, 7)):
            length = float(rng.integers(200, 3000))
            kind = rng.choice([CONTACTS, CONTACTS, BREAK, OTHER])
            queues = tuple(rng.permutation(NAMES)[: rng.integers(1, 5)]) if kind == CONTACTS else ()
            parts.append((clock, clock + length, int(kind), queues))
            clock += length + float(rng.choice([0, 0, 0, 400]))
        people.append((parts, dict(zip(NAMES, rng.uniform(0.5, 1.5, len(NAMES)), strict=True))))
    return people


def random_rows(rng, team, count, span=20_000):
    rows = contacts(np.sort(rng.uniform(0, span, count)))
    rows["queue"] = rng.integers(0, len(NAMES), count)
    rows["work"] = rng.lognormal(5, 1.2, count)
    patience = rng.exponential(300, count)
    rows["patience"] = np.where((rng.random(count) < 0.2) | (rows["queue"] == 3), np.inf, patience)
    more = rows[rng.random(count) < 0.5].copy()
    firsts = np.flatnonzero(np.isin(rows["arrival"], more["arrival"]))
    more["arrival"] = np.inf
    rows["again"][firsts] = count + np.arange(len(more))
    rows["delay"] = rng.exponential(500, count)
    return np.concatenate([rows, more]), count


@pytest.mark.parametrize("seed", range(12))
def test_anonymous_people_go_home_for_each_other(seed):
    """
    Call for call again, where only the number of people counts: each start and fate agrees.
    """
    rng = np.random.default_rng(100 + seed)
    people = [
        ([(s, e, k, ("a", "b") if k == CONTACTS else ()) for s, e, k, _ in parts], {"a": 1, "b": 1})
        for parts, _ in random_people(rng, int(rng.integers(2, 10)))
    ]
    team = team_from(people)
    rows, base = random_rows(rng, team, 250)
    rows["queue"] %= 2
    floor = floor_from(team)._replace(anonymous=True)
    twin = plain_twin(people, rows, base, floor, team)
    play_once(rows, base, team.blocks.copy(), team, floor)
    served = np.array([c.fate == "served" for c in twin.callers])
    assert (served == (rows["state"] == SERVED)).all()
    for name in ("start", "end"):
        assert np.allclose(rows[name], [getattr(c, name) for c in twin.callers], equal_nan=True)


def test_first_to_finish_goes():
    """
    Two busy when one must go at 100: the first to finish, at 120, although not named.
    """
    team = team_from([([on(0, 100)], {}), ([on(0, 900)], {})])
    rows = calls(team, (10, "a", 200), (20, "a", 100), (125, "a", 10))
    play_many(rows, 3, team.blocks.copy(), team, floor_from(team)._replace(anonymous=True))
    assert rows["start"].tolist() == [10, 20, 210]
    named = calls(team, (10, "a", 200), (20, "a", 100), (125, "a", 10))
    play_once(named, 3, team.blocks.copy(), team, floor_from(team))
    assert named["start"].tolist() == [10, 20, 125]


def plain_twin(people, rows, base, floor, team):
    """The same case for the slow simulator."""
    workers = [
        Worker(
            f"p{i}",
            [Part(s, e, KINDS[k], q, duty_end=max(p[1] for p in parts)) for s, e, k, q in parts],
            skills,
        )
        for i, (parts, skills) in enumerate(people)
    ]
    callers = [
        Caller(r["arrival"], r["work"], r["patience"], NAMES[r["queue"]], r["again"], r["delay"])
        for r in rows
    ]
    lines = {
        name: Line(
            lambda t, q=q: floor.clear[q, 0],
            int(floor.room[q]),
            tuple(floor.slow[q]),
            int(floor.reserve[q]),
        )
        for q, name in enumerate(NAMES)
    }
    return Plain(workers, callers, base, lines, floor.oldest, floor.anonymous).run()


@pytest.mark.parametrize("seed", range(40))
def test_call_for_call_like_the_plain_simulator(seed):
    """
    On the same draws, every contact and every block has the same fate at the same moments.

    Four queues with lists of priority, efficiencies, breaks, redials, chat of up to three
    and mail released by a reserve; closing times on some seeds, oldest first on others.
    """
    rng = np.random.default_rng(seed)
    people = random_people(rng, int(rng.integers(2, 12)))
    team = team_from(people)
    rows, base = random_rows(rng, team, 250)
    floor = floor_from(
        team,
        room=(1, 1, 3 if seed % 2 else 1, 1),
        reserve=(0, 0, 0, seed % 3),
        closing=12_000 if seed % 4 == 0 else math.inf,
        slow=[[1, 1, 1.4, 1.9]] * 4,
    )._replace(oldest=seed % 5 == 0)
    twin = plain_twin(people, rows, base, floor, team)
    blocks = team.blocks.copy()
    play_once(rows, base, blocks, team, floor)

    served = np.array([c.fate == "served" for c in twin.callers])
    assert (served == (rows["state"] == SERVED)).all()
    for name in ("start", "end", "deadline"):
        assert np.allclose(rows[name], [getattr(c, name) for c in twin.callers], equal_nan=True)
    by = [f"p{blocks['agent'][b]}" if b >= 0 else "" for b in rows["block"]]
    assert by == [c.agent for c in twin.callers]
    parts = [part for worker in twin.workers for part in worker.parts]
    assert np.allclose(blocks["began"], [p.began for p in parts], equal_nan=True)
    assert np.allclose(blocks["left"], [p.went for p in parts], equal_nan=True)


@pytest.mark.parametrize("seed", range(20))
def test_fast_path_of_a_single_queue_is_the_engine(seed):
    """
    One queue played by the heap of free moments: the same fate of every call and block.
    """
    rng = np.random.default_rng(seed)
    people = [
        ([(s, e, k, ("a",) if k == CONTACTS else ()) for s, e, k, _ in parts], skills)
        for parts, skills in random_people(rng, int(rng.integers(2, 12)))
    ]
    team = team_from(people, ("a",))
    floor = floor_from(team, closing=12_000 if seed % 2 else math.inf)
    times = np.sort(rng.uniform(0, 20_000, 400))
    rows = calls(
        team, *((t, "a", w, 300.0) for t, w in zip(times, rng.exponential(200, 400), strict=True))
    )
    twin, blocks, twins = rows.copy(), team.blocks.copy(), team.blocks.copy()
    blocks["present"] = twins["present"] = rng.random(len(people))[blocks["agent"]] < 0.8
    play_single(rows, blocks, team, floor)
    play_many(twin, len(twin), twins, team, floor)
    assert ((rows["state"] == SERVED) == (twin["state"] == SERVED)).all()
    for name in ("start", "end", "deadline", "block", "busy"):
        assert np.array_equal(rows[name], twin[name], equal_nan=name != "block")
    for name in ("began", "left"):
        assert np.array_equal(blocks[name], twins[name], equal_nan=True)


def test_call_finishes_past_the_end_of_the_block():
    """
    Who leaves when staffing drops: the named agent, after finishing their call.
    """
    rows, blocks = played(
        [([on(0, 100)], {}), ([on(0, 1000)], {})],
        [(50, "a", 200), (60, "a", 10), (80, "a", 10)],
    )
    # The first call goes to p0, idle as long as p1 and of lower number, and ends at 250.
    assert rows["end"].tolist() == [250, 70, 90]
    assert blocks["left"].tolist() == [250, 1000]


def test_nobody_is_replaced_at_a_boundary():
    """
    People whose duty goes on keep their call when somebody else's begins or ends.
    """
    rows, _ = played(
        [([on(0, 100)], {}), ([on(0, 500)], {}), ([on(100, 500)], {})],
        [(10, "a", 300), (20, "a", 300), (120, "a", 5), (130, "a", 300), (140, "a", 5)],
    )
    # p0 and p1 are on calls until 310 and 320; only p2 is new at 100. A simulator that
    # starts afresh at 100 would have two idle people there.
    assert rows["start"].tolist() == [10, 20, 120, 130, 320]


def test_break_starts_when_the_call_ends_and_keeps_its_length():
    """
    A call until 170 moves a break from 100 to 170; it lasts 60 as planned.
    """
    rows, blocks = played(
        [([on(0, 100), off(100, 160), on(160, 500)], {})],
        [(50, "a", 120), (165, "a", 10)],
    )
    assert blocks["began"].tolist() == [0, 170, 230]
    assert rows["start"].tolist() == [50, 230]


def test_later_activities_do_not_move():
    """
    A training at 160 to 300 ends at 300, although the break before it began late.
    """
    _, blocks = played(
        [([on(0, 100), off(100, 160), other(160, 300), on(300, 500)], {})], [(50, "a", 120)]
    )
    assert blocks["began"].tolist()[-1] == 300


def test_two_breaks_missed_during_one_call_are_both_taken():
    """
    A call from 50 to 400 covers both breaks; they follow it one after the other.
    """
    _, blocks = played(
        [([on(0, 100), off(100, 130), on(130, 200), off(200, 260), on(260, 900)], {})],
        [(50, "a", 350)],
    )
    assert blocks["began"][[1, 3, 4]].tolist() == [400, 430, 490]


def test_call_of_ten_hours_eats_the_rest_of_the_duty():
    """
    Breaks that lie beyond the duty's end are not taken; the next duty begins after the call.
    """
    _, blocks = played([([on(0, 100), off(100, 160), on(160, 500)], {})], [(50, "a", 36_000)])
    assert blocks["left"][0] == 36_050
    assert np.isnan(blocks["began"][1:]).all()


def test_longest_idle_first():
    """
    Of two idle people, the one who has been idle longer takes the call.
    """
    rows, blocks = played(
        [([on(0, 900)], {}), ([on(0, 900)], {})], [(10, "a", 20), (100, "a", 5), (110, "a", 5)]
    )
    # p0 takes the first and is idle again at 30; p1, idle since 0, takes the second.
    assert blocks["agent"][rows["block"]].tolist() == [0, 1, 0]


def test_priority_of_the_list_before_time_waited():
    """
    A person who becomes free takes the first queue of their list, even if others wait longer.
    """
    rows, _ = played([([on(0, 900, "b", "a")], {})], [(0, "a", 100), (10, "a", 10), (20, "b", 10)])
    assert rows["start"].tolist() == [0, 110, 100]


def test_specialists_first():
    """
    A call goes to whom its queue comes first for, not to whoever has been idle longest.
    """
    rows, blocks = played(
        [([on(0, 900, "b", "a")], {}), ([on(5, 900, "a")], {})], [(10, "a", 10), (11, "a", 10)]
    )
    assert blocks["agent"][rows["block"]].tolist() == [1, 0]


def test_efficiency_divides_handle_time():
    """
    At an efficiency of 0.8 a call of 80 s takes 100 s.
    """
    rows, _ = played([([on(0, 900)], {"a": 0.8})], [(0, "a", 80)])
    assert rows["end"][0] == pytest.approx(100)


@pytest.mark.parametrize(("patience", "answered"), [(0, False), (math.inf, True)])
def test_patience_of_zero_or_without_end(patience, answered):
    """
    Without any patience a caller who would wait is lost; with endless patience, served.
    """
    rows, _ = played([([on(0, 900)], {})], [(0, "a", 100, 0), (10, "a", 10, patience)])
    assert (rows["state"] == SERVED).tolist() == [True, answered]


def test_queue_without_people():
    """
    Calls that nobody serves are lost at the end of the session.
    """
    rows, _ = played([([on(0, 900, "a")], {})], [(10, "b", 10)], closing=600)
    assert rows["state"][0] != SERVED
    assert rows["deadline"][0] == 600


def test_one_person_more_never_answers_fewer():
    """
    With equal people, first come first served and endless patience nobody waits longer.
    """
    rng = np.random.default_rng(3)
    listed = [
        (t, "a", w)
        for t, w in zip(np.sort(rng.uniform(0, 5000, 200)), rng.exponential(90, 200), strict=True)
    ]
    waits = []
    for count in (3, 4, 5):
        rows, _ = played([([on(0, 90_000)], {})] * count, listed)
        waits.append(rows["start"] - rows["arrival"])
    assert (waits[1] <= waits[0] + 1e-9).all()
    assert (waits[2] <= waits[1] + 1e-9).all()
