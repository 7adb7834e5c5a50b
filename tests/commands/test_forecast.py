"""
wfm forecast: what --json tells, what scripts rely on, and what is refused.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from wfm.commands import run
from wfm.errors import Exit


@pytest.fixture
def history(tmp_path):
    """Six weeks of five calls an hour, Monday to Friday from 9 to 17."""
    lines = ["start,queue,contacts,aht_s"]
    for hour in range(42 * 24):
        start = datetime(2026, 1, 19) + timedelta(hours=hour)
        if start.weekday() < 5 and 9 <= start.hour < 17:
            lines.append(f"{start:%Y-%m-%dT%H:%M},calls,5,240")
    path = tmp_path / "history.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_json_tells_each_queue_and_the_file(history, tmp_path, capsys):
    """
    One object: five calls in each of 40 hours are 200 in a week, 800 minutes of work.
    """
    target = tmp_path / "forecast.csv"
    options = ["--weeks", "1", "--from", "2026-03-02", "--model", "mean_4_weeks"]

    assert run(["forecast", str(history), *options, "--json", "-o", str(target)]) == Exit.DONE

    told = json.loads(capsys.readouterr().out)
    assert told["start"] == "2026-03-02"
    assert told["days"] == 7
    assert told["file"] == str(target)
    assert isinstance(told["remarks"], list)
    calls = told["queues"]["calls"]
    assert calls["model"] == "mean_4_weeks"
    assert calls["contacts"] == pytest.approx(200, abs=0.01)
    assert calls["work_h"] == pytest.approx(800 / 60, abs=0.01)


def test_json_and_a_file_cannot_share_standard_output(history, capsys):
    """
    Exit 2 before any work, and nothing is printed.
    """
    assert run(["forecast", str(history), "--json", "-o", "-"]) == Exit.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert "standard output" in said.err


def write(path: Path, rows: Sequence[str]) -> Path:
    path.write_text("start,queue,contacts\n" + "\n".join(rows) + "\n")
    return path


def steps(days: int, minutes: int, contacts: int = 20) -> list[str]:
    """So many contacts in each interval from 8 to 18, every day from 5 January 2026."""
    return [
        f"{datetime(2026, 1, 5) + timedelta(days=day, minutes=at):%Y-%m-%dT%H:%M},q,{contacts}"
        for day in range(days)
        for at in range(8 * 60, 18 * 60, minutes)
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (steps(10, 30), "10 days of history"),
        ([*steps(28, 30), "2026-01-05T08:30,q,-3"], "row 562, column contacts: '-3'"),
        ([*steps(28, 30), "2026-01-05T08:30,q,20"], "row 562, column start: the same interval"),
        (steps(28, 25), "starts are 25 minutes apart"),
        (steps(28, 120), "starts are 120 minutes apart"),
    ],
    ids=["ten days", "negative", "twice", "25 minutes", "two hours"],
)
def test_history_that_cannot_be_forecast_is_refused(rows, said, tmp_path, capsys):
    """
    Exit 3, the fault with its place, and no file.
    """
    target = tmp_path / "out.csv"
    history = write(tmp_path / "h.csv", rows)

    assert run(["forecast", str(history), "-o", str(target)]) == Exit.DATA_REJECTED

    assert said in capsys.readouterr().err
    assert not target.exists()


def test_nothing_but_zeros_is_forecast_as_nothing_and_said(tmp_path, capsys):
    """
    Four weeks without a contact: a forecast of next to nothing, and a remark.
    """
    target = tmp_path / "out.csv"
    history = write(tmp_path / "h.csv", steps(28, 30, contacts=0))

    assert run(["forecast", str(history), "-o", str(target)]) == Exit.DONE

    assert "no contact in the whole history" in capsys.readouterr().err
    rows = list(csv.DictReader(target.read_text().splitlines()))
    assert sum(float(row["contacts"]) for row in rows) < 0.1


def test_country_without_a_calendar_is_refused(history, capsys):
    """
    Exit 2, with the country and an example of a code.
    """
    assert run(["forecast", str(history), "--country", "XX"]) == Exit.USAGE

    assert "country 'XX' has no holiday calendar" in capsys.readouterr().err


def test_days_of_a_bare_file(tmp_path, capsys):
    """
    The line that scripts rely on: 28 days from --from on, and only earlier rows are used.
    """
    days = [datetime(2021, 10, 4) + timedelta(days=at) for at in range(112)]
    rows = [f"{day:%Y-%m-%d},q,{100 + 10 * day.weekday()}" for day in days[:91]]
    spoilt = [f"{day:%Y-%m-%d},q,90000" for day in days[91:]]
    options = ["--daily", "--from", "2022-01-03", "--weeks", "4", "--country", "FR"]
    files = []
    for name, given in (("clean", rows), ("spoilt", rows + spoilt)):
        source, target = write(tmp_path / f"{name}.csv", given), tmp_path / f"{name}.out.csv"
        options_of = [*options, "--timezone", "Europe/Paris", "-o", str(target)]
        assert run(["forecast", str(source), *options_of]) == Exit.DONE
        files.append(target.read_bytes())

    assert files[0] == files[1]
    found = list(csv.DictReader(target.read_text().splitlines()))
    assert [row["start"][:10] for row in found] == [f"{day}" for day in dates("2022-01-03", 28)]


def dates(first: str, count: int) -> list[date]:
    return [date.fromisoformat(first) + timedelta(days=at) for at in range(count)]


def test_show_explains_each_day_in_a_workspace(history, tmp_path, capsys):
    """
    The picture, then the factors whose product each of Monday to Friday is.
    """
    centre = tmp_path / "centre"
    centre.mkdir()
    (centre / "wfm.toml").write_text('timezone = "UTC"\ninterval = 60\n[queue.calls]\n')
    (centre / "history.csv").write_bytes(history.read_bytes())
    place = ["-w", str(centre)]
    assert run(["forecast", *place, "--from", "2026-03-02", "--weeks", "1"]) == Exit.DONE
    capsys.readouterr()

    assert run(["show", "forecast", *place, "--explain"]) == Exit.DONE

    said = capsys.readouterr().out
    picture, _, parts = said.partition("What the days are made of")
    assert "80 % range" in picture
    assert parts.count("calls ") == 5


def test_a_dry_run_shows_what_it_does_not_write(history, tmp_path, capsys):
    """
    With -n the table is shown, and no file is made.
    """
    options = ["--weeks", "1", "--from", "2026-03-02", "--model", "mean_4_weeks", "-n"]

    assert run(["forecast", str(history), *options]) == Exit.DONE

    assert "Contacts expected" in "".join(capsys.readouterr())
    assert list(tmp_path.iterdir()) == [history]
