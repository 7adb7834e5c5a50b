"""
The engine against theory and against published simulations, by bands and never by digits.
"""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import floor_from, on, other, team_from

from wfm.simulation.engine import SERVED
from wfm.simulation.scenario import contacts, with_attempts
from wfm.simulation.simulate import play_once
from wfm.staffing.erlang.models import perform

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "queueing.csv"


def published(model, quantity):
    """Value and half-width of its interval, from the table of published results."""
    if not REFERENCE.is_file():
        pytest.skip("needs ../shared/reference/queueing.csv")
    with REFERENCE.open() as file:
        for row in csv.DictReader(file):
            if row["model"] == model and row["quantity"] == quantity:
                return float(row["expected"]), float(row["tol_abs"])
    raise KeyError(quantity)


def one_queue(agents, span, arrival, work, patience, until=math.inf):
    """Play a queue "a" with people on duty from 0 to ``span``; the rows."""
    team = team_from([([on(0, span)], {})] * agents, ("a",))
    rows = contacts(np.sort(arrival))
    rows["work"], rows["patience"] = work, patience
    play_once(rows, len(rows), team.blocks.copy(), team, floor_from(team, closing=until))
    return rows


def interval(values):
    """Mean and four standard errors of independent values."""
    return np.mean(values), 4 * np.std(values, ddof=1) / math.sqrt(len(values))


@pytest.mark.parametrize(
    ("load", "agents", "patience"),
    [(4.5, 6, math.inf), (40, 44, math.inf), (9, 10, 300), (48, 46, 180), (190, 195, 360)],
)
def test_steady_state_is_erlangs(load, agents, patience):
    """
    Share that waits, within 20 s and answered lie within four standard errors of Erlang C or A.
    """
    rng = np.random.default_rng(int(load))
    aht, span = 240.0, 150_000.0
    found = {"p_wait": [], "within": [], "answered": []}
    for _ in range(30):
        n = rng.poisson(load * span / aht)
        rows = one_queue(
            agents,
            2 * span,
            rng.uniform(0, span, n),
            rng.exponential(aht, n),
            np.full(n, np.inf) if math.isinf(patience) else rng.exponential(patience, n),
        )
        rows = rows[rows["arrival"] > 0.1 * span]
        served = rows["state"] == SERVED
        wait = np.where(served, rows["start"] - rows["arrival"], np.inf)
        found["p_wait"].append(np.mean(~(wait == 0)))
        found["within"].append(np.mean(wait <= 20))
        found["answered"].append(np.mean(served))
    theory = perform(load, agents, aht, patience_s=patience, threshold_s=20)
    expected = {
        "p_wait": theory.wait,
        "within": theory.service_level(),
        "answered": theory.answer_rate,
    }
    for name, values in found.items():
        mean, band = interval(values)
        assert abs(mean - expected[name]) <= band + 1e-9, name


def gaps(rng, kind, n):
    """Unit-mean times: deterministic, Erlang, exponential or hyper-exponential (balanced)."""
    letter, _, order = kind.partition(":")
    if letter == "D":
        return np.ones(n)
    if letter == "E":
        return rng.gamma(int(order), 1 / int(order), n)
    if letter == "M":
        return rng.exponential(1, n)
    c2 = float(order)
    p = (1 + math.sqrt((c2 - 1) / (c2 + 1))) / 2
    fast = rng.random(n) < p
    return rng.exponential(1, n) / np.where(fast, 2 * p, 2 * (1 - p))


@pytest.mark.parametrize(
    ("kind", "coming", "serving"),
    [
        *(("D/M/4", "D", "M"), ("H2/M/4", "H:2.25", "M"), ("E4/M/4", "E:4", "M")),
        *(("M/D/4", "M", "D"), ("M/H2/4", "M", "H:2.25"), ("D/H2/4", "D", "H:2.0")),
        ("E2/H2/4", "E:2", "H:2.0"),
    ],
)
def test_whitt_gi_g_4(kind, coming, serving):
    """
    Share that waits at four servers and a load of 90 % (Whitt 1993, exact column).
    """
    expected, tolerance = _whitt(kind)
    rng = np.random.default_rng(4)
    waits = []
    for _ in range(30):
        n = 100_000
        arrival = np.cumsum(gaps(rng, coming, n)) / (4 * 0.9)
        rows = one_queue(4, np.inf, arrival, gaps(rng, serving, n), np.inf)
        waits.append(np.mean((rows["start"] > rows["arrival"])[n // 20 :]))
    mean, band = interval(waits)
    assert band < 0.012
    assert abs(mean - expected) <= max(tolerance, band)


def _whitt(kind):
    if not REFERENCE.is_file():
        pytest.skip("needs ../shared/reference/queueing.csv")
    with REFERENCE.open() as file:
        for row in csv.DictReader(file):
            if row["model"] == "gi_g_m" and json.loads(row["inputs"])["kind"] == kind:
                return float(row["expected"]), float(row["tol_abs"])
    raise KeyError(kind)


def within(values, expected):
    """Whether a mean agrees with a published one, both with their own uncertainty."""
    mean, band = interval(values)
    value, tolerance = expected
    assert abs(mean - value) <= math.hypot(band, 2 * tolerance), (mean, band, expected)


@pytest.mark.parametrize("patience", [math.inf, 60.0])
def test_published_day_of_twelve_people(patience):
    """
    A day of eight hours that begins empty: contacts in target, share, wait, occupancy.

    Buist and L'Ecuyer's MMC and MMCAb: 4.2 calls a minute of two minutes each.
    """
    rng = np.random.default_rng(8)
    day = 480 * 60.0
    found = {}
    for _ in range(1000):
        n = rng.poisson(4.2 * 480)
        patient = np.full(n, np.inf) if math.isinf(patience) else rng.exponential(patience, n)
        rows = one_queue(12, 2 * day, rng.uniform(0, day, n), rng.exponential(120, n), patient)
        served = rows[rows["state"] == SERVED]
        wait = served["start"] - served["arrival"]
        left = rows[rows["state"] != SERVED]
        early = np.sum(left["deadline"] - left["arrival"] <= 20)
        busy = np.minimum(served["end"], day) - np.minimum(served["start"], day)
        figures = {
            "contacts_in_target": np.sum(wait <= 20),
            "service_level": np.mean(wait <= 20),
            "sl_answered": np.mean(wait <= 20),
            "asa_min": np.mean(wait) / 60,
            "asa_answered_min": np.mean(wait) / 60,
            "occupancy": busy.sum() / (12 * day),
            "abandoned": len(left),
            "sl_ignore_short_abandons": np.sum(wait <= 20) / (n - early),
        }
        for name, value in figures.items():
            found.setdefault(name, []).append(value)
    names = ("contacts_in_target", "service_level", "asa_min", "occupancy")
    if math.isfinite(patience):
        names = ("abandoned", "contacts_in_target", "sl_answered", "asa_answered_min")
        names += ("occupancy", "sl_ignore_short_abandons")
    for name in names:
        within(
            found[name], published("sim_mmc_day" if math.isinf(patience) else "sim_mmcab_day", name)
        )


def test_published_day_with_changing_staff():
    """
    Thirteen hours, four to eight people, a busy or quiet day, callers who balk (SSJ).

    When staffing drops the first to finish goes; a named person, who finishes the call,
    would make waits shorter by about 0.06 s of 4.7.
    """
    agents = [4, 6, 8, 8, 8, 7, 8, 8, 6, 6, 4, 4, 4]
    rate = np.array([100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60]) / 3600
    rng = np.random.default_rng(1)
    people = []
    for k in range(8):
        hours = [h for h in range(13) if agents[h] > k]
        parts = [on(3600 * h, 3600 * (h + 1)) for h in hours if h < 12]
        people.append(([*parts, *([on(3600 * 12, 3600 * 20)] if 12 in hours else [])], {}))
    team = team_from([(_joined(parts), skills) for parts, skills in people], ("a",))
    floor = floor_from(team)._replace(anonymous=True)
    found = {"arrivals": [], "mean_wait_s": [], "frac_wait_lt_s": [], "frac_lost": []}
    for _ in range(4000):
        busyness = rng.gamma(400, 1 / 400)
        counts = rng.poisson(rate * 3600 * busyness)
        n = counts.sum()
        arrival = np.sort((np.repeat(np.arange(13), counts) + rng.random(n)) * 3600)
        rows = contacts(arrival)
        rows["work"] = rng.exponential(100, n)
        rows["patience"] = np.where(rng.random(n) < 0.1, 0, rng.exponential(1000, n))
        play_once(rows, n, team.blocks.copy(), team, floor)
        served = rows["state"] == SERVED
        wait = np.where(served, rows["start"], rows["deadline"]) - rows["arrival"]
        for name, value in (
            ("arrivals", n),
            ("mean_wait_s", wait.sum() / 1660),
            ("frac_wait_lt_s", np.sum(wait < 20) / 1660),
            ("frac_lost", np.sum(~served) / 1660),
        ):
            found[name].append(value)
    rows = _ssj()
    for name, values in found.items():
        mean, band = interval(values)
        value, tolerance = rows[name]
        allowed = math.hypot(band, 2 * tolerance) + 5e-4
        assert abs(mean - value) <= allowed, (name, mean, value)


def _joined(parts):
    """Neighbouring parts of equal kind as one."""
    out = []
    for part in parts:
        if out and out[-1][1] == part[0]:
            out[-1] = (out[-1][0], *part[1:])
        else:
            if out:
                out.append(other(out[-1][1], part[0]))
            out.append(part)
    return out


def _ssj():
    if not REFERENCE.is_file():
        pytest.skip("needs ../shared/reference/queueing.csv")
    with REFERENCE.open() as file:
        return {
            row["quantity"]: (float(row["expected"]), float(row["tol_abs"]))
            for row in csv.DictReader(file)
            if row["model"] == "sim_ssj_callcenter" and '"gamma_alpha0": 400' in row["inputs"]
        }


def staffed(agents, lists, period):
    """Groups of people, so many in each period; (parts, skills) for ``team_from``."""
    people = []
    for counts, queues in zip(agents, lists, strict=True):
        for k in range(max(counts)):
            parts = [
                on(period * p, period * (p + 1), *queues) for p, n in enumerate(counts) if n > k
            ]
            people.append((_joined(parts), {}))
    return people


def test_published_skills():
    """
    Three kinds of calls, two groups of people, a busy or quiet day (SimpleMSK).

    People take whoever has waited longest; the first to finish goes when staff is halved.
    """
    period = 7200.0
    rates = np.array([[4.2, 5.3, 3.2], [5.1, 4.3, 4.8], [6.3, 5.2, 4.8]]) / 60
    mu, nu = np.array([0.5, 0.6, 0.4]) / 60, np.array([0.3, 0.4, 0.2]) / 60
    people = staffed([[12, 18, 9, 9], [15, 20, 11, 11]], [("b", "a"), ("c", "b")], period)
    team = team_from(people, ("a", "b", "c"))
    floor = floor_from(team)._replace(oldest=True, anonymous=True)
    rng = np.random.default_rng(5)
    found = {}
    for _ in range(1000):
        counts = rng.poisson(rates * period * rng.gamma(28.7, 1 / 28.7)).ravel()
        n = counts.sum()
        kind, when = np.divmod(np.repeat(np.arange(9), counts), 3)
        order = np.argsort((when + rng.random(n)) * period)
        arrival = np.sort((when + rng.random(n))[order] * period)
        rows = contacts(arrival)
        when = (arrival // period).astype(int)
        rows["queue"] = kind[order]
        rows["work"], rows["patience"] = (
            rng.exponential(1 / mu[when]),
            rng.exponential(1 / nu[when]),
        )
        play_once(rows, n, team.blocks.copy(), team, floor)
        served = rows["state"] == SERVED
        good = served & (rows["start"] - rows["arrival"] <= 20)
        figures = {"served": served.sum(), "abandoned": (~served).sum()}
        for t in range(3):
            for p in range(3):
                figures[f"in_target_t{t}_p{p}"] = np.sum(good & (rows["queue"] == t) & (when == p))
        for name, value in figures.items():
            found.setdefault(name, []).append(value)
    for name, values in found.items():
        within(values, published("sim_multiskill", name))


def test_published_redials():
    """
    Two languages and people who speak both; who hangs up redials three times in four.

    Five days of nine hours, twenty minutes until a redial (Bilingual). Callers keep their
    patience; lines are cleared at closing. There an idle person is chosen at random, here
    the one idle longest: what groups are busy differs, what all are together does not.
    """
    rng = np.random.default_rng(2)
    day = 9 * 3600.0
    team = team_from(
        [([on(0, day, "a")], {})] * 7
        + [([on(0, day, "b")], {})] * 7
        + [([on(0, day, "a", "b")], {})] * 4,
        ("a", "b"),
    )
    # There any idle person may get a call: nobody's list puts one language first.
    team = replace(team, skills=team.skills._replace(rank=np.minimum(team.skills.rank, 0)))
    floor = floor_from(team, closing=day)
    rates = np.array([100.0] + [50.0] * 8)
    names = ("arrived", "retrials", "served", "abandoned", "occ_all_pct")
    found = {name: [] for name in names}
    for _ in range(500):
        sums = np.zeros(5)
        for _ in range(5):
            rows, base = _with_redials(rng, rates)
            blocks = team.blocks.copy()
            play_once(rows, base, blocks, team, floor)
            made = rows[np.isfinite(rows["arrival"])]
            served = made[made["state"] == SERVED]
            busy = served["end"] - served["start"]  # past closing too, as there
            sums += (
                *(len(made), len(made) - base, len(served), len(made) - len(served)),
                busy.sum() / (18 * day) * 20,
            )
        for name, value in zip(names, sums, strict=True):
            found[name].append(value)
    for name, values in found.items():
        within(values, published("sim_bilingual_redial", name))


def _with_redials(rng, rates):
    times, queue = [], []
    for q in range(2):
        counts = rng.poisson(rates)
        times.append((np.repeat(np.arange(9), counts) + rng.random(counts.sum())) * 3600)
        queue.append(np.full(counts.sum(), q))
    times, queue = np.concatenate(times), np.concatenate(queue)
    order = np.argsort(times)
    rows = contacts(times[order])
    rows["queue"] = queue[order]
    n = len(rows)
    rows["work"] = (
        rng.uniform(np.where(rows["queue"] == 0, 3, 4), np.where(rows["queue"] == 0, 7, 6)) * 60
    )
    rows["patience"] = rng.exponential(120, n)
    rows["delay"] = 1200.0
    return with_attempts(rows, rng.geometric(0.25, n) - 1), n
