"""
``wfm staff`` and ``wfm calibrate`` at the command line.
"""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import pytest

from wfm.commands import run

ROWS = "".join(
    f"2024-01-01T{hour:02d}:{minute:02d},sales,100,180,0.1,0.1\n"
    for hour in range(8, 12)
    for minute in (0, 30)
)


@pytest.fixture
def forecast(tmp_path: Path) -> Path:
    path = tmp_path / "forecast.csv"
    path.write_text("start,queue,contacts,aht_s,day_cv,interval_cv\n" + ROWS)
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_bare_forecast_to_requirement_and_curves(forecast, tmp_path):
    """A file and a promise are enough: a requirement, and its curves beside it."""
    target = tmp_path / "requirement.csv"
    line = f"staff {forecast} --answer-rate 0.9 --patience 300 --shrinkage 0.2 -o {target}"

    assert run(line.split()) == 0
    required, curves = rows(target), rows(tmp_path / "curves.csv")
    assert [row["load_erlangs"] for row in required] == ["10"] * 8
    assert all(float(row["to_schedule"]) >= float(row["agents"]) / 0.8 for row in required)
    assert {row["start"] for row in curves} == {row["start"] for row in required}
    assert float(curves[0]["answered"]) == 0  # nobody on duty


def test_same_seed_same_bytes(forecast, tmp_path):
    """A second run writes the same files."""
    texts = []
    for name in ("one", "two"):
        target = tmp_path / name / "requirement.csv"
        target.parent.mkdir()
        assert run(["staff", str(forecast), "--service-level", "0.8", "-o", str(target)]) == 0
        texts.append(target.read_bytes() + target.with_name("curves.csv").read_bytes())

    assert texts[0] == texts[1]


def test_totals_as_json(forecast, capsys):
    """One object a queue, on standard output alone."""
    assert run(["staff", str(forecast), "--service-level", "0.8", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["sales"]

    assert found["erlang_hours"] == pytest.approx(40)
    assert found["agent_hours"] > 40
    assert found["service_level"] >= 0.8


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("", "nothing says what is promised"),
        ("--answer-rate 0.9", "wfm calibrate"),
        ("--service-level 80", "write 80 % as 0.8"),
        ("--service-level 0.8 --shrinkage 30", "write 30 % as 0.3"),
    ],
)
def test_wrong_usage_says_what_to_do(forecast, capsys, monkeypatch, options, words):
    """Exit 2, and what to measure, set or write."""
    monkeypatch.chdir(forecast.parent)

    assert run(["staff", str(forecast), *options.split()]) == 2
    assert words in capsys.readouterr().err


def test_dry_run_writes_nothing(forecast, tmp_path):
    """Everything is done but the files."""
    target = tmp_path / "requirement.csv"

    assert run(["staff", str(forecast), "--service-level", "0.8", "-o", str(target), "-n"]) == 0
    assert not target.exists()


def test_training_gains_are_shown(forecast, tmp_path, capsys):
    """Two queues make one pair; trained people save hours."""
    text = forecast.read_text()
    forecast.write_text(text + ROWS.replace("sales", "help"))
    target = tmp_path / "requirement.csv"
    line = f"staff {forecast} --service-level 0.8 --patience 300 -o {target} --training"

    assert run(line.split()) == 0
    assert "help + sales" in capsys.readouterr().out


def test_calls_to_calibration(tmp_path, capsys):
    """A log of calls gives a calibration that a person can read and change."""
    log = tmp_path / "calls.csv"
    lines = ["arrival,queue,outcome,wait_s,service_s,agent"]
    for at in range(300):
        moment = f"2024-01-01T{9 + at // 60:02d}:{at % 60:02d}:00"
        gone = at % 3 == 0
        lines.append(f"{moment},sales,{'abandoned,30,,' if gone else 'answered,15,120,ann'}")
    log.write_text("\n".join(lines) + "\n")
    target = tmp_path / "calibration.toml"

    assert run(["calibrate", str(log), "-o", str(target)]) == 0
    found = tomllib.loads(target.read_text())["queue"]["sales"]
    assert found["patience_s"] == 60  # (100 x 30 + 200 x 15) seconds over 100 who hung up
    assert found["aht_s"] == 120
    assert "What was measured" in capsys.readouterr().out


def test_calibrate_outside_of_a_workspace_says_what_it_needs(tmp_path, monkeypatch, capsys):
    """Without files and workspace there is nothing to measure."""
    monkeypatch.chdir(tmp_path)

    assert run(["calibrate"]) == 2
    assert "wfm.toml" in capsys.readouterr().err


def test_an_output_over_the_input_is_refused(forecast):
    """The forecast is read and stays as it was."""
    before = forecast.read_bytes()

    assert run(["staff", str(forecast), "--service-level", "0.8", "-o", str(forecast)]) == 2
    assert forecast.read_bytes() == before


def test_a_history_without_handle_times_is_forecast_but_not_staffed(tmp_path, capsys):
    """The forecast says that they are unknown; staff asks for them and writes nothing."""
    days = [f"2024-01-{day:02d}" for day in range(1, 29)]
    lines = [f"{day}T{hour:02d}:00,sales,20" for day in days for hour in range(8, 18)]
    history, made = tmp_path / "history.csv", tmp_path / "f.csv"
    history.write_text("\n".join(["start,queue,contacts", *lines]) + "\n")

    assert run(["forecast", str(history), "-o", str(made)]) == 0
    assert "sales: handle times are unknown" in capsys.readouterr().err
    target = tmp_path / "r.csv"
    assert run(["staff", str(made), "--answer-rate", "0.9", "-o", str(target)]) == 3
    assert "queue sales: no handle time in" in capsys.readouterr().err
    assert not target.exists()
