"""
``wfm cost`` on a small centre, as a shell sees it.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from wfm.commands import run

TOML = """
timezone = "Europe/Paris"
interval = 60

[queue.orders]
open = { mon-fri = "08:00-20:00" }
patience_s = 300
promise = [{ kind = "answer_rate", share = 0.9, over = "week" }]

[contract.full]
hours_per_week = 35
days_per_week = 5
shapes = ["day"]
pay = "base"

[shape.day]
start = "08:00-12:00"
length_h = [7]

[pay.base]
per_hour = 20.0
night = { window = "21:00-06:00", share = 0.25 }
sunday = 1.0

[rules]
preset = "eu-wtd"
"""
ROSTER = """\
agent,date,start,end,activity,queue
ann,2026-11-23,2026-11-23T15:00,2026-11-23T18:00,work,orders
ann,2026-11-23,2026-11-23T18:00,2026-11-23T18:30,lunch,
ann,2026-11-23,2026-11-23T18:30,2026-11-23T22:00,work,orders
bea,2026-11-28,2026-11-28T20:00,2026-11-29T02:00,work,orders
"""


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    lunch = '[break.lunch]\nminutes = 30\n\n[shape.day]\nbreaks = ["lunch"]'
    (tmp_path / "wfm.toml").write_text(TOML.replace("[shape.day]", lunch), encoding="utf-8")
    (tmp_path / "agents.csv").write_text(
        "agent,contract,skills\nann,full,orders\nbea,full,orders\n", encoding="utf-8"
    )
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return tmp_path


def test_items_by_hand(centre: Path, capsys):
    """
    Ann: 6.5 hours, one of them at night. Bea: 6 hours from Saturday 20:00, two on Sunday,
    five at night.
    """
    assert run(["cost", str(centre / "roster.csv"), "-w", str(centre), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "items": {"base": 250.0, "night": 30.0, "sunday": 40.0},
        "total": 320.0,
    }


def test_lines_add_up(centre: Path):
    """The file's amounts are the total; its columns are the promised ones."""
    assert run(["cost", str(centre / "roster.csv"), "-w", str(centre), "--quiet"]) == 0
    with (centre / "costs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "item", "rule", "agent", "date", "queue", "activity", "start", "hours", "rate", "amount",
    ]  # fmt: skip
    assert sum(float(row["amount"]) for row in rows) == pytest.approx(320.0)


def test_without_contracts_nothing_is_guessed(centre: Path, tmp_path_factory, capsys):
    """A roster outside a workspace has no pay."""
    alone = tmp_path_factory.mktemp("alone") / "roster.csv"
    alone.write_text(ROSTER, encoding="utf-8")
    assert run(["cost", str(alone)]) == 2
    assert "no contracts are known" in capsys.readouterr().err
