"""
A backlog joins the forecast where the week opens.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from wfm.domain.backlog import Waiting, joined, open_hours
from wfm.domain.calibration import Shrinkage
from wfm.domain.demand import (
    Channel,
    Forecast,
    Opening,
    Queue,
    QueueForecast,
    SelfService,
)
from wfm.domain.promise import OnTime
from wfm.domain.timegrid import Grid
from wfm.errors import DataError
from wfm.staffing.sizing import size

GRID = Grid(date(2024, 1, 1), 1, 60)
MAIL = Queue("mail", Channel.EMAIL, promises=(OnTime(share=0.95, due=4),))
FRIDAY = datetime(2023, 12, 29, 16, 30)


def week(contacts=6.0):
    """Mail from 8 to 18 o'clock, six an hour of ten minutes each."""
    opened = (GRID.clock >= 480) & (GRID.clock < 1080)
    came = np.where(opened, contacts, 0.0)
    line = QueueForecast("mail", *[came] * 5, 600.0 * opened, 0.1 * opened, 0.1 * opened)
    return Forecast(GRID, {"mail": line}, {"mail": opened})


def test_a_backlog_waits_at_the_first_opening():
    """
    18 contacts on top of the 6 expected at 8 o'clock; a remark says since when.
    """
    found = joined(
        week(), [Waiting("mail", FRIDAY, 10), Waiting("mail", FRIDAY, 8)], {"mail": MAIL}
    )

    assert found.queues["mail"].contacts[8] == 24
    assert found.queues["mail"].contacts.sum() == 60 + 18
    assert "18 contacts wait from before, the oldest since 2023-12-29 16:30" in found.remarks[0]


def test_what_is_certain_spreads_less():
    """
    A quarter of the interval's contacts is expected, the rest is there: a quarter of the spread.
    """
    found = joined(week(), [Waiting("mail", FRIDAY, 18)], {"mail": MAIL})

    assert found.queues["mail"].interval_cv[8] == pytest.approx(0.1 * 6 / 24)


def test_a_backlog_needs_people():
    """
    24 contacts of ten minutes are four head-hours, and must be done in the first hours.
    """
    queues = {"mail": MAIL}
    bare = size(week(), queues, shrinkage=Shrinkage()).queues["mail"].agents
    more = joined(week(), [Waiting("mail", FRIDAY, 24)], queues)
    with_backlog = size(more, queues, shrinkage=Shrinkage()).queues["mail"].agents

    assert with_backlog.sum() - bare.sum() == pytest.approx(4, abs=1)
    assert with_backlog[8:13].sum() > bare[8:13].sum()


def test_open_hours_between_two_moments():
    """
    From Friday 16:30 to Monday 9:00, open from 8 to 18 on weekdays: 1.5 and 1 hours.
    """
    opening = Opening((*(((480, 1080),),) * 5, (), ()))

    assert open_hours(opening, FRIDAY, datetime(2024, 1, 1, 9)) == 2.5


def test_open_hours_past_midnight():
    """
    A night from 22 to 6 o'clock belongs to the day on which it begins.
    """
    opening = Opening((((1320, 1800),),) * 7)

    assert open_hours(opening, datetime(2024, 1, 1, 4), datetime(2024, 1, 1, 23)) == 3.0


@pytest.mark.parametrize("stated", [True, False])
def test_a_backlog_is_due_from_its_receipt(stated):
    """
    Received 1.5 open hours before the weekend: 2.5 of its 4 hours are left on Monday.
    """
    opening = Opening((*(((480, 1080),),) * 5, (), ())) if stated else None
    found = joined(week(), [Waiting("mail", FRIDAY, 18)], {"mail": replace(MAIL, opening=opening)})

    assert found.queues["mail"].waited == ((18, 1.5),)


def test_an_overdue_backlog_is_told():
    """
    Of two letters a day apart, the older is past its four hours.
    """
    older = Waiting("mail", datetime(2023, 12, 28, 9), 3)
    found = joined(week(), [Waiting("mail", FRIDAY, 5), older], {"mail": MAIL})

    assert [contacts for contacts, _ in found.queues["mail"].waited] == [3, 5]
    assert "3 of them are past their 4 open hours" in found.remarks[1]


def test_an_overdue_backlog_is_told_for_each_due_time():
    """
    Received 1.5 open hours ago: late for an hour's promise, and not for four hours'.
    """
    both = replace(MAIL, promises=(*MAIL.promises, OnTime(share=0.5, due=1)))
    found = joined(week(), [Waiting("mail", FRIDAY, 5)], {"mail": both})

    assert ["past their" in remark for remark in found.remarks] == [False, True]
    assert "5 of them are past their 1 open hours" in found.remarks[1]


def test_a_backlog_due_soon_is_staffed_at_once():
    """
    24 contacts are four head-hours; with an hour left they need four people in that hour.
    """
    queues = {"mail": replace(MAIL, opening=Opening((*(((480, 1080),),) * 5, (), ())))}
    fresh, pressing = (
        size(joined(week(), [Waiting("mail", received, 24)], queues), queues, shrinkage=Shrinkage())
        .queues["mail"]
        .agents
        for received in (datetime(2023, 12, 29, 18), datetime(2023, 12, 29, 15))
    )

    assert fresh[8:10].sum() < 4
    assert pressing[8:10].sum() >= 4


def test_what_comes_inside_the_week_is_expected_already():
    """
    Contacts received on its first day change nothing.
    """
    forecast = week()

    assert (
        joined(forecast, [Waiting("mail", datetime(2024, 1, 1, 9), 5)], {"mail": MAIL}) is forecast
    )


def test_self_service_has_had_its_share_of_a_backlog():
    """
    Where a bot takes half of what comes, 10 waiting letters stay 10.
    """
    from wfm.domain.reaching import deflected

    queue = Queue("mail", Channel.EMAIL, promises=MAIL.promises, self_service=SelfService(0.5))
    found = deflected(
        joined(week(), [Waiting("mail", FRIDAY, 10)], {"mail": queue}), {"mail": queue}
    )

    assert found.queues["mail"].contacts[8] == pytest.approx(3 + 10)


@pytest.mark.parametrize(
    ("queue", "words"), [("mails", "'mails' is not in the forecast"), ("mail", "nobody waits")]
)
def test_a_backlog_is_of_queues_that_can_wait(queue, words):
    """
    Neither a slip nor a phone queue.
    """
    queues = {"mail": Queue("mail", promises=MAIL.promises)}

    with pytest.raises(DataError, match=words):
        joined(week(), [Waiting(queue, FRIDAY, 5)], queues)
