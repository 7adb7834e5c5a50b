"""
History and forecasts: grids, missing intervals, clocks that change, there and back.
"""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from wfm.domain.backlog import Waiting
from wfm.domain.demand import Channel, Forecast, QueueForecast
from wfm.domain.timegrid import Grid
from wfm.errors import DataError
from wfm.io.demand import (
    coarsen,
    forecast_csv,
    read_backlog,
    read_events,
    read_forecast,
    read_history,
)


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def history(tmp_path, rows, header="start,queue,contacts", **options):
    path = write(tmp_path / "history.csv", "\n".join([header, *rows]) + "\n")
    return read_history(path, **options)


def test_a_missing_interval_is_missing_not_zero(tmp_path):
    """
    Rows at 08:00 and 09:00 of a half-hour file leave 08:30 unknown.
    """
    found = history(
        tmp_path,
        ["2026-01-05T08:00,a,3", "2026-01-05T09:00,a,4", "2026-01-05T09:30,a,0"],
    )

    assert found.grid.interval == 30
    contacts = found.queues["a"].contacts
    assert contacts[16:20].tolist()[0] == 3
    assert np.isnan(contacts[17])
    assert contacts[19] == 0


def test_a_backlog_is_read_as_people_write_it(tmp_path):
    """
    Semicolons, another name for the count, day before month; a negative count is refused.
    """
    path = write(tmp_path / "backlog.csv", "queue;received;count\nmail;28/02/2026 16:30;12\n")

    assert read_backlog(path) == (Waiting("mail", datetime(2026, 2, 28, 16, 30), 12.0),)
    with pytest.raises(DataError, match="contacts"):
        read_backlog(write(path, "queue,received,contacts\nmail,2026-02-28T16:30,-1\n"))


def test_dates_alone_are_days(tmp_path):
    """
    A file of dates is a daily history.
    """
    assert history(tmp_path, ["2026-01-05,a,3", "2026-01-06,a,4"]).grid.interval == 1440


def test_half_hours_add_up_to_hours(tmp_path):
    """
    3 contacts of 100 s and 1 of 200 s are 4 contacts of 125 s; an hour of nothing is missing.
    """
    found = history(
        tmp_path,
        ["2026-01-05T08:00,a,3,100", "2026-01-05T08:30,a,1,200"],
        "start,queue,contacts,aht_s",
        interval=60,
    )

    assert found.queues["a"].contacts[8] == 4
    assert found.queues["a"].aht_s[8] == 125
    assert np.isnan(found.queues["a"].contacts[9])


def test_a_coarse_history_does_not_become_finer(tmp_path):
    """
    Hours cannot be planned by the quarter, and the remedy is named.
    """
    with pytest.raises(DataError, match="interval = 60"):
        history(tmp_path, ["2026-01-05T08:00,a,3", "2026-01-05T09:00,a,3"], interval=15)


def test_the_threshold_stands_in_the_header(tmp_path):
    """
    answered_within_20s says 20 seconds.
    """
    found = history(
        tmp_path, ["2026-01-05T08:00,a,3,2"], "timestamp,queue,offered,answered_within_20s"
    )

    assert found.queues["a"].threshold_s == 20
    assert found.queues["a"].answered_in_threshold[8] == 2


def test_twins_are_listed(tmp_path):
    """
    An interval that comes twice for one queue is a fault that names the first.
    """
    with pytest.raises(DataError, match=r"row 3, column start: the same .* as row 2"):
        history(tmp_path, ["2026-01-05T08:00,a,3", "2026-01-05T08:00,a,3"])


def test_the_hour_that_comes_twice(tmp_path):
    """
    On 25 October 2026 clocks in Paris show 02:00 twice: two rows are two hours.
    """
    rows = ["2026-10-25T01:00,a,1", "2026-10-25T02:00,a,2", "2026-10-25T02:00,a,3"]
    found = history(tmp_path, [*rows, "2026-10-25T03:00,a,4"], zone_name="Europe/Paris")

    assert found.grid.n == 25
    assert found.queues["a"].contacts[1:5].tolist() == [1, 2, 3, 4]


def test_the_hour_that_never_was(tmp_path):
    """
    On 29 March 2026 clocks in Paris skip 02:00: such a row is a fault.
    """
    with pytest.raises(DataError, match="skipped by the clocks"):
        history(
            tmp_path,
            ["2026-03-29T01:00,a,1", "2026-03-29T02:00,a,2"],
            zone_name="Europe/Paris",
        )


def test_stamps_in_utc_are_moved_to_the_zone(tmp_path):
    """
    07:00Z in January is 08:00 in Paris.
    """
    found = history(
        tmp_path, ["2026-01-05T07:00Z,a,1", "2026-01-05T08:00Z,a,2"], zone_name="Europe/Paris"
    )

    assert found.queues["a"].contacts[8:10].tolist() == [1, 2]


def test_voice_is_phone(tmp_path):
    """
    One channel, two words.
    """
    found = history(tmp_path, ["2026-01-05T08:00,a,1,voice"], "start,queue,contacts,channel")

    assert found.queues["a"].channel is Channel.PHONE


def test_an_event_lasts_until_its_end_and_may_close(tmp_path):
    """
    Empty ends are the first day; an effect is a factor, or closed.
    """
    path = write(
        tmp_path / "events.csv",
        "date,name,until,effect\n2026-05-01,May,,closed\n2026-11-27,Sale,2026-11-30,1.4\n",
    )

    may, sale = read_events(path)

    assert (may.until, may.closed, may.effect) == (date(2026, 5, 1), True, None)
    assert (sale.until, sale.effect) == (date(2026, 11, 30), 1.4)


def small_forecast(zone_name="Europe/Paris", first=date(2026, 10, 25)):
    grid = Grid(first, 7, 60, zone_name)
    opened = (grid.clock >= 60) & (grid.clock < 300)
    draws = np.random.default_rng(1)

    def column(high):
        return np.where(opened, draws.integers(1, high * 1000, grid.n) / 1000, 0.0)

    names = ("contacts", "lo80", "hi80", "lo95", "hi95", "aht_s", "day_cv", "interval_cv")
    queue = QueueForecast("a", **{name: column(9) for name in names})
    return Forecast(grid, {"a": queue}, {"a": opened})


@pytest.mark.parametrize("first", [date(2026, 10, 25), date(2026, 3, 29), date(2026, 6, 1)])
def test_a_forecast_comes_back_the_same(tmp_path, first):
    """
    Also over days of 23 and 25 hours; so scenarios from the file are those from memory.
    """
    expected = small_forecast(first=first)
    path = write(tmp_path / "forecast.csv", forecast_csv(expected))

    found = read_forecast(path, "Europe/Paris", interval=60, horizon=expected.grid)

    assert (found.open["a"] == expected.open["a"]).all()
    for name in ("contacts", "hi95", "aht_s", "day_cv"):
        assert np.array_equal(getattr(found.queues["a"], name), getattr(expected.queues["a"], name))
    assert np.array_equal(found.paths(3, 1)["a"], expected.paths(3, 1)["a"])


def bare(tmp_path, start):
    text = f"start,queue,contacts,aht_s\n{start},a,4,180\n"
    return write(tmp_path / "forecast.csv", text)


def test_a_bare_forecast_is_poisson_and_says_so(tmp_path):
    """
    Contacts and AHT are enough; the missing bands are Poisson's.
    """
    path = write(
        tmp_path / "forecast.csv", "start,queue,contacts,aht_s\n2026-01-05T08:00,a,4,180\n"
    )

    found = read_forecast(path, interval=30)

    assert found.queues["a"].hi80[16] == 7  # P(X <= 6) = 0.889 < 0.9 <= P(X <= 7) = 0.949
    assert found.queues["a"].day_cv[16] == 0
    assert "Poisson" in found.remarks[0]


def test_weeks_are_completed(tmp_path):
    """
    A Wednesday alone is a forecast of its week, Monday to Sunday.
    """
    path = write(
        tmp_path / "forecast.csv", "start,queue,contacts,aht_s\n2026-01-07T08:00,a,4,180\n"
    )

    grid = read_forecast(path, interval=30, week_starts="monday").grid

    assert (grid.first, grid.days) == (date(2026, 1, 5), 7)


def test_coarsening_to_days_keeps_totals(tmp_path):
    """
    No contact is lost on the way to days.
    """
    rows = [f"2026-01-0{day}T{hour:02d}:00,a,{hour}" for day in (5, 6) for hour in range(8, 18)]
    found = coarsen(history(tmp_path, rows), 1440)

    assert found.queues["a"].contacts.tolist() == [125.0, 125.0]


def test_an_offset_of_another_zone_names_its_column(tmp_path):
    """
    Paris is at +01:00 in January, never at +05:00.
    """
    with pytest.raises(DataError, match=r"column utc_offset: '\+05:00', expected \+01:00 in Eur"):
        history(
            tmp_path,
            ["2026-01-05T08:00,+05:00,a,3", "2026-01-05T08:30,+01:00,a,3"],
            "start,utc_offset,queue,contacts",
            zone_name="Europe/Paris",
        )


def test_rows_of_the_doubled_hour_told_apart_by_order_are_counted(tmp_path):
    """
    02:00 and 02:30 come twice on 25 October 2026: two rows stand second.
    """
    clocks = ("02:00", "02:30", "02:00", "02:30", "03:00")
    rows = [f"2026-10-25T{clock},a,3" for clock in clocks]
    found = history(tmp_path, rows, zone_name="Europe/Paris")

    (remark,) = found.remarks
    assert "2 rows of the hour that clocks show twice" in remark


def test_a_few_answered_late_are_a_remark(tmp_path):
    """
    Four of a day's 30 are answered in the next half hour.
    """
    rows = ["2026-01-05T08:00,a,20,16", "2026-01-05T08:30,a,10,14"]
    found = history(tmp_path, rows, "start,queue,contacts,answered")

    assert "1 row has more answered than contacts" in found.remarks[0]


def test_far_more_answered_than_came_is_a_fault(tmp_path):
    """
    50 answered of 30 in a day: every row with too many is listed.
    """
    rows = ["2026-01-05T08:00,a,20,30", "2026-01-05T08:30,a,10,20"]

    with pytest.raises(DataError) as caught:
        history(tmp_path, rows, "start,queue,contacts,answered")
    assert len(caught.value.problems) == 2
    assert "row 2, column answered: 30 answered of 20 contacts" in str(caught.value)
