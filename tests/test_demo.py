"""
The README, executed: the demo ends with exit 0, twice with the same bytes, silent in cron.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WFM = Path(sys.executable).parent / "wfm"
MEASURED = {"backtest.csv"}  # holds processor times
# What cron gives a job: hardly anything. Which kernels linear algebra takes is part of the
# platform; where the environment chooses them, both runs take the same.
KERNELS = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
CRON = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "OMP_NUM_THREADS": "1", **KERNELS}


def blocks() -> list[list[str]]:
    """The commands of README's ``sh`` blocks."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return [text.strip().splitlines() for text in re.findall(r"```sh\n(.*?)```", readme, re.S)]


def run(line: str, place: Path, **options) -> subprocess.CompletedProcess[str]:
    words = shlex.split(line)
    assert words[0] == "wfm"
    return subprocess.run(
        [str(WFM), *words[1:]], check=False, capture_output=True, text=True, cwd=place, **options
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """
    A folder in which README's first block has run, and what it said.
    """
    place = tmp_path_factory.mktemp("readme")
    return place, [run(line, place) for line in blocks()[0]]


def plan_of(place: Path) -> dict[str, bytes]:
    folder = place / "demo" / "plans" / "1999-02-28"
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_demo_ends_with_exit_0(demo):
    """
    A plan is made and every check passed.
    """
    _, done = demo

    assert [one.returncode for one in done] == [0, 0], done[-1].stderr


def test_the_demo_writes_every_file(demo):
    """
    Every file of these stages, and no rest of writing them.
    """
    place, _ = demo

    assert set(plan_of(place)) == {
        *("forecast.csv", "backtest.csv", "requirement.csv", "curves.csv", "roster.csv"),
        *("shifts.csv", "coverage.csv", "violations.csv", "costs.csv", "simulation.csv"),
        *("plan.json", "verdict.json", "manifest.json", "report.html"),
    }
    assert not list((place / "demo" / "plans").glob(".*"))


def test_the_demo_speaks_of_purim_and_of_odd_hours(demo):
    """
    A feast that no week has seen, and contacts outside opening hours, are said.
    """
    _, done = demo

    assert "Purim" in done[-1].stderr
    assert "outside opening hours" in done[-1].stderr


def test_pay_is_the_same_on_every_road(demo):
    """
    The objective's pay, the verdict's and the sum of costs.csv agree to the cent.
    """
    place, _ = demo
    files = plan_of(place)
    lines = files["costs.csv"].decode().splitlines()
    total = sum(round(float(line.rsplit(",", 1)[1]) * 100) for line in lines[1:])

    pay = {json.loads(files[name])["cost"]["pay"] for name in ("plan.json", "verdict.json")}

    assert pay == {total / 100}


def test_a_roster_costs_what_its_plan_said(demo):
    """
    ``wfm cost`` pays the roster file; the lines are those of the plan.
    """
    place, _ = demo

    done = run("wfm cost demo/plans/1999-02-28 -o -", place)

    assert done.returncode == 0, done.stderr
    assert done.stdout == plan_of(place)["costs.csv"].decode()


def test_the_manifest_lists_inputs_files_and_reasons(demo):
    """
    Every input and file by checksum; the exit code with its reasons.
    """
    place, _ = demo
    manifest = json.loads(plan_of(place)["manifest.json"])

    assert manifest["exit"] == 0
    assert manifest["reasons"] == []
    assert {"wfm.toml", "history.csv", "past.csv"} <= set(manifest["inputs"])
    assert set(manifest["files"]) == set(plan_of(place)) - {"manifest.json"}


def test_a_late_shift_crosses_midnight(demo):
    """
    Somebody closes at 00:30, on the date on which the shift began.
    """
    place, _ = demo
    rows = [line.split(",") for line in plan_of(place)["roster.csv"].decode().splitlines()[1:]]

    assert any(end.endswith("T00:30") and not end.startswith(date) for _, date, _, end, *_ in rows)


def test_a_second_run_from_cron_writes_the_same_bytes_and_nothing_else(demo):
    """
    Same inputs, same seed, an empty environment: same files, and not a word.
    """
    place, _ = demo
    before = plan_of(place)

    done = run("wfm plan -w demo --as-of 1999-02-27 --quiet", place, env=CRON)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    after = plan_of(place)
    assert set(after) == set(before)
    assert [name for name in sorted(after) if after[name] != before[name]] in ([], [*MEASURED])


def test_every_other_command_of_the_readme_runs(demo):
    """
    In the order in which they stand; a promise that is missed is no failure of a command.
    """
    place, _ = demo

    for line in (line for block in blocks()[1:] for line in block):
        done = run(line, place)
        assert done.returncode in (0, 1), f"{line}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_faulty_settings_write_nothing(demo):
    """
    A target of 90: exit 2, the plan of before still stands, nothing beside it.
    """
    place, _ = demo
    broken = place / "broken"
    run("wfm init broken --example technion", place)
    settings = broken / "wfm.toml"
    settings.write_text(settings.read_text().replace("share = 0.90", "share = 90", 1))
    before = sorted(path.name for path in broken.iterdir())

    done = run("wfm plan -w broken --as-of 1999-02-27", place)

    assert done.returncode == 2
    assert done.stderr.startswith("error: wfm.toml, [queue.banking], key 'promise")
    assert "write 90 % as 0.9" in done.stderr
    assert sorted(path.name for path in broken.iterdir() if path.suffix != ".lock") == before


def test_faulty_rows_are_all_listed_and_write_nothing(demo):
    """
    Two bad cells in two files of people: exit 3 at the first file, with row and column.
    """
    place, _ = demo
    run("wfm init rows --example technion", place)
    agents = place / "rows" / "agents.csv"
    text = agents.read_text().replace("banking,yes", "bankin,yes", 1).replace("part", "prt", 1)
    agents.write_text(text)

    done = run("wfm plan -w rows --as-of 1999-02-27", place)

    assert done.returncode == 3
    assert "agents.csv, row 2, column skills: 'bankin' is not a known skill" in done.stderr
    assert "column contract: 'prt' is no contract" in done.stderr
    assert not (place / "rows" / "plans").exists()
