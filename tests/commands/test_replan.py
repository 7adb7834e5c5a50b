"""
wfm schedule --keep and wfm replan: rosters that people change, and what becomes of the rest.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from wfm.commands import run
from wfm.errors import Exit

sys.path.insert(0, str(Path(__file__).parent))
from test_schedule import FLEX, LEADS, centre

SETTINGS = """
[contract.flex]
hours_per_week = 8
shapes = ["early", "short", "long"]
[shape.short]
start = "08:00-10:00"
length_h = [2]
[shape.long]
start = "08:00-08:00"
length_h = [6]
"""
TEAM = "agent,contract,skills\nada,part,orders\nbob,flex,orders\ncleo,flex,orders"
QUICK = ["--effort", "0.05"]


@pytest.fixture
def place(tmp_path):
    """Three people, two mornings, two heads needed in each hour; a draft is made."""
    centre(tmp_path, settings=SETTINGS, heads=2, agents=TEAM)
    assert run(["schedule", "-w", str(tmp_path), *QUICK]) == Exit.DONE
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path: Path, lines: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return path


def of(path: Path, agent: str) -> list[tuple[str, str]]:
    return [(row["start"], row["end"]) for row in rows(path) if row["agent"] == agent]


def edited(place: Path, agent: str, start: str, end: str) -> Path:
    """The draft with somebody's Monday at other times."""
    lines = rows(place / "roster.csv")
    for row in lines:
        if row["agent"] == agent and row["date"] == "2026-01-05":
            row |= {"start": f"2026-01-05T{start}", "end": f"2026-01-05T{end}"}
    return write(place / "edited.csv", lines)


def keep(place: Path, file: Path, *more: str) -> int:
    out = place / "new"
    out.mkdir(exist_ok=True)
    asked = ["schedule", "-w", str(place), "--keep", str(file), "-o", str(out / "roster.csv")]
    return run([*asked, *QUICK, *more])


def test_what_was_changed_by_hand_stays(place, capsys):
    """Bob's two hours are moved by hand; they stay, and the cost of that is said."""
    bob = of(place / "roster.csv", "bob")[0]
    other = ("08:00", "14:00") if bob[1][11:] != "14:00" else ("08:00", "12:00")
    file = edited(place, "bob", *other)

    code = keep(place, file)
    said = capsys.readouterr().out
    assert code in (Exit.DONE, Exit.TARGET_MISSED, Exit.RULE_BROKEN)
    assert of(place / "new" / "roster.csv", "bob")[0] == tuple(
        f"2026-01-05T{clock}" for clock in other
    )
    assert "kept from edited.csv" in said
    assert "What it costs" in said


def test_a_breach_kept_on_purpose_is_exit_7_and_listed(place, capsys):
    """Ada's contract asks for two mornings of four hours; an hour less is her lead's wish."""
    file = edited(place, "ada", "08:00", "11:00")

    assert keep(place, file) == Exit.RULE_BROKEN
    assert "ada, 2026-01-11: CONTRACT-HOURS is broken by 60 minutes and kept" in (
        capsys.readouterr().err
    )
    assert of(place / "new" / "roster.csv", "ada")[0] == ("2026-01-05T08:00", "2026-01-05T11:00")


def test_a_team_left_without_its_supervisor_on_purpose_is_exit_7(tmp_path, capsys):
    """Ada's Monday is moved to the afternoon by hand: it stays, and the rule is named."""
    text = FLEX.replace("WHEN", "08:00-12:00")
    place = centre(tmp_path, centre_text=text, agents=LEADS)
    assert run(["schedule", "-w", str(place), *QUICK]) == Exit.DONE

    assert keep(place, edited(place, "ada", "12:00", "16:00")) == Exit.RULE_BROKEN
    assert "team, 2026-01-05: HOUSE-LEAD is broken by 240 minutes and kept" in (
        capsys.readouterr().err
    )


LONG = """
[break.lunch]
minutes = 60
after = 60
before = 60
step = 60
[contract.lunch]
hours_per_week = 6
shapes = ["split"]
[shape.split]
start = "08:00-09:00"
step = 60
length_h = [3]
breaks = ["lunch"]
"""


def test_times_alone_are_kept_with_breaks_of_the_contract(tmp_path, capsys):
    """
    Bob's Tuesday off and his Monday's times are typed into shifts.csv; the break is placed.

    From 08:00 to 12:00 his contract has an hour of lunch; Cleo's own, at the base's times,
    stays to the minute.
    """
    team = "agent,contract,skills\nbob,lunch,orders\ncleo,lunch,orders"
    centre(tmp_path, settings=LONG, agents=team)
    assert run(["schedule", "-w", str(tmp_path), *QUICK]) in (Exit.DONE, Exit.TARGET_MISSED)
    lines = [one for one in rows(tmp_path / "shifts.csv") if one["agent"] != "bob"]
    monday = {"agent": "bob", "shift_start": "05/01/2026 08:00", "shift_end": "05/01/2026 11:30"}
    empty = dict.fromkeys(lines[0], "")
    file = write(tmp_path / "typed.csv", [*lines, empty | monday])
    file.write_text(file.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")

    assert keep(tmp_path, file) == Exit.RULE_BROKEN  # hours of a contract that was undercut
    after = tmp_path / "new" / "roster.csv"
    assert of(after, "cleo") == of(tmp_path / "roster.csv", "cleo")
    assert of(after, "bob") == [("2026-01-05T08:00", "2026-01-05T11:30")]
    said = capsys.readouterr()
    assert "no shift of contract lunch lasts from 08:00 to 11:30" in said.err
    assert "kept from typed.csv" in said.out


def test_a_grid_of_people_by_days_is_kept(tmp_path):
    """One cell is changed: the other days stand as they were, lunches with them."""
    team = "agent,contract,skills\nbob,lunch,orders\ncleo,lunch,orders"
    centre(tmp_path, settings=LONG, agents=team)
    assert run(["schedule", "-w", str(tmp_path), *QUICK]) in (Exit.DONE, Exit.TARGET_MISSED)
    file = tmp_path / "grid.csv"
    file.write_text(
        "agent;05/01/2026;06/01/2026\nbob;08:00-12:00;9h-13h\ncleo;08:00-12:00;08:00-12:00\n",
        encoding="utf-8",
    )

    keep(tmp_path, file)
    after, before = tmp_path / "new" / "roster.csv", tmp_path / "roster.csv"
    assert of(after, "cleo") == of(before, "cleo")
    tuesday = [span for span in of(after, "bob") if span[0].startswith("2026-01-06")]
    assert tuesday[0][0] == "2026-01-06T09:00"
    assert tuesday[-1][1] == "2026-01-06T13:00"
    assert len(tuesday) == 3  # work, lunch, work


def test_a_typed_time_that_cannot_be_says_where(place, capsys):
    """A shift outside the horizon and one on odd minutes, both at once."""
    lines = rows(place / "shifts.csv")
    lines[0] |= {"shift_end": lines[0]["shift_end"][:-2] + "58"}
    lines[1] |= dict.fromkeys(lines[1], "") | {
        "agent": "ada",
        "shift_start": "2026-02-05T08:00",
        "shift_end": "2026-02-05T12:00",
    }

    assert keep(place, write(place / "typed.csv", lines)) == Exit.DATA_REJECTED
    said = capsys.readouterr().err
    assert "expected a multiple of 5 minutes" in said
    assert "2026-02-05, expected a day from" in said


def test_an_edit_that_cannot_be_read_says_where(place, capsys):
    """Row, column, what stands there, what is expected; nothing is written."""
    file = edited(place, "ada", "08:00", "noon")

    assert keep(place, file) == Exit.DATA_REJECTED
    assert "edited.csv, row 2, column end: '2026-01-05Tnoon', expected" in capsys.readouterr().err
    assert not (place / "new" / "roster.csv").exists()


def test_minutes_that_cannot_be_planned_with_are_told(place, capsys):
    """11:58 is on no five minutes."""
    assert keep(place, edited(place, "ada", "08:00", "11:58")) == Exit.DATA_REJECTED
    assert "column end: 11:58, expected a multiple of 5 minutes" in capsys.readouterr().err


def test_the_base_itself_is_no_edit(place, capsys):
    """roster.csv changed in place leaves nothing to compare it with."""
    assert keep(place, place / "roster.csv") == Exit.USAGE
    assert "is the base itself" in capsys.readouterr().err


def test_base_without_keep_is_refused(place, capsys):
    """A flag that would do nothing is an error."""
    assert run(["schedule", "-w", str(place), "--base", "roster.csv"]) == Exit.USAGE
    assert "say nothing without --keep" in capsys.readouterr().err


def replan(place: Path, *absent: str, more: tuple[str, ...] = ()) -> int:
    out = place / "new"
    out.mkdir(exist_ok=True)
    told = [part for one in absent for part in ("--absent", one)]
    return run(["replan", "-w", str(place), *told, "-o", str(out / "roster.csv"), *QUICK, *more])


def test_somebody_ill_is_out_of_the_roster_and_credited(place, capsys):
    """Ada's Tuesday is gone, four hours of it credited: no rule is broken."""
    code = replan(place, "ada,2026-01-06,2026-01-06")
    said = capsys.readouterr()

    assert code in (Exit.DONE, Exit.TARGET_MISSED)
    assert [start[:10] for start, _ in of(place / "new" / "roster.csv", "ada")] == ["2026-01-05"]
    assert "absent" in said.out
    assert "ada,2026-01-06,2026-01-06,sick,4" in said.err


def test_days_before_the_absence_stay(place):
    """Nobody's Monday changes when somebody falls ill on Tuesday."""
    replan(place, "ada,2026-01-06,2026-01-06", more=("--change-price", "0"))
    monday = [row for row in rows(place / "roster.csv") if row["date"] == "2026-01-05"]

    assert [r for r in rows(place / "new" / "roster.csv") if r["date"] == "2026-01-05"] == monday


def test_no_change_at_all_when_none_is_allowed(place):
    """With --max-changes 0 everybody else keeps their week."""
    assert replan(place, "ada,2026-01-06,2026-01-06", more=("--max-changes", "0")) in (0, 1)
    for agent in ("bob", "cleo"):
        assert of(place / "new" / "roster.csv", agent) == of(place / "roster.csv", agent)
    record = json.loads((place / "new" / "plan.json").read_text(encoding="utf-8"))
    assert record["changed_person_days"] == 0


def test_the_checker_takes_the_row_for_absences(place):
    """With the row that replan tells in absences.csv, the new roster breaks no rule."""
    replan(place, "ada,2026-01-06,2026-01-06")
    row = "agent,start,end,kind,hours\nada,2026-01-06,2026-01-06,sick,4\n"
    (place / "absences.csv").write_text(row, encoding="utf-8")

    assert run(["check", str(place / "new" / "roster.csv"), "-w", str(place)]) == Exit.DONE


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("ada", "expected AGENT,FROM,TO"),
        ("eve,2026-01-06,2026-01-06", "'eve' is not on the team"),
        ("ada,2026-01-07,2026-01-06", "it ends before it begins"),
        ("ada,2027-01-06,2027-01-06", "is away outside the roster"),
        ("ada,soon,later", "expected days or moments"),
    ],
)
def test_an_absence_that_cannot_be_is_told(place, capsys, told, said):
    """Exit 2, and what was expected."""
    assert replan(place, told) == Exit.USAGE
    assert said in capsys.readouterr().err


def test_absences_are_added_to_the_file_where_that_is_asked(place):
    """
    With --note the row is in absences.csv, behind what a French Excel left there; the checker
    knows of it, and without --note nothing is touched.
    """
    known = place / "absences.csv"
    before = "agent;start;end;kind;note\ncleo;12/01/2026;13/01/2026;leave;été\n"
    known.write_bytes(before.encode("cp1252"))
    replan(place, "ada,2026-01-05,2026-01-05")
    assert known.read_bytes() == before.encode("cp1252")

    replan(place, "ada,2026-01-05,2026-01-05", more=("--note",))
    assert rows(known) == [
        {
            "agent": "cleo",
            "start": "12/01/2026",
            "end": "13/01/2026",
            "kind": "leave",
            "note": "été",
            "hours": "",
        },
        {
            "agent": "ada",
            "start": "2026-01-05",
            "end": "2026-01-05",
            "kind": "sick",
            "note": "",
            "hours": "4",
        },
    ]
    assert run(["check", str(place / "new" / "roster.csv"), "-w", str(place)]) == Exit.DONE
