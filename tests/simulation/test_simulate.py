"""
A roster judged call by call: traps of the field, and what must hold whatever is drawn.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from wfm.domain.calibration import Calibration, QueueCalibration, Shrinkage
from wfm.domain.demand import Channel, Forecast, Queue, QueueForecast, SelfService
from wfm.domain.promise import Abandons, AnswerRate, OnTime, ServiceLevel
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Activity, Agent, Contract, Pay, Person, Shape
from wfm.errors import DataError, SettingsError
from wfm.simulation.result import counted
from wfm.simulation.scenario import Behaviour
from wfm.simulation.simulate import simulate

GRID = Grid(date(2024, 1, 1), 2, 30)
CONTRACT = Contract("any", 40, 5, (Shape("day", (0, 0), (480,)),), Pay("base", 2000))
LUNCH = Activity("lunch", paid=False, work=False)
CALLS = Queue("a", patience_s=300, promises=(ServiceLevel(share=0.8, threshold=20),))


def team(count, start=480, end=960, lunch=None, queues=("a",), skills=None, grid=GRID):
    """People on duty on every day, minutes of the day; lunch is their span, or None."""
    tours = []
    for k in range(count):
        duties = []
        for day in range(grid.days):
            at = 1440 * day
            spans = [(start, end)] if lunch is None else [(start, lunch[0]), (lunch[1], end)]
            blocks = [Block(at + s, at + e, WORK, queues) for s, e in spans]
            if lunch is not None:
                blocks.insert(1, Block(at + lunch[0], at + lunch[1], LUNCH))
            duties.append(Duty(day, tuple(blocks)))
        agent = Agent(f"x{k:03d}", CONTRACT, skills=skills or dict.fromkeys(queues, 1.0))
        tours.append(Tour(Person(agent), Calendar(grid), tuple(duties)))
    return tuple(tours)


def forecast(contacts=20.0, aht=180.0, cv=0.0, grid=GRID, start=480, end=960, **more):
    opened = (grid.clock >= start) & (grid.clock < end)
    queues = {}
    for name, value in {"a": contacts, **more}.items():
        column = np.where(opened, value, 0.0)
        spread = np.full(grid.n, cv)
        queues[name] = QueueForecast(
            name, column, column, column, column, column, np.full(grid.n, aht), spread, spread
        )
    return Forecast(grid, queues, dict.fromkeys(queues, opened))


def played(tours, demand=None, queues=None, **more):
    return simulate(
        Roster(GRID, tours),
        demand or forecast(),
        queues or {"a": CALLS},
        **{"replications": 40} | more,
    )


def week(result, queue="a"):
    return result.queues[queue].kept["week"].value


def test_same_seed_same_figures_whatever_the_workers():
    """
    Two processes give the same figures as one, to the last bit.
    """
    one, two = (played(team(3), forecast(cv=0.2), workers=w) for w in (1, 2))
    assert np.array_equal(one.queues["a"].wait_s, two.queues["a"].wait_s)
    assert one.queues["a"].kept == two.queues["a"].kept


def test_other_seed_other_figures():
    """
    The seed is heeded.
    """
    assert week(played(team(3))) != week(played(team(3), seed=1))


def test_every_contact_is_answered_or_abandoned():
    """
    Nothing is lost between the columns.
    """
    line = played(team(2), forecast(cv=0.3)).queues["a"]
    assert np.allclose(line.offered, line.answered + line.abandoned)


def test_offered_contacts_follow_the_forecast():
    """
    Means lie within four standard errors of what is forecast.
    """
    line = played(team(2), forecast(20.0), replications=200).queues["a"]
    here = line.offered > 0
    assert abs(line.offered[here].mean() - 20) < 4 * (20 / (200 * here.sum())) ** 0.5


def test_stratified_days_narrow_the_interval():
    """
    With days that differ by 30 %, ten groups of ten tell the share more exactly than chance.
    """
    many = [week(played(team(3), forecast(cv=0.3), replications=100, seed=s)) for s in range(12)]
    alone = [week(played(team(3), forecast(cv=0.3), replications=10, seed=s)) for s in range(12)]
    assert np.std(many) < np.std(alone) / 10**0.5 * 1.1


def test_interval_holds_the_truth():
    """
    Of 40 independent runs, few 95 % intervals miss the share of all together.
    """
    runs = [played(team(3), forecast(cv=0.1), seed=s).queues["a"].kept["week"] for s in range(40)]
    truth = np.mean([run.value for run in runs])
    missed = sum(not run.low <= truth <= run.high for run in runs)
    assert missed <= 7  # more than 7 of 40 has a chance below 0.1 % if 5 % miss


def test_share_of_a_day_is_weighted_by_contacts():
    """
    A quiet half day answered at once and a busy one that nobody answers: few are in time.
    """
    opened = (GRID.clock >= 480) & (GRID.clock < 960)
    column = np.where(opened, np.where(GRID.clock < 720, 2.0, 98.0), 0.0)
    base = forecast()
    demand = replace(base, queues={"a": replace(base.queues["a"], contacts=column)})
    kept = played(team(3, end=720), demand).queues["a"].kept["day 0"].value
    assert kept == pytest.approx(0.02, abs=0.005)  # by intervals it would be a half


def test_load_exactly_equal_to_people():
    """
    Two erlangs for two people: stable thanks to patience, and every share is a number.
    """
    result = played(team(2), forecast(20.0, aht=180.0))
    assert 0 < week(result) < 1
    assert np.isfinite(result.queues["a"].wait_s).all()


def test_one_call_a_day():
    """
    A queue with hardly a call has figures, not errors.
    """
    result = played(team(1), forecast(1 / 16))
    assert week(result) > 0.9
    assert "day 0" in result.queues["a"].kept


def test_no_call_at_all():
    """
    A queue that nobody calls has no share to tell.
    """
    line = played(team(1), forecast(0.0)).queues["a"]
    assert line.kept == {}
    assert line.day_kept == {}


def test_nobody_on_duty():
    """
    Without people every caller hangs up, at closing at the latest.
    """
    result = played(team(0) or team(1, 0, 60))
    assert week(result) == 0
    assert np.isnan(result.queues["a"].occupancy[20])


def test_endless_patience_is_not_answered_next_morning():
    """
    Who still waits when the queue has closed and people have gone is not answered.
    """
    endless = replace(CALLS, patience_s=None, promises=(AnswerRate(share=0.9),))
    result = played(team(1), forecast(40.0), {"a": endless})
    assert week(result) < 0.4  # one person handles ten calls of three minutes in an interval
    assert result.queues["a"].wait_s.max() < 8 * 3600


def test_calls_run_over_into_lunch_and_evening():
    """
    Busy people begin their lunch late and leave late: about the rest of a call.
    """
    result = played(team(2, lunch=(720, 750)), forecast(30.0))
    assert 60 < result.late_break_s < 400
    assert 60 < result.overrun_s < 400


def test_occupancy_is_busy_over_ready():
    """
    One erlang on four patient people keeps each busy a quarter of the time.
    """
    result = played(team(4), forecast(10.0), replications=100)
    assert np.mean(list(result.agent_occupancy.values())) == pytest.approx(0.25, abs=0.01)


def test_efficiency_costs_answers():
    """
    People at half the efficiency answer fewer in time.
    """
    slow = played(team(3, skills={"a": 0.5}))
    assert week(slow) < week(played(team(3))) - 0.1


def test_chat_needs_fewer_people_but_not_a_third():
    """
    Three chats at once, each 1.6 times longer, are worth between one and three people.
    """
    chat = replace(CALLS, channel=Channel.CHAT, concurrency=3, slowing=(1.0, 1.3, 1.6))
    demand = forecast(40.0)
    alone = week(played(team(4), demand))
    three = week(played(team(4), demand, {"a": chat}))
    fast = week(played(team(12), demand))
    assert alone < three < fast


def test_mail_fills_idle_time_and_the_reserve_protects_the_phone():
    """
    Mail lowers the phone's share; with people kept idle it does so less.
    """
    due = OnTime(share=0.9, due=8)

    def phone(reserve):
        mail = Queue("mail", Channel.EMAIL, promises=(due,), reserve=reserve)
        demand = forecast(20.0, mail=10.0)
        tours = team(5, queues=("a", "mail"))
        return played(tours, demand, {"a": CALLS, "mail": mail})

    alone = week(played(team(5)))
    open_door, kept_back = phone(0), phone(2)
    assert week(open_door) < week(kept_back) - 0.02 < alone
    assert week(kept_back, "mail") > 0.9


def test_what_the_next_plan_keeps_counts_as_kept():
    """
    Nobody does mail: what is due within the week is late, and what is due after it is not.
    """
    mail = Queue("mail", Channel.EMAIL, promises=(OnTime(share=0.9, due=2),))
    found = played(team(5), forecast(20.0, mail=10.0), {"a": CALLS, "mail": mail})
    grid = found.grid
    days = [found.queues["mail"].kept[f"day {day}"].value for day in range(grid.days)]

    assert days[:-1] == [0] * (grid.days - 1)
    assert 0 < days[-1] < 0.5


def test_redials_come_again():
    """
    When half of those who hang up redial, more contacts are offered.
    """
    again = replace(CALLS, redial=0.5, redial_delay_s=300)
    plain, more = (played(team(1), queues={"a": q}) for q in (CALLS, again))
    assert more.queues["a"].offered.sum() > 1.1 * plain.queues["a"].offered.sum()


def test_call_backs_turn_abandons_into_answers():
    """
    Who accepts a call-back is counted once, and answered when it is made.
    """
    asked = replace(CALLS, promises=(AnswerRate(share=0.9),), callback=0.8, callback_after_s=30.0)
    plain = played(team(2), queues={"a": replace(asked, callback=0.0)})
    called = played(team(2), queues={"a": asked})
    assert week(called) > week(plain) + 0.02
    assert called.queues["a"].offered.sum() == pytest.approx(plain.queues["a"].offered.sum())


def test_calls_of_ten_hours_are_absorbed():
    """
    Handle times with a heavy tail: some calls outlast the shift, and every figure stands.
    """
    measured = Calibration({"a": QueueCalibration(aht_cv=6.0)})
    result = played(team(4), forecast(5.0, aht=900.0), calibration=measured, replications=200)
    assert result.overrun_s > 300
    assert 0 < week(result) < 1


def test_measured_patience_replaces_the_mean():
    """
    If all measured callers hang up within 5 s, hardly anybody who waits is answered.
    """
    curve = ((1.0, 0.8), (5.0, 0.001))
    quick = Calibration({"a": QueueCalibration(patience_curve=curve)})
    queue = replace(CALLS, patience_s=None, promises=(AnswerRate(share=0.9),))
    impatient = played(team(2), queues={"a": queue}, calibration=quick)
    assert impatient.queues["a"].wait_s.max() < 6
    assert week(impatient) < week(played(team(2), queues={"a": replace(queue, patience_s=900)}))


def test_counting_of_abandons():
    """
    Of 100 offered 70 in time, 10 gone in time, 20 later: the five treatments differ.
    """
    row = np.array([100.0, 80, 70, 20, 10, 0])
    shares = {}
    for way in Abandons:
        kept, offered = counted(row, ServiceLevel(share=0.8, threshold=20, abandons=way))
        shares[way] = round(float(kept / offered), 3)
    assert shares[Abandons.OFFERED] == 0.7
    assert shares[Abandons.IGNORE] == 0.778
    assert shares[Abandons.POSITIVE] == 0.8
    assert shares[Abandons.ANSWERED] == 0.875


def test_aht_of_zero_is_refused():
    """
    Contacts that take no time: the error says where, and what to give.
    """
    with pytest.raises(DataError, match="no handle time") as caught:
        played(team(1), forecast(aht=0.0))
    assert "`wfm calibrate CALLS`" in caught.value.problems[0].hint


def test_chat_without_slowing_is_refused():
    """
    Concurrency without handle times by concurrency would be a flat factor.
    """
    with pytest.raises(SettingsError, match="slowing"):
        played(team(1), queues={"a": replace(CALLS, concurrency=3)})


def test_no_replication_is_refused():
    """
    Nothing can be said from nothing.
    """
    with pytest.raises(SettingsError, match="at least 1"):
        played(team(1), replications=0)


def test_unknown_queue_is_refused():
    """
    A forecast queue that the settings do not know.
    """
    with pytest.raises(SettingsError, match="do not know"):
        played(team(1), forecast(b=1.0))


@pytest.mark.parametrize(("key", "value"), [("handle_cv", -1), ("redial", 1.0), ("slowing", ())])
def test_impossible_behaviour_is_refused(key, value):
    """
    Behaviour refuses what cannot be.
    """
    with pytest.raises(SettingsError):
        Behaviour(**{key: value})


def test_anonymous_people_overrun_less():
    """
    When somebody idle may go home for a busy one, fewer calls run past a duty's end.
    """
    early, late = team(3, end=720), team(3)
    late = tuple(
        replace(t, person=Person(replace(t.person.agent, agent=f"y{k}")))
        for k, t in enumerate(late)
    )
    named, numbers = (played((*early, *late), forecast(15.0), anonymous=a) for a in (False, True))
    assert numbers.overrun_s < named.overrun_s - 5


def test_stop_keeps_what_was_played():
    """
    Asked to stop, the simulation ends with the replications it has.
    """
    result = played(team(1), replications=100, stop=lambda: True)
    assert result.replications == 10


def test_progress_reaches_its_end():
    """
    Progress counts replications up to all of them.
    """
    told = []
    played(team(1), progress=lambda done, total, words="": told.append((done, total)))
    assert told[-1] == (40, 40)


def test_unplanned_absence_takes_whole_duties():
    """
    With nearly everybody away, little is ready.
    """
    present = played(team(10), shrinkage=Shrinkage(unplanned=0.9))
    assert week(present) < week(played(team(10))) - 0.3


def test_self_service_is_taken_off_before_calls_are_played():
    """100 contacts, half to self-service, 20 % of which fail: call for call as if 60 came."""
    behind = {"a": replace(CALLS, self_service=SelfService(0.5, 0.2))}

    found = played(team(8), forecast(100.0), behind, replications=5)
    known = played(team(8), forecast(60.0), {"a": CALLS}, replications=5)

    assert found.queues["a"].kept == known.queues["a"].kept


def test_aht_in_minutes_is_refused():
    """3 for 180: calls of three seconds are taken for minutes, and said so."""
    with pytest.raises(DataError, match="minutes"):
        played(team(8), forecast(aht=3))


def test_eighty_for_eighty_percent_is_refused():
    """80 for 0.80: no promise to be judged is 8,000 %."""
    with pytest.raises(SettingsError, match="80"):
        ServiceLevel(share=80, threshold=20)
