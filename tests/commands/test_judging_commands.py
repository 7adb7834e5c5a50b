"""
``wfm simulate`` and ``wfm verify`` on files, as a shell sees them.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from wfm.commands import run

TOML = """
timezone = "Europe/Paris"
interval = 60

[queue.orders]
open = { mon-fri = "08:00-18:00" }
patience_s = 300
promise = [{ kind = "answer_rate", share = SHARE, over = "week" }]

[rules]
preset = "eu-wtd"

[contract.full]
hours_per_week = 10
days_per_week = 5
shapes = ["day"]
pay = "base"

[shape.day]
start = "08:00-08:00"
length_h = [10]

[pay.base]
per_hour = 20.0
"""


@pytest.fixture
def centre(tmp_path):
    """Two people for one erlang from 8 to 18 on a Monday, without a lunch."""
    (tmp_path / "wfm.toml").write_text(TOML.replace("SHARE", "0.7"))
    (tmp_path / "agents.csv").write_text("agent,contract,skills\nx,full,orders\ny,full,orders\n")
    hours = [f"2024-01-01T{hour:02d}:00" for hour in range(8, 18)]
    lines = [f"{h},orders,20,14,26,11,29,180,0.1,0.1" for h in hours]
    head = "start,queue,contacts,lo80,hi80,lo95,hi95,aht_s,day_cv,interval_cv"
    (tmp_path / "forecast.csv").write_text("\n".join([head, *lines]) + "\n")
    work = "2024-01-01,2024-01-01T08:00,2024-01-01T18:00,work,orders"
    head = "agent,date,start,end,activity,queue"
    (tmp_path / "roster.csv").write_text(f"{head}\nx,{work}\ny,{work}\n")
    head = (
        "start,queue,contacts,aht_s,load_erlangs,agents,to_schedule,"
        "service_level,answer_rate,occupancy,asa_s"
    )
    lines = [f"{h},orders,20,180,1,2,2,0.8,0.9,0.5,20" for h in hours]
    (tmp_path / "requirement.csv").write_text("\n".join([head, *lines]) + "\n")
    share = np.array([0, 0.6, 0.85, 0.97])
    head = "start,queue,scheduled,answered,in_time,occupancy"
    lines = [
        f"{h},orders,{n},{20 * s:.3f},{16 * s:.3f},{1 - s:.3f}"
        for h in hours
        for n, s in enumerate(share)
    ]
    (tmp_path / "curves.csv").write_text("\n".join([head, *lines]) + "\n")
    return tmp_path


def test_simulate_in_a_workspace(centre, capsys):
    """
    The table goes to standard output, simulation.csv beside the roster; kept is exit 0.
    """
    assert run(["simulate", "-w", str(centre), "--replications", "20"]) == 0
    assert (centre / "simulation.csv").read_text().startswith("start,queue,offered")
    assert "orders" in capsys.readouterr().out


def test_simulate_says_that_a_promise_is_missed(centre):
    """
    Two people do not answer 99 % of one erlang: exit 1.
    """
    (centre / "wfm.toml").write_text(TOML.replace("SHARE", "0.99"))
    assert run(["simulate", "-w", str(centre), "--replications", "20"]) == 1


def test_same_seed_same_bytes(centre):
    """
    Twice the same run, the second in two processes, writes the same file.
    """
    for name, workers in (("a.csv", "1"), ("b.csv", "2")):
        command = ["simulate", "-w", str(centre), "--replications", "20", "--workers", workers]
        run([*command, "-o", str(centre / name)])
    assert (centre / "a.csv").read_bytes() == (centre / "b.csv").read_bytes()


def test_simulate_bare_files(centre, capsys):
    """
    Without a workspace, two files and a promise are enough.
    """
    (centre / "wfm.toml").unlink()
    files = [str(centre / "roster.csv"), "--forecast", str(centre / "forecast.csv")]
    options = ["--answer-rate", "0.7", "--patience", "300", "--replications", "20", "--json"]
    assert run(["simulate", *files, *options]) == 0
    assert json.loads(capsys.readouterr().out)["queues"]["orders"]["offered"] > 100


def test_options_that_would_do_nothing_are_refused(centre):
    """
    In a workspace the promise is that of wfm.toml: exit 2.
    """
    assert run(["simulate", "-w", str(centre), "--answer-rate", "0.9"]) == 2


def test_verify_finds_the_missing_rest(centre):
    """
    Ten hours without a break are against the European directive: exit 7, and said.
    """
    code = run(["verify", "-w", str(centre), "--replications", "20"])
    verdict = json.loads((centre / "verdict.json").read_text())
    assert code == 7
    assert verdict["violations"] >= 1
    assert "break" in (centre / "violations.csv").read_text().lower()


def test_verify_dry_run_writes_nothing(centre):
    """
    With --dry-run only the answer is printed.
    """
    run(["verify", "-w", str(centre), "--replications", "20", "--dry-run", "--json"])
    assert not (centre / "verdict.json").exists()
