"""
wfm forecast: what --json tells, and what cannot share one standard output.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

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
