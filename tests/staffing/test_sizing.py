"""
Requirements and curves on small days whose answers are known.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from wfm.domain.calibration import Calibration, QueueCalibration, Shrinkage
from wfm.domain.demand import Forecast, Queue, QueueForecast, SelfService
from wfm.domain.promise import Abandons, AnswerRate, Period, Promise, ServiceLevel
from wfm.domain.shortfall import aim
from wfm.domain.timegrid import Grid
from wfm.errors import DataError, SettingsError
from wfm.staffing.curves import hull, presence
from wfm.staffing.erlang.inverses import Target, required_agents
from wfm.staffing.erlang.models import perform
from wfm.staffing.scenarios import SLICES, modified_load
from wfm.staffing.sizing import size

GRID = Grid(date(2024, 1, 1), 2, 30)
NOBODY_AWAY = Shrinkage()


def forecast(
    contacts: list[float], *, aht: float = 180, day_cv: float = 0, interval_cv: float = 0
) -> Forecast:
    """From 08:00 on both days, one number of contacts for each half hour that follows."""
    calls = np.zeros(GRID.n)
    opened = np.zeros(GRID.n, dtype=bool)
    for day in (0, 1):
        first = day * 48 + 16
        calls[first : first + len(contacts)] = contacts
        opened[first : first + len(contacts)] = True
    same = np.full(GRID.n, 1.0)
    queue = QueueForecast(
        "sales", calls, calls, calls, calls, calls, aht * same, day_cv * same, interval_cv * same
    )
    return Forecast(GRID, {"sales": queue}, {"sales": opened})


def sized(promise: Promise, contacts: list[float], **options):
    patience = options.pop("patience", 300)
    shrinkage = options.pop("shrinkage", NOBODY_AWAY)
    corrections = options.pop("corrections", {})
    queue = Queue("sales", promises=(promise,), patience_s=patience)
    return size(
        forecast(contacts, **options),
        {"sales": queue},
        shrinkage=shrinkage,
        corrections=corrections,
        seed=3,
    ).queues["sales"]


def test_modified_load_settles_at_the_offered_load():
    """Long after the opening, calls of 3 minutes at a steady rate keep rate x AHT busy."""
    load = modified_load(np.full((1, 4), 100.0), np.full(4, 180.0), 1800)

    assert load[0, 3] == pytest.approx(10, rel=1e-9)
    assert load[0, 0].tolist() == sorted(load[0, 0].tolist())


def test_modified_load_of_the_opening_by_hand():
    """After t the load is 10 (1 - exp(-t / AHT)); its mean over a first quarter by hand."""
    step = 1800 / SLICES
    first = modified_load(np.full((1, 1), 100.0), np.full(1, 180.0), 1800)[0, 0, 0]

    assert first == pytest.approx(10 * (1 - (1 - np.exp(-step / 180)) * 180 / step))


def test_steady_day_needs_what_the_formula_says():
    """One promise per interval, certain load, long after the opening: plain Erlang A."""
    promise = ServiceLevel(share=0.8, threshold=20, over=Period.INTERVAL)
    found = sized(promise, [100.0] * 8)
    plain = required_agents(10, 180, Target(service_level=0.8), patience_s=300)

    assert (found.agents[20:24] == plain).all()
    assert found.service_level[22] == pytest.approx(
        perform(10, plain, 180, patience_s=300).service_level(), abs=1e-6
    )


def test_closed_intervals_need_nobody():
    """Where the queue is closed everything is zero."""
    found = sized(ServiceLevel(share=0.8, threshold=20), [100.0] * 4)
    closed = found.contacts == 0

    for column in (found.agents, found.to_schedule, found.load_erlangs, found.agents_erlang_c):
        assert not column[closed].any()


def test_no_agent_can_be_spared():
    """The day's promise is kept, and breaks when any single agent leaves."""
    promise = AnswerRate(share=0.9, over=Period.DAY)
    found = sized(promise, [5.0, 60.0, 100.0, 40.0, 10.0])
    table = found.curve.answered
    rows = np.flatnonzero(found.contacts[:48])
    heads = found.agents[rows].astype(int)
    total = table[rows, heads].sum()
    wanted = 0.9 * found.contacts[rows].sum()

    assert total >= wanted - 1e-9
    for row, number in zip(rows, heads, strict=True):
        if number:
            assert total - table[row, number] + table[row, number - 1] < wanted


def test_fewest_agents_of_every_choice():
    """All ways to staff three half hours: none with fewer agents keeps the promise."""
    promise = AnswerRate(share=0.9, over=Period.DAY)
    found = sized(promise, [4.0, 30.0, 12.0])
    table = found.curve.answered[16:19]
    wanted = 0.9 * 46
    enough = [
        a + b + c
        for a in range(table.shape[1])
        for b in range(table.shape[1])
        for c in range(table.shape[1])
        if table[0, a] + table[1, b] + table[2, c] >= wanted - 1e-9
    ]

    assert found.agents[16:19].sum() == min(enough)


def test_day_totals_are_weighted_by_contacts():
    """A quiet half hour may wait, a busy one may not: intervals do not count alike."""
    found = sized(AnswerRate(share=0.9), [1.0, 200.0])

    assert found.agents[16] == 0
    assert found.answer_rate[17] > 0.9


def test_floor_holds_in_each_interval():
    """With a floor of one half nobody is left alone, however few call."""
    found = sized(AnswerRate(share=0.9, floor=0.5), [1.0, 200.0])

    assert found.agents[16] >= 1
    assert (found.answer_rate[16:18] >= 0.5).all()


def test_occupancy_cap_holds_in_each_interval():
    """No interval is busier than the cap, though fewer people would answer enough."""
    found = sized(AnswerRate(share=0.6, max_occupancy=0.85), [100.0] * 6)

    assert found.occupancy.max() <= 0.85 + 1e-9
    assert found.agents[20] == 11  # 9.3 of 10 erlangs answered: 0.84; ten would be at 0.88


def test_small_queue_without_floor_may_stay_alone():
    """Four contacts an hour and no floor: some half hours have nobody."""
    found = sized(AnswerRate(share=0.7, floor=0.0), [2.0, 1.0, 3.0, 0.5, 0.2])

    assert (found.agents[16:21] == 0).any()
    assert found.agents.sum() > 0


def test_week_promise_shares_over_days():
    """A promise over the week needs no more agents than one over every day."""
    day, week = (
        sized(AnswerRate(share=0.9, over=over), [20.0, 70.0, 10.0])
        for over in (Period.DAY, Period.WEEK)
    )

    assert week.agents.sum() <= day.agents.sum()


def test_uncertain_load_needs_more_people():
    """The same expected calls, less sure: more agents for the same promise."""
    promise = ServiceLevel(share=0.8, threshold=20)
    certain = sized(promise, [600.0] * 6, day_cv=0.0)
    unsure = sized(promise, [600.0] * 6, day_cv=0.15, interval_cv=0.05)

    assert unsure.agents.sum() > certain.agents.sum()


def test_shrinkage_is_in_to_schedule_alone():
    """Agents are on contacts; to_schedule has the absent in it, rounded up."""
    found = sized(AnswerRate(share=0.9), [100.0] * 4, shrinkage=Shrinkage(0.1, 0.2))

    needed = np.ceil(found.agents / 0.72 - 1e-9)
    assert (found.to_schedule == needed).all()


def test_curve_counts_absence():
    """One scheduled head of whom a tenth is absent answers nine tenths of one."""
    whole = sized(AnswerRate(share=0.9), [100.0] * 4)
    thinned = sized(AnswerRate(share=0.9), [100.0] * 4, shrinkage=Shrinkage(unplanned=0.1))

    assert thinned.curve.answered[18, 1] == pytest.approx(0.9 * whole.curve.answered[18, 1])


@pytest.mark.parametrize("aht", [60, 900])
@pytest.mark.parametrize("abandons", list(Abandons))
def test_curves_rise_and_bend_down(aht, abandons):
    """Non-decreasing, concave above the floor, for every definition of the level."""
    promise = ServiceLevel(share=0.8, threshold=20, floor=0.5, abandons=abandons)
    found = sized(promise, [10.0, 60.0, 200.0, 30.0], aht=aht, shrinkage=Shrinkage(0, 0.1))
    curve = found.curve
    for row in np.flatnonzero(found.contacts):
        steps = np.diff(curve.in_time[row])
        start = np.argmax(curve.in_time[row] >= 0.5 * found.contacts[row])
        assert (steps >= -1e-12).all()
        assert (np.diff(steps[start:]) <= 1e-9).all()
        assert (np.diff(curve.occupancy[row]) <= 1e-12).all()
        assert curve.answered[row, -1] <= found.contacts[row] + 1e-9


def test_large_queue_is_read_between_evaluated_points():
    """Above 120 erlangs some heads are interpolated: within a tenth of a point."""
    found = sized(ServiceLevel(share=0.8, threshold=20, floor=0.5), [4000.0] * 4)
    for heads in (395, 401, 407, 418):
        exact = perform(400, heads, 180, patience_s=300).service_level()
        assert found.curve.in_time[19, heads] / 4000 == pytest.approx(exact, abs=1e-3)


def test_same_seed_same_requirement():
    """Scenarios come from the seed alone."""
    first, second = (sized(AnswerRate(share=0.9), [50.0] * 4, day_cv=0.2) for _ in range(2))

    assert (first.curve.answered == second.curve.answered).all()


def test_correction_raises_the_target_of_its_day():
    """Simulation says day 0 gives 4 points less: day 0 gets more people, day 1 does not."""
    plain = sized(AnswerRate(share=0.9), [100.0] * 6)
    found = sized(AnswerRate(share=0.9), [100.0] * 6, corrections={("sales", 0, 0): 0.04})

    assert found.agents[:48].sum() > plain.agents[:48].sum()
    assert (found.agents[48:] == plain.agents[48:]).all()


def test_answer_rate_without_patience_says_what_to_do():
    """The error names the key to set and the command that measures."""
    with pytest.raises(SettingsError, match=r"patience_s[\s\S]*wfm calibrate"):
        sized(AnswerRate(share=0.9), [10.0], patience=None)


def test_measured_patience_is_used():
    """What was calibrated stands in for a patience that nobody set."""
    queue = Queue("sales", promises=(AnswerRate(share=0.9),))
    measured = Calibration({"sales": QueueCalibration(patience_s=300)})
    found = size(
        forecast([100.0] * 4),
        {"sales": queue},
        shrinkage=NOBODY_AWAY,
        calibration=measured,
        seed=3,
    )

    expected = sized(AnswerRate(share=0.9), [100.0] * 4)
    assert (found.queues["sales"].agents == expected.agents).all()


def test_service_level_without_patience_is_erlang_c_and_says_so():
    """Nobody is known to hang up: Erlang C, and a remark."""
    queue = Queue("sales", promises=(ServiceLevel(share=0.8, threshold=20, over=Period.INTERVAL),))
    found = size(forecast([100.0] * 4), {"sales": queue}, shrinkage=NOBODY_AWAY)

    assert found.queues["sales"].agents[19] == found.queues["sales"].agents_erlang_c[19] == 14
    assert any("patience is not known" in remark for remark in found.remarks)


def test_queue_without_promise_is_refused():
    """A queue that promises nothing cannot be sized."""
    with pytest.raises(SettingsError, match="sales promises nothing"):
        size(forecast([10.0]), {}, shrinkage=NOBODY_AWAY)


def both(*promises, **more):
    """The requirement of a queue with several promises, 100 contacts a half hour."""
    queue = Queue("sales", promises=promises, patience_s=300)
    demand = forecast([100.0] * 6)
    found = size(demand, {"sales": queue}, shrinkage=NOBODY_AWAY, **more)
    return found.queues["sales"]


def remarks_of(*promises):
    queue = Queue("sales", promises=promises, patience_s=300)
    found = size(forecast([100.0] * 6), {"sales": queue}, shrinkage=NOBODY_AWAY)
    return [said for said in found.remarks if "asks for most" in said]


def test_two_promises_are_both_kept():
    """A queue with an answer rate and a service level keeps both over the day."""
    level = ServiceLevel(share=0.8, threshold=20)
    rate = AnswerRate(share=0.97)
    found = both(level, rate)
    offered = found.contacts.sum()

    assert (found.answer_rate @ found.contacts) / offered >= 0.97
    alone = [both(promise).agents.sum() for promise in (level, rate)]
    assert found.agents.sum() >= max(alone)


@pytest.mark.parametrize(("share", "place"), [(0.85, 0), (0.99, 1)])
def test_the_promise_that_asks_for_most_is_planned_on(share, place):
    """80 % within 20 s asks for more than 85 % within 90 s, and for less than 99 % of them."""
    promises = (
        ServiceLevel(share=0.8, threshold=20),
        ServiceLevel(share=share, threshold=90),
    )
    found = both(*promises)

    assert (found.place, found.promise) == (place, promises[place])
    within = (20, 90)[place]
    assert f"% answered within {within} s asks for most" in remarks_of(*promises)[0]
    assert found.agents.sum() >= both(promises[1 - place]).agents.sum()


def test_curves_count_the_promise_that_is_planned_on():
    """In time within 90 s is more than within 20 s; the table beside the curve has the other."""
    quick, slow = ServiceLevel(share=0.8, threshold=20), ServiceLevel(share=0.99, threshold=90)
    found = both(quick, slow)

    heads = int(found.agents[16])
    assert found.curve.in_time[16, heads] > found.also[quick].counted[16, heads] + 0.1
    assert found.curve.in_time[16] == pytest.approx(both(slow).curve.in_time[16])


def test_floors_of_the_other_promise_are_owed_by_each_interval():
    """A floor on a promise that asks for fewer hours in all stands in ``least``."""
    main = ServiceLevel(share=0.9, threshold=20)
    found = both(main, AnswerRate(share=0.5, floor=0.97))
    alone = both(main)

    assert found.place == 0
    assert (found.least[16:22] > aims_of(alone).heads[16:22]).all()
    assert (aims_of(found).heads >= found.least - 1e-9).all()


def aims_of(line):
    return aim(line, GRID, line.contacts > 0)


def test_correction_is_of_one_promise():
    """What simulation says of the second moves the second alone: then it is the one planned on."""
    quick, slow = ServiceLevel(share=0.8, threshold=20), ServiceLevel(share=0.9, threshold=90)
    raised = {("sales", 1, day): 0.095 for day in (0, 1)}
    found = both(quick, slow, corrections=raised)

    assert (both(quick, slow).place, found.place) == (0, 1)
    assert found.agents.sum() > both(quick, slow).agents.sum()


def test_in_time_is_what_the_second_promise_says():
    """Beside an answer rate, the level within a minute is printed; it is above that of 20 s."""
    rate, slow = AnswerRate(share=0.9), ServiceLevel(share=0.5, threshold=60)
    alone = Queue("sales", promises=(rate,), patience_s=300)
    both = replace(alone, promises=(rate, slow))
    quick, later = (
        size(forecast([100.0] * 6), {"sales": queue}, shrinkage=NOBODY_AWAY).queues["sales"]
        for queue in (alone, both)
    )

    assert quick.agents.tolist() == later.agents.tolist()
    assert later.curve.in_time[16, 11] > quick.curve.in_time[16, 11] + 1


def test_call_a_day():
    """One call a day and a floor: one agent all day; without, one in its half hour."""
    tiny = [1 / 6] * 6
    guarded = sized(AnswerRate(share=0.9, floor=0.5), tiny)
    alone = sized(AnswerRate(share=0.1), tiny)

    assert (guarded.agents[16:22] == 1).all()
    assert alone.agents[:48].sum() == 1


def test_hull_by_hand():
    """0, 1, 8, 10: the second value is lifted onto the chord to the third."""
    assert hull(np.array([[0.0, 1.0, 8.0, 10.0]]), np.array([0])).tolist() == [[0, 4, 8, 10]]
    assert hull(np.array([[0.0, 1.0, 8.0, 10.0]]), np.array([1])).tolist() == [[0, 1, 8, 10]]


def test_presence_is_binomial():
    """Of two heads with a tenth away: both 0.81, one 0.18, none 0.01."""
    assert presence(2, 2, 0.9)[2] == pytest.approx([0.01, 0.18, 0.81])
    assert presence(3, 2, 0.9)[3, 2] == pytest.approx(0.729 + 0.243)


def test_more_certainty_needs_more_people():
    """Kept on half, four in five, nine in ten days: each asks for more agents."""
    hours = [
        sized(AnswerRate(share=0.9, risk=risk), [100.0] * 8, day_cv=0.1).agents.sum()
        for risk in (0.5, 0.2, 0.1)
    ]

    assert hours == sorted(hours)
    assert hours[0] < hours[2]


def test_risk_is_the_chance_that_a_day_is_short():
    """One interval, a sure load, no noise but the day's: the chance is that of the shock."""
    promise = AnswerRate(share=0.9, risk=0.2)
    found = sized(promise, [6000.0] * 4, day_cv=0.2)
    shock = np.random.default_rng(5).gamma(25, 1 / 25, 4000)
    kept = 0
    for factor in shock[:400]:
        shares = [
            perform(600 * factor, float(n), 180, patience_s=300).answer_rate
            for n in found.agents[17:20]
        ]
        kept += np.mean(shares) >= 0.9
    # 0.8, within four standard errors of 400 draws and half a point a head
    assert kept / 400 == pytest.approx(0.8, abs=0.09)


def test_aht_in_minutes_is_suspected():
    """Eight seconds of talk may be eight minutes: a remark asks."""
    queue = Queue("sales", promises=(AnswerRate(share=0.9),), patience_s=300)
    found = size(forecast([100.0] * 4, aht=8), {"sales": queue}, shrinkage=NOBODY_AWAY)

    assert any("is it in minutes?" in remark for remark in found.remarks)


def test_self_service_is_taken_off_before_people_are_counted():
    """100 contacts, half to self-service, 20 % of which fail: as if 60 came; it is said."""
    promise = AnswerRate(share=0.9)
    service = SelfService(0.5, 0.2)
    queue = Queue("sales", promises=(promise,), patience_s=300, self_service=service)
    found = size(forecast([100.0] * 4), {"sales": queue}, shrinkage=NOBODY_AWAY, seed=3)

    known = sized(promise, [60.0] * 4)
    assert found.queues["sales"].contacts == pytest.approx(known.contacts)
    assert (found.queues["sales"].agents == known.agents).all()
    assert any("self-service takes 50.0 %" in said for said in found.remarks)


def test_aht_in_minutes_is_refused():
    """3 for 180: a day of calls of three seconds is taken for minutes, and said so."""
    with pytest.raises(DataError, match="minutes"):
        sized(ServiceLevel(share=0.8, threshold=20), [50.0] * 4, aht=3)


def test_eighty_for_eighty_percent_is_refused_in_a_promise():
    """80 for 0.80: a promise is never 8,000 %."""
    with pytest.raises(SettingsError, match="80"):
        sized(ServiceLevel(share=80, threshold=20), [50.0] * 4)
