"""
``wfm show``, ``wfm export`` and ``wfm report`` as a shell sees them.
"""

from __future__ import annotations

import pytest
import sample

from wfm.commands import run
from wfm.io.demand import backtest_csv, forecast_csv
from wfm.io.files import write_files
from wfm.io.promises import coverage_csv, requirement_csv
from wfm.io.results import costs_csv, json_text, plan_record, simulation_csv, verdict_record
from wfm.io.rosters import roster_csv, violations_csv

TOML = """
timezone = "Asia/Jerusalem"
interval = 30
week_starts = "sunday"

[queue.banking]
open = { sun-sat = "08:00-20:00" }
promise = [{ kind = "answer_rate", share = 0.9, over = "week" }]

[queue.stocks]
open = { sun-sat = "08:00-20:00" }
promise = [{ kind = "answer_rate", share = 0.9, over = "week" }]

[rules]
preset = "eu-wtd"

[contract.full]
hours_per_week = 37.5
days_per_week = 5
shapes = ["day"]
pay = "base"

[shape.day]
start = "08:00-10:00"
length_h = [7.5]
breaks = ["pause", "lunch"]

[break.lunch]
minutes = 45
paid = false

[break.pause]
minutes = 15
paid = true

[pay.base]
per_hour = 15.0
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    """A workspace with one plan in it, written as `wfm plan` writes it."""
    folder = tmp_path_factory.mktemp("centre")
    made = sample.results(4)
    grid, verdict = made.plan.roster.grid, made.verdict
    agents = "".join(f"{tour.agent},full,banking;stocks\n" for tour in made.plan.roster)
    plan = folder / "plans" / "1999-02-28"
    write_files(
        {
            folder / "wfm.toml": TOML,
            folder / "agents.csv": f"agent,contract,skills\n{agents}",
            plan / "forecast.csv": forecast_csv(made.forecast),
            plan / "requirement.csv": requirement_csv(made.requirement),
            plan / "coverage.csv": coverage_csv(made.requirement, made.plan.cover),
            plan / "roster.csv": roster_csv(made.plan.roster),
            plan / "costs.csv": costs_csv(made.costs, grid),
            plan / "violations.csv": violations_csv(verdict.violations),
            plan / "simulation.csv": simulation_csv(verdict.simulation, made.forecast.open),
            plan / "backtest.csv": backtest_csv(made.backtest.rows),
            plan / "verdict.json": json_text(verdict_record(verdict)),
            plan / "manifest.json": json_text({"as_of": "1999-02-27"}),
            plan / "plan.json": json_text(
                plan_record(made.plan, inputs=made.inputs, targets={}, version="0")
            ),
        },
        folders=[plan],
    )
    return folder


@pytest.fixture
def plan(centre):
    return centre / "plans" / "1999-02-28"


@pytest.mark.parametrize(
    ("what", "words"),
    [("forecast", "80 % range"), ("requirement", "on roster"), ("roster", "b banking, s stocks")],
)
def test_show_in_a_workspace(centre, capsys, what, words):
    """
    Without a file the latest plan's is shown.
    """
    assert run(["show", what, "-w", str(centre), "--width", "80"]) == 0

    said = capsys.readouterr().out

    assert words in said
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize("what", ["forecast", "requirement", "roster"])
def test_show_a_bare_file(plan, tmp_path, capsys, what):
    """
    A file that stands alone, under any name, is shown too.
    """
    (tmp_path / "mine.csv").write_bytes((plan / f"{what}.csv").read_bytes())

    assert run(["show", what, str(tmp_path / "mine.csv")]) == 0
    assert "Sun 28 Feb" in capsys.readouterr().out.replace("Sunday 28 February", "Sun 28 Feb")


def test_show_without_results(tmp_path, capsys):
    """
    A workspace without a plan says what to do, and exits 6.
    """
    (tmp_path / "wfm.toml").write_text(TOML)

    assert run(["show", "forecast", "-w", str(tmp_path)]) == 6
    assert "wfm plan" in capsys.readouterr().err


def test_report(centre, plan, tmp_path, capsys):
    """
    The report of a plan's folder says what its files say; twice the same bytes.
    """
    first, second = tmp_path / "a.html", tmp_path / "b.html"

    assert run(["report", str(plan), "-o", str(first)]) == 0
    assert run(["report", "-w", str(centre), "-o", str(second)]) == 0

    text = first.read_text(encoding="utf-8")
    assert "made as of 1999-02-27" in text
    assert "robust mean" in text
    assert "(90.8–92.2) simulated: kept" in text.replace("\u00a0", " ")
    assert first.read_bytes() == second.read_bytes()


def test_report_with_agents(plan, tmp_path):
    """
    ``--agents`` writes a page for everyone.
    """
    pages = tmp_path / "pages"

    assert run(["report", str(plan), "-o", str(tmp_path / "a.html"), "--agents", str(pages)]) == 0
    assert len(list(pages.glob("*.html"))) == 4


def test_report_without_a_workspace(plan, tmp_path, capsys):
    """
    A folder away from its workspace is refused, and the option is named.
    """
    (tmp_path / "plan.json").write_bytes((plan / "plan.json").read_bytes())

    assert run(["report", str(tmp_path)]) == 2
    assert "-w DIR" in capsys.readouterr().err


def test_export_a_folder(plan, tmp_path):
    """
    Every CSV of a plan is written for a French Excel.
    """
    out = tmp_path / "excel"

    assert run(["export", str(plan), "--to", "csv-fr", "-o", str(out)]) == 0

    names = sorted(path.name for path in plan.glob("*.csv"))
    assert sorted(path.name for path in out.iterdir()) == names
    head = (out / "roster.csv").read_bytes()[:40]
    assert head.startswith("\ufeffagent;date;start;end".encode())


def test_export_to_standard_output(plan, capsys):
    """
    A file goes to standard output, as wfm writes it.
    """
    assert run(["export", str(plan / "roster.csv"), "--to", "csv"]) == 0
    assert capsys.readouterr().out == (plan / "roster.csv").read_text()


def test_export_a_folder_needs_a_place(plan, capsys):
    """
    Many files do not fit on standard output.
    """
    assert run(["export", str(plan), "--to", "csv-fr"]) == 2
    assert "-o DIR" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["xlsx", "ics", "payroll", "parquet"])
def test_no_form_that_does_not_exist(plan, capsys, form):
    """
    What cannot be exported yet is refused, and no help names it.
    """
    assert run(["export", str(plan), "--to", form, "-o", "x"]) == 2
    assert run(["export", "--help"]) == 0
    assert form not in capsys.readouterr().out


def test_report_without_costs(plan, tmp_path, capsys):
    """
    Where no costs.csv stands beside the plan, the roster is priced again.
    """
    for path in plan.iterdir():
        if path.name not in ("costs.csv", "simulation.csv"):
            (tmp_path / path.name).write_bytes(path.read_bytes())

    centre = str(plan.parents[1])
    assert run(["report", str(tmp_path), "-w", centre, "-o", str(tmp_path / "a.html")]) == 0

    text = (tmp_path / "a.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    # four people with five shifts each, of 7.5 paid hours at 15.00
    assert "2,250.00" in text
    assert "The plan was not simulated" not in text
