"""
wfm plan on a centre of three people: its exit codes, and what it leaves behind.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import numpy as np
import pytest

from wfm.commands import run
from wfm.errors import Exit
from wfm.workspace import Workspace

SETTINGS = """
timezone = "Europe/Paris"
interval = 60

[queue.calls]
open = { mon-fri = "09:00-17:00" }
patience_s = 300
promise = [{ kind = "answer_rate", share = 0.80, over = "week", max_occupancy = 0.95 }]

[rules]
preset = "eu-wtd"

[contract.full]
hours_per_week = 35
tolerance_h = 2
shapes = ["day"]

[shape.day]
start = "09:00-10:00"
step = 60
length_h = [7]
breaks = ["lunch"]

[break.lunch]
minutes = 30

[pay.base]
per_hour = 15

[plan]
notice_days = 1
effort = 0.1
replications = 4
"""
SUNDAY = "2026-03-01"  # six weeks of history end on Friday; the week to plan begins on Monday


@pytest.fixture
def centre(tmp_path):
    """
    A workspace with six weeks of about seven calls an hour, and three people.
    """
    draws = np.random.default_rng(1)
    lines = ["start,queue,contacts,aht_s"]
    first = datetime(2026, 1, 19)
    for day in range(42):
        for hour in range(9, 17):
            start = first + timedelta(days=day, hours=hour)
            if start.weekday() < 5:
                lines.append(f"{start:%Y-%m-%dT%H:%M},calls,{draws.poisson(7)},240")
    (tmp_path / "history.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "agents.csv").write_text(
        "agent,contract,skills\nann,full,calls\nbob,full,calls\ncal,full,calls\n"
    )
    (tmp_path / "wfm.toml").write_text(SETTINGS)
    return tmp_path


def plan(centre, *more):
    return run(["plan", "-w", str(centre), "--as-of", SUNDAY, *more])


def change(centre, old, new):
    path = centre / "wfm.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def manifest(centre):
    return json.loads((centre / "plans" / "2026-03-02" / "manifest.json").read_text())


def test_a_plan_is_made_and_made_again(centre, capsys):
    """
    Exit 0 into the folder of its first day; a re-run replaces it whole.
    """
    assert plan(centre, "--json") == Exit.DONE
    said = json.loads(capsys.readouterr().out)
    assert said["exit"] == 0
    assert said["cost"]["shortfall"] == 0
    (centre / "plans" / "2026-03-02" / "stray.txt").write_text("old")

    assert plan(centre, "--quiet") == Exit.DONE
    assert not (centre / "plans" / "2026-03-02" / "stray.txt").exists()
    assert [path.name for path in (centre / "plans").iterdir()] == ["2026-03-02"]


def test_two_weeks_are_one_plan(centre):
    """
    The horizon is n weeks everywhere: every stage takes fourteen days.
    """
    assert plan(centre, "--weeks", "2") in (Exit.DONE, Exit.TARGET_MISSED)

    text = (centre / "plans" / "2026-03-02" / "roster.csv").read_text()
    assert manifest(centre)["days"] == 14
    assert "2026-03-13" in text


def test_short_of_people_there_is_a_plan_and_exit_1(centre, capsys):
    """
    One person for all calls: a roster, and what is missing by name.
    """
    (centre / "agents.csv").write_text("agent,contract,skills\nann,full,calls\n")

    assert plan(centre) == Exit.TARGET_MISSED
    assert "calls" in capsys.readouterr().err
    assert manifest(centre)["reasons"] == [{"code": 1, "reason": "target_missed"}]
    assert (centre / "plans" / "2026-03-02" / "roster.csv").read_text().count("ann") > 5


def test_no_roster_is_exit_4_and_explained(centre, capsys):
    """
    Sixty hours in five days of seven cannot be: the rules in conflict are named, and kept.
    """
    change(centre, "hours_per_week = 35", "hours_per_week = 60")

    assert plan(centre) == Exit.NO_ROSTER
    said = capsys.readouterr().err
    assert "ann" in said
    assert "CONTRACT-HOURS" in said
    folder = centre / "plans" / "2026-03-02"
    assert "CONTRACT-HOURS" in (folder / "explanation.txt").read_text()
    assert (folder / "forecast.csv").exists()
    assert manifest(centre)["exit"] == 4


def test_law_is_never_taken_in_silence(centre, capsys):
    """
    A workspace that names no preset gets no plan, and is told how to name one.
    """
    change(centre, 'preset = "eu-wtd"', "")

    assert plan(centre) == Exit.USAGE
    assert "wfm rules list" in capsys.readouterr().err
    assert not (centre / "plans").exists()


def orders_of(centre, factor):
    """An order for every fourth contact of the past, and ``factor`` as many in the week ahead."""
    days: dict[str, float] = {}
    for row in (centre / "history.csv").read_text().split()[1:]:
        start, _, contacts, _ = row.split(",")
        days[start[:10]] = days.get(start[:10], 0) + float(contacts) / 4
    last = sum(list(days.values())[-5:])
    ahead = {f"2026-03-0{day}": factor * last / 5 for day in range(2, 7)}
    rows = [f"{day},{orders:.2f}" for day, orders in {**days, **ahead}.items()]
    (centre / "orders.csv").write_text("\n".join(["date,orders", *rows]) + "\n")
    return 4 * last


def expected_contacts(centre):
    rows = (centre / "plans" / "2026-03-02" / "forecast.csv").read_text().split()[1:]
    return sum(float(row.split(",")[2]) for row in rows)


def test_planned_orders_drive_the_plan(centre):
    """
    Twice last week's orders are planned: about twice its contacts are expected.
    """
    draws = np.random.default_rng(3)
    lines = ["start,queue,contacts,aht_s"]
    for day in range(91):
        date = datetime(2025, 12, 1) + timedelta(days=day)
        busy = draws.uniform(0.5, 1.5)
        if date.weekday() < 5:
            lines += [
                f"{date + timedelta(hours=h):%Y-%m-%dT%H:%M},calls,{draws.poisson(9 * busy)},240"
                for h in range(9, 17)
            ]
    (centre / "history.csv").write_text("\n".join(lines) + "\n")
    last = orders_of(centre, 2)

    plan(centre)

    assert 1.5 * last < expected_contacts(centre) < 2.5 * last


def test_orders_that_tell_nothing_are_said_to(centre, capsys):
    """
    Thirty working days of both are too few to learn from.
    """
    last = orders_of(centre, 2)

    plan(centre)

    assert expected_contacts(centre) < 1.5 * last
    assert "orders are left aside" in capsys.readouterr().err


def test_old_history_is_exit_6(centre, capsys):
    """
    A week of next year, from contacts of this one.
    """
    assert run(["plan", "-w", str(centre), "--as-of", "2027-03-01"]) == Exit.STALE
    assert "stale_days" in capsys.readouterr().err
    assert not (centre / "plans").exists()


def test_a_locked_workspace_is_exit_8(centre, capsys):
    """
    Another run holds it; nothing is written.
    """
    with Workspace(centre).lock():
        assert plan(centre) == Exit.LOCKED
    assert "process" in capsys.readouterr().err
    assert not (centre / "plans").exists()


def test_a_wide_gap_is_exit_5_where_it_is_limited(centre):
    """
    A gap above ``max_gap``: the plan is kept and says so; with no limit any gap will do.
    """
    change(centre, "replications = 4", "replications = 4\nmax_gap = 0")

    code = plan(centre)

    found = manifest(centre)
    assert (code == Exit.GAP_TOO_WIDE) == (found["schedule"]["gap"] > 0)
    assert plan(centre, "--max-gap", "1") != Exit.GAP_TOO_WIDE  # the option counts more


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ('preset = "eu-wtf"', "eu-wtd"),
        ('preset = "eu-wtd"\noverride = [{ code = "NO-SUCH", hours = 9 }]', "NO-SUCH"),
    ],
)
def test_a_wrong_rule_is_exit_2_before_any_stage(centre, capsys, rules, said):
    """
    Even before the history is read, here an empty file.
    """
    change(centre, 'preset = "eu-wtd"', rules)
    (centre / "history.csv").write_text("")

    assert plan(centre) == Exit.USAGE
    assert said in capsys.readouterr().err


def test_a_past_roster_that_is_given_is_heeded(centre):
    """
    Ann came home at one on Monday, so eleven hours of rest keep her off 9 and 10 o'clock.
    """
    night = "ann,2026-03-01,2026-03-01T19:00,2026-03-02T01:00,work,calls"
    past = centre / "last-week.csv"
    past.write_text(f"agent,date,start,end,activity,queue\n{night}\n")

    plan(centre, "--past", str(past))

    folder = centre / "plans" / "2026-03-02"
    shifts = (folder / "shifts.csv").read_text().splitlines()
    assert not any(line.startswith("ann,2026-03-02") for line in shifts)
    assert past.name in manifest(centre)["inputs"]  # as it is named from inside the workspace


def test_a_strict_plan_with_a_shortfall_is_exit_4(centre):
    """
    The plan is kept, as the best there is; two people fewer cannot keep the promise.
    """
    (centre / "agents.csv").write_text("agent,contract,skills\nann,full,calls\n")

    assert plan(centre, "--strict") == Exit.NO_ROSTER
    assert manifest(centre)["exit"] == Exit.NO_ROSTER
    assert (centre / "plans" / "2026-03-02" / "roster.csv").is_file()


def test_a_dry_run_writes_nothing(centre):
    """
    Every stage runs, no file appears.
    """
    before = {path.name for path in centre.iterdir()}

    assert plan(centre, "--dry-run") == Exit.DONE
    assert {path.name for path in centre.iterdir()} - {".wfm.lock"} == before
