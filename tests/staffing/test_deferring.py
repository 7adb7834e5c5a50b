"""
Work that can wait, on a few intervals worked out by hand.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.domain.calibration import Shrinkage
from wfm.domain.demand import Channel, Forecast, Queue, QueueForecast
from wfm.domain.flowing import in_time
from wfm.domain.promise import AnswerRate, OnTime, Period, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.errors import SettingsError
from wfm.staffing.deferring import (
    after_idle,
    by_chance,
    enough,
    idle_released,
    levelled,
    mean_delay,
)
from wfm.staffing.sizing import size


def test_work_of_one_hour_is_spread_over_its_window():
    """Four head-intervals received first, three more intervals to do them: one each."""
    assert levelled(np.array([4.0, 0, 0, 0]), 3) == pytest.approx([1, 1, 1, 1])


def test_work_cannot_be_done_before_it_comes():
    """What comes last is done last, at once."""
    assert levelled(np.array([0, 0, 0, 4.0]), 3) == pytest.approx([0, 0, 0, 4])


def test_due_times_force_a_peak():
    """6 received first and due one interval later; the 1 that follows waits its turn."""
    assert levelled(np.array([6.0, 1, 0, 0]), 1) == pytest.approx([3, 3, 1, 0])


@settings(max_examples=150, deadline=None)
@given(
    work=st.lists(st.floats(0, 10), min_size=1, max_size=12),
    window=st.integers(1, 5),
)
def test_every_pace_finishes_in_time_and_none_is_lower(work, window):
    """Never ahead of what came, never behind what is due, and the least peak there is."""
    received = np.array(work)
    pace = levelled(received, window)
    n = len(received)
    done, came = np.cumsum(pace), np.cumsum(received)

    assert (pace >= -1e-9).all()
    assert (done <= came + 1e-7).all()
    assert done[-1] == pytest.approx(came[-1], abs=1e-7)
    for k in range(window, n):
        assert done[k] >= came[k - window] - 1e-7
    # the densest stretch: work received in it and due in it must be done in it
    peak = 0.0
    for first in range(n):
        for last in range(first, n):
            inside = received[first : max(first, last - window + 1)].sum()
            if last == n - 1:
                inside = received[first:].sum()
            peak = max(peak, inside / (last - first + 1))
    assert pace.max() == pytest.approx(peak, abs=1e-6)


def test_idle_people_take_work_while_it_is_in_time():
    """Three idle heads later: only what is still in its window is taken, oldest first."""
    left = after_idle(np.array([2.0, 2.0, 0, 0]), np.array([0, 0, 0, 3.0]), 2)

    assert left.tolist() == [2, 0, 0, 0]


def test_reserve_limits_what_idle_people_do():
    """More people kept free, less work done; without load everybody beyond them works."""
    loads, agents = np.array([40.0, 0.0]), np.array([50.0, 5.0])
    done = [idle_released(loads, agents, reserve) for reserve in (0, 2, 4, 8)]

    assert [row[1] for row in done] == [5, 3, 1, 0]
    assert all(a[0] >= b[0] for a, b in pairwise(done))
    assert 6 < done[2][0] < 10  # most of ten idle heads, with four of them kept free


def test_a_backlog_sets_the_pace():
    """Of six received first, five are due by the end of the second interval."""
    pace = levelled(np.array([6.0, 0, 0, 0]), 3, [(1, 5.0)])

    assert pace == pytest.approx([2.5, 2.5, 0.5, 0.5])


NOBODY, ONE_DAY = np.zeros(4), np.zeros(4, dtype=int)


def within(*dues, share=0.95):
    """Due times in intervals, with the share asked for on the only day."""
    return [(float(due), np.array([share])) for due in dues]


def test_what_is_overdue_is_not_chased():
    """Half of the work is late already: nobody is added for the half that cannot be kept."""
    work = np.array([4.0, 0, 0, 0])
    agents, _ = enough(work, NOBODY, work[None, :], within(4), ONE_DAY, 1, ((2.0, 4),))

    assert agents.tolist() == [1, 1, 1, 1]


def test_mean_delay_by_hand():
    """Two received and one head: one is done at once, one an interval later."""
    assert mean_delay(np.array([2.0, 0]), np.ones(2)) == pytest.approx(0.5)


def test_uncertain_work_needs_more_people():
    """Half of the days bring half as much again: more people than for the mean."""
    work = np.array([8.0, 0, 0, 0])
    sure, _ = enough(work, NOBODY, work[None, :], within(3), ONE_DAY)
    unsure, _ = enough(work, NOBODY, np.array([0.5 * work, 1.5 * work]), within(3), ONE_DAY)

    assert sure.sum() == 8
    assert 11 <= unsure.sum() <= 12  # 12 in time on the heavy day, but 5 % may be late


def test_each_of_several_due_times_is_kept():
    """
    Four come in the first interval. Within four intervals one head is enough; half of them
    within one more interval need two heads at first: 4 t <= 2 (t + 1) until t is one.
    """
    work = np.array([4.0, 0, 0, 0])
    loose, _ = enough(work, NOBODY, work[None, :], within(4), ONE_DAY)
    both, _ = enough(work, NOBODY, work[None, :], [*within(4), *within(1, share=0.75)], ONE_DAY)

    assert loose.tolist() == [1, 1, 1, 1]
    assert both.sum() == loose.sum() == 4
    assert in_time(work, both, 1.0).sum() >= 3
    assert in_time(work, loose, 1.0).sum() < 3


def test_a_day_that_asks_for_more_gets_more():
    """The second of two equal days must keep nearly all: people are added to it alone."""
    work = np.array([4.0, 0, 0, 0] * 2)
    day = np.repeat([0, 1], 4)
    heavy = np.array([0.7 * work, work, 1.3 * work])
    even, _ = enough(work, np.zeros(8), heavy, [(3.0, np.array([0.8, 0.8]))], day)
    more, _ = enough(work, np.zeros(8), heavy, [(3.0, np.array([0.8, 0.99]))], day)

    assert more[:4].tolist() == even[:4].tolist()
    assert more[4:].sum() > even[4:].sum()


def test_chance_leaves_the_mean_and_spreads():
    """
    Nine contacts of variation 2: mean 9, within four standard errors, and variance 9 x (1 + 4);
    9 x 4 when all of them are there already.
    """
    for there, variance in ((0.0, 45), (9.0, 36)):
        known = np.full(40_000, there)
        found = by_chance(np.full(40_000, 9.0), known, 2.0, np.random.default_rng(1))

        assert found.mean() == pytest.approx(9, abs=4 * np.sqrt(variance / 40_000))
        assert found.var() == pytest.approx(variance, rel=0.05)


GRID = Grid(date(2024, 1, 1), 1, 60)


def sized(due, *, reserve=0, phone=0.0, promise=None, channel="email", promises=()):
    opened = (np.arange(24) >= 8) & (np.arange(24) < 18)
    mails = np.where(np.isin(np.arange(24), (8, 9)), 30.0, 0.0)
    calls = np.where(opened, phone, 0.0)
    same = np.ones(24)

    def expected(name: str, contacts: np.ndarray, aht: float, via: str) -> QueueForecast:
        return QueueForecast(
            name,
            contacts,
            *[contacts] * 4,
            aht * same,
            0 * same,
            0 * same,
            Channel(via),
        )

    forecast = Forecast(
        GRID,
        {
            "mail": expected("mail", mails, 600, channel),
            "calls": expected("calls", calls, 300, "phone"),
        },
        {"mail": opened, "calls": opened},
    )
    promise = promise or OnTime(share=0.95, due=due, over=Period.DAY)
    queues = {
        "mail": Queue(
            "mail",
            Channel(channel),
            skills=("fr",),
            promises=promises or (promise,),
            reserve=reserve,
        ),
        "calls": Queue("calls", skills=("fr",), promises=(AnswerRate(share=0.9),), patience_s=300),
    }
    return size(forecast, queues, shrinkage=Shrinkage(), seed=1)


def test_mail_is_levelled_over_its_due_time():
    """10 head-hours of mail before 10:00, due in 9 hours: about one head all day."""
    mail = sized(9).queues["mail"]

    assert mail.agents.sum() == 10
    assert mail.agents.max() <= 2
    assert (mail.agents[:8] == 0).all()


def test_short_due_time_needs_more_people_at_once():
    """
    The same mail due within two hours: the peak rises, the hours do not. Where more may come
    than is expected there is one hour more: what is too much for two hours is not for nine.
    """
    work = np.zeros(24)
    work[8:10] = 5
    due = [(2.0, np.array([0.95]))]
    sure, _ = enough(work, np.zeros(24), work[None, :], due, np.zeros(24, dtype=int))
    mail = sized(2).queues["mail"]

    assert sure.sum() == 10
    assert sure.max() >= 3
    assert 10 <= mail.agents.sum() <= 11
    assert mail.agents.max() >= 3


def test_mail_is_not_free_beside_the_phone():
    """Without a reserve no idle time is counted on, and a remark says how to."""
    found = sized(9, phone=120)

    assert found.queues["mail"].agents.sum() == 10
    assert any("reserve" in remark for remark in found.remarks)


def test_reserve_releases_idle_time_of_people_with_the_same_skill():
    """With a reserve, idle phone people do part of the mail; fewer dedicated hours."""
    found = sized(9, phone=120, reserve=2)

    assert found.queues["mail"].agents.sum() < 10


def test_the_due_time_that_asks_for_most_is_planned_on():
    """Beside nine hours for 95 % of the mail, two hours for nearly all of it need a peak."""
    loose, tight = OnTime(share=0.95, due=9), OnTime(share=0.99, due=2)
    mail = sized(9, promises=(loose, tight)).queues["mail"]

    assert (mail.place, mail.promise) == (1, tight)
    assert mail.agents.max() > sized(9, promises=(loose,)).queues["mail"].agents.max()
    assert mail.agents.sum() <= sized(2, promises=(tight,)).queues["mail"].agents.sum()
    assert (mail.contacts * mail.service_level).sum() >= 0.99 * mail.contacts.sum() - 1e-9


def test_deferrable_queue_promises_on_time():
    """Seconds are no promise for mail: the error shows the spelling."""
    with pytest.raises(SettingsError, match="on_time"):
        sized(9, promise=ServiceLevel(share=0.8, threshold=20))


def test_live_queue_promises_no_due_time():
    """Callers do not wait for hours: a due time on the phone is an error."""
    with pytest.raises(SettingsError, match="on_time"):
        sized(9, channel="phone")
