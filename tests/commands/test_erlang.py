"""
The calculator at the command line: its contract with scripts.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pytest

from wfm.commands import run

EXAMPLE = "erlang --contacts 200 --interval 30 --aht 180 --service-level 0.80 --within 20"
HEAVY = ("pandas", "scipy", "statsmodels", "ortools", "numba", "matplotlib")


def ask(capsys: pytest.CaptureFixture[str], line: str) -> dict:
    assert run([*line.split(), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_object_that_scripts_rely_on(capsys):
    """The keys of the contract, first and in order; 20 erlangs at 80/20 need 24 agents."""
    found = ask(capsys, f"{EXAMPLE} --shrinkage 0.3")

    assert list(found)[:9] == [
        *("model", "load_erlangs", "agents", "to_schedule", "service_level", "answer_rate"),
        *("occupancy", "asa_s", "p_wait"),
    ]
    assert (found["model"], found["load_erlangs"], found["agents"]) == ("c", 20, 24)
    assert found["to_schedule"] == 35  # 24 / 0.7 = 34.3
    assert found["service_level"] == pytest.approx(0.8089, abs=1e-4)


def test_given_agents_are_judged(capsys):
    """With agents given, the same line says what they reach."""
    found = ask(capsys, f"{EXAMPLE} --agents 20 --patience 120")

    assert (found["model"], found["agents"]) == ("a", 20)
    assert found["answer_rate"] == pytest.approx(0.902, abs=5e-4)


def test_infinite_wait_is_null(capsys):
    """JSON has no infinity: an overloaded queue's wait is null, not a negative number."""
    found = ask(capsys, "erlang --contacts 200 --aht 180 --agents 18")

    assert found["asa_s"] is None
    assert (found["service_level"], found["p_wait"], found["occupancy"]) == (0, 1, 1)


def test_range_gives_a_row_each(capsys):
    """18:22:2 agents are three rows."""
    found = ask(capsys, "erlang --contacts 200 --aht 180 --agents 18:22:2")

    assert [row["agents"] for row in found] == [18, 20, 22]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--service-level 80", "write 80 % as 0.8"),
        ("--service-level 80%", "write a share such as 80 % as 0.80"),
        ("--answer-rate 0.9", "patience"),
        ("--answer-rate 0.9 --agents 22", "measure it with `wfm calibrate`"),
        ("--service-level 0.8 --model d", "use b, c, a"),
        ("--agents 5:3", "no range"),
        ("--agents=-1", "expected 0 or more"),
    ],
)
def test_wrong_usage_says_what_to_write(capsys, line, words):
    """Exit 2 and a sentence that mends it."""
    assert run(["erlang", "--contacts", "200", "--aht", "180", *line.split()]) == 2
    assert words in capsys.readouterr().err


def test_shrinkage_that_was_found_is_shown(capsys):
    """32 people where 24 are needed: a quarter of their time may go elsewhere."""
    line = "erlang --contacts 200 --aht 180 --scheduled 32 --service-level 0.8 --find shrinkage"
    assert run(line.split()) == 0
    assert "25.0\u00a0%" in capsys.readouterr().out


@pytest.mark.parametrize(("agents", "said"), [("22", True), ("24", False), ("22:26", True)])
def test_a_promise_that_is_not_kept_is_told(capsys, agents, said):
    """22 agents answer 54 % in time, 24 do 81 %."""
    line = f"erlang --contacts 200 --aht 180 --service-level 0.8 --agents {agents}"
    assert run(line.split()) == 0
    assert ("what was asked is not reached" in capsys.readouterr().out) is said


def test_file_of_cases(tmp_path, capsys):
    """Targets come back as target_..., plain names hold what is achieved; overload says so."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "start,contacts,aht,service_level,agents\n"
        "2024-01-01T08:00,200,180,0.8,\n"
        "2024-01-01T08:30,200,180,0.8,8\n"
        "2024-01-01T09:00,0,180,0.8,\n"
    )
    assert run(["erlang", "--cases", str(source), "-o", str(target), "--within", "20"]) == 0
    with target.open() as file:
        rows = list(csv.DictReader(file))

    assert [row["agents"] for row in rows] == ["24", "8", "0"]
    assert [row["target_service_level"] for row in rows] == ["0.8"] * 3
    assert rows[1]["asa_s"] == "inf"
    assert rows[0]["start"] == "2024-01-01T08:00"
    assert capsys.readouterr().out == ""


def test_all_bad_cases_are_listed_and_nothing_is_written(tmp_path, capsys):
    """Two rows that cannot be answered: both named, exit 3, no file."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("contacts,aht,answer_rate\n200,180,0.9\n100,180,0.5\n")

    assert run(["erlang", "--cases", str(source), "-o", str(target)]) == 3
    told = capsys.readouterr().err
    assert "in.csv, row 2" in told
    assert "in.csv, row 3" in told
    assert not target.exists()


def test_calculator_loads_nothing_heavy():
    """Whoever asks for one number does not wait for libraries it does not need."""
    code = (
        "import sys; from wfm.commands import run; run(sys.argv[1:]); "
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *EXAMPLE.split(), "--patience", "120"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr.strip().endswith("[]")
