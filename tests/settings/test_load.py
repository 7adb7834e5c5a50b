"""
wfm.toml: what it means, and how each fault in it is said.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.demand import SelfService
from wfm.domain.promise import AnswerRate, OnTime, Period, ServiceLevel
from wfm.errors import Exit, SettingsError
from wfm.settings.load import parse_settings, read_settings

GOOD = """
timezone = "Asia/Jerusalem"
country = "IL"
interval = 30
week_starts = "sunday"

[queue.banking]
open = { sun-thu = "07:00-24:00", fri = "07:00-14:00", sat = "19:00-24:00" }
patience_s = 370
promise = [{ kind = "answer_rate", share = 0.90, over = "week", max_occupancy = 0.90 }]

[shrinkage]
unplanned = 0.05

[contract.full]
hours_per_week = 39
tolerance_h = 1
shapes = ["late"]

[shape.late]
start = "16:00"
length_h = [8]
breaks = ["lunch"]
closing = 30

[break.lunch]
minutes = 30
window = "18:30-21:30"

[pay.base]
per_hour = 40
night = { window = "22:00-06:00", share = 0.25 }
overtime = [{ from_h = 43, share = 0.5 }, { from_h = 39, share = 0.25 }]
"""


def faults(old: str, new: str) -> list[str]:
    """What is said of the good file with one text replaced."""
    assert old in GOOD
    with pytest.raises(SettingsError) as caught:
        parse_settings(GOOD.replace(old, new))
    assert caught.value.exit is Exit.USAGE
    return [str(problem) for problem in caught.value.problems]


def test_hours_are_minutes_of_the_day_by_weekday():
    """
    Sunday to Thursday 07:00-24:00 are minutes 420 to 1440 of Monday to Thursday and Sunday.
    """
    opening = parse_settings(GOOD).queues["banking"].opening

    assert opening.week[0] == opening.week[6] == ((420, 1440),)
    assert opening.week[4] == ((420, 840),)
    assert opening.week[5] == ((1140, 1440),)


def test_a_contract_holds_its_shapes_breaks_and_pay():
    """
    Names are followed from contract to shape to break, hours become minutes and cents.
    """
    contract = parse_settings(GOOD).contracts["full"]

    assert contract.shapes[0].lengths == (480,)
    assert contract.shapes[0].breaks[0].minutes == 30
    assert contract.pay.per_hour == 4000
    assert contract.pay.overtime == ((39, 0.25), (43, 0.5))


def test_hours_are_averaged_over_the_weeks_that_a_contract_names():
    """
    Four weeks from the fifth of January, and a balance; without them each week is its own.
    """
    told = "average_weeks = 4\naverage_from = 2026-01-05\nbalance_h = 6.5\nhours_per_week"
    plain = parse_settings(GOOD).contracts["full"]
    averaged = parse_settings(GOOD.replace("hours_per_week", told)).contracts["full"]

    assert (plain.average_weeks, plain.average_from) == (1, date(2024, 1, 1))
    assert (averaged.average_weeks, averaged.average_from) == (4, date(2026, 1, 5))
    assert averaged.slack(closed=True) == 60
    assert averaged.slack(closed=False) == 390
    assert plain.slack(closed=False) == 60


def test_a_single_start_is_first_and_last():
    """
    ``start = "16:00"`` is a span of one start.
    """
    assert parse_settings(GOOD).shapes["late"].start == (960, 960)
    twice = GOOD.replace('"16:00"', '"16:00-16:00"')
    assert parse_settings(twice).shapes["late"].start == (960, 960)


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        ('{ kind = "answer_rate", share = 0.85 }', AnswerRate(share=0.85, over=Period.WEEK)),
        (
            '{ kind = "service_level", share = 0.8, threshold_s = 20, over = "day" }',
            ServiceLevel(share=0.8, threshold=20, over=Period.DAY),
        ),
        (
            '{ kind = "on_time", share = 0.95, due_h = 24 }',
            OnTime(share=0.95, due=24, over=Period.WEEK),
        ),
    ],
)
def test_three_kinds_of_promise(text, promise):
    """
    Each kind has its own spelling, and a week where none is said.
    """
    written = '{ kind = "answer_rate", share = 0.90, over = "week", max_occupancy = 0.90 }'

    assert parse_settings(GOOD.replace(written, text)).queues["banking"].promises == (promise,)


def test_hours_on_holidays_replace_the_weekdays():
    """
    Independence Day of 1999, a Wednesday in Israel, is closed where the file says so.
    """
    text = GOOD.replace("sun-thu =", 'holidays = "closed", sun-thu =')
    opening = parse_settings(text).queues["banking"].opening

    assert opening.spans(date(1999, 4, 21)) == ()
    assert opening.spans(date(1999, 4, 20)) == ((420, 1440),)


FAULTS = [
    # found, expected and remedy of every fault that people make
    ("interval = 30", "intervall = 30", ["key 'intervall' is not known", "'interval'"]),
    ("patience_s = 370", "patience = 370", ["[queue.banking]", "'patience_s'"]),
    ("[contract.full]", "[contrat.full]", ["'contrat'", "'contract'"]),
    ("per_hour = 40", "per_houre = 40", ["[pay.base]", "'per_hour'"]),
    ('window = "22', 'windw = "22', ["[pay.base]", "window"]),
    ("interval = 30", 'interval = "30 min"', ["'30 min'", "minutes, a whole number"]),
    ("interval = 30", "interval = 31", ["31", "5, 6, 10, 15, 20, 30, 60"]),
    ("patience_s = 370", 'patience_s = "6 min"', ["patience_s", "'6 min'", "seconds, as a number"]),
    ("minutes = 30", "minutes = 0.5", ["[break.lunch]", "0.5", "minutes, a whole number"]),
    ("minutes = 30", "minutes = 31", ["[break.lunch]", "31", "multiple of 5"]),
    ("hours_per_week = 39", "hours_per_week = 2340", ["[contract.full]", "2340", "hours"]),
    ("share = 0.90", "share = 90", ["[queue.banking]", "90", "0 to 1", "write 90 % as 0.9"]),
    ("share = 0.90", 'share = "90 %"', ["'90 %'", "write 90 % as 0.90"]),
    ("unplanned = 0.05", "unplanned = 5", ["[shrinkage]", "write 5 % as 0.05"]),
    ("max_occupancy = 0.90", "max_occupancy = 90", ["max_occupancy", "write 90 % as 0.9"]),
    ('"week"', '"fortnight"', ["[queue.banking]", "'fortnight'", "'interval', 'day' or 'week'"]),
    ('"sunday"', '"sundy"', ["'sundy'", "'sunday'"]),
    ("Asia/Jerusalem", "Asia/Jerusalm", ["'Asia/Jerusalm'", "Europe/Paris"]),
    ('"IL"', '"XX"', ["'XX'", "ISO code"]),
    ("sun-thu", "sun-thur", ["[queue.banking]", "'sun-thur'", '"mon-fri"']),
    ('"07:00-14:00"', '"7h-14h"', ["[queue.banking]", "'7h'", '"08:30"']),
    ('["late"]', '["lat"]', ["[contract.full]", "[shape.lat]", "'late'"]),
    ("closing = 30", "closing = 480", ["[shape.late]", "480", "the whole shift"]),
    ('"answer_rate"', '"answered"', ["'answered'", "'answer_rate'"]),
    ('"07:00-14:00"', '"07:00-25:00"', ["'open'", "after 24:00", '"07:00-01:00"']),
    ('"07:00-14:00"', '"24:00-07:00"', ["'open'", "'24:00' begins on the next day"]),
    ('"07:00-14:00"', '"07:10-14:00"', ["'open'", "07:10", "30 minutes", "07:00 or 07:30"]),
    ('"16:00"', '"09:00-07:00"', ["[shape.late]", "'start'", "ends before it begins"]),
    ('"18:30-21:30"', '"15:30-11:00"', ["[break.lunch]", "'window'", "ends before it begins"]),
    ('"18:30-21:30"', '"06:00-08:00"', ["[shape.late]", "'lunch'", "06:00-08:00"]),
    ("length_h = [8]", "length_h = [7.37]", ["'length_h'", "multiple of 5", "write 7.333333333"]),
    ("patience_s = 370", "patience_s = inf", ["'patience_s'", "inf", "finite"]),
    ("patience_s = 370", "patience_s = nan", ["'patience_s'", "nan", "finite"]),
    ("unplanned = 0.05", "unplanned = nan", ["'unplanned'", "nan", "0 to 1"]),
    ('timezone = "Asia/Jerusalem"', "", ["'timezone' is missing", '"Europe/Paris"']),
    ("length_h = [8]", "length_h = []", ["'length_h'", "is empty, expected at least one"]),
    ("length_h = [8]", "length_h = [480]", ["480", "expected at most 24", "hours"]),
    ("tolerance_h = 1", "balance_h = 7", ["[contract.full]", "nothing without 'average_weeks'"]),
    ("tolerance_h = 1", "average_from = 'soon'", ["'average_from'", "a date such as 2026-01-05"]),
    ('["lunch"]', '"lunch"', ["'breaks'", "'lunch'", "expected a list in [ ]"]),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS, ids=[new for _, new, _ in FAULTS])
def test_a_fault_says_where_what_and_how_to_mend_it(old, new, said):
    """
    One fault, one message: the place, what was found, what was expected, the remedy.
    """
    text = "\n".join(faults(old, new))

    assert text.startswith("wfm.toml")
    for words in said:
        assert words in text


@pytest.mark.parametrize("promise", ['"90 %"', "0.90", '["90 %"]', "[{ share = 0.90 }]"])
def test_a_target_without_its_kind_shows_the_spellings(promise):
    """
    "90 %" could mean three things, and all three are shown.
    """
    written = '[{ kind = "answer_rate", share = 0.90, over = "week", max_occupancy = 0.90 }]'

    (text,) = faults(written, promise)

    for kind in ("answer_rate", "service_level", "on_time"):
        assert f'kind = "{kind}"' in text


def test_a_service_level_needs_its_threshold():
    """
    80 % within how many seconds?
    """
    (text,) = faults('"answer_rate"', '"service_level"')

    assert "threshold_s" in text


def test_a_faulty_break_is_said_once():
    """
    Shapes and contracts that use a faulty break are not blamed for it.
    """
    assert len(faults("minutes = 30", "minutes = 31")) == 1


def test_a_faulty_length_is_said_once():
    """
    A list whose only value is faulty is not also called empty.
    """
    assert len(faults("length_h = [8]", "length_h = [480]")) == 1


@pytest.mark.parametrize("window", ["23:00-02:00", "00:30-03:00"])
def test_a_night_shift_may_break_after_midnight(window):
    """
    From 20:00 on, eight hours reach half past four.
    """
    text = GOOD.replace('"16:00"', '"20:00-22:00"').replace("18:30-21:30", window)

    assert parse_settings(text).shapes["late"].breaks[0].window is not None


def test_all_faults_are_listed():
    """
    Two faults in two tables come in one message.
    """
    with pytest.raises(SettingsError) as caught:
        parse_settings(GOOD.replace("patience_s", "patience").replace("per_hour", "hourly"))

    assert len(caught.value.problems) >= 2


def test_no_toml_is_said_with_its_line():
    """
    A file that is no TOML names the line.
    """
    (text,) = faults("interval = 30", "interval = ")

    assert "line 4" in text


def test_self_service_is_a_table_of_its_queue():
    """
    Share and error; the error is 0 where none is stated.
    """
    more = "patience_s = 370\nself_service = { share = 0.55, error = 0.01 }"
    found = parse_settings(GOOD.replace("patience_s = 370", more)).queues["banking"]

    assert found.self_service == SelfService(0.55, 0.01)
    assert parse_settings(GOOD).queues["banking"].self_service is None


@pytest.mark.parametrize("service", ["share = 1.0", "share = 55", "share = 0.5, error = 1"])
def test_self_service_outside_a_share_is_a_fault(service):
    """
    55 for 0.55 too, with its place.
    """
    (said,) = faults("patience_s = 370", f"self_service = {{ {service} }}")

    assert "queue.banking" in said
    assert "self_service" in said


def test_rounds_are_one_to_four():
    """
    Two where nothing is said.
    """
    assert parse_settings(GOOD).plan.rounds == 3
    assert parse_settings(GOOD + "[plan]\nrounds = 4").plan.rounds == 4
    with pytest.raises(SettingsError, match="rounds"):
        parse_settings(GOOD + "[plan]\nrounds = 5")


def test_a_file_that_is_no_utf_8_is_told_with_its_line(tmp_path):
    """
    An e with an accent as Windows saves it, 0xe9, in line 2.
    """
    path = tmp_path / "wfm.toml"
    path.write_bytes(b'timezone = "Europe/Paris"\n# caf\xe9\n')

    with pytest.raises(SettingsError) as caught:
        read_settings(path)

    (told,) = caught.value.problems
    assert (told.place, told.hint) == ("wfm.toml, line 2", "save as UTF-8")
