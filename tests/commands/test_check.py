"""
``wfm check`` and ``wfm rules``, as a shell sees them.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from wfm.commands import run

GRID = """\
Planning équipe;;;;;;;
Semaine du 23/11/2026;;;;;;;
Nom;lun;mar;mer;jeu;ven;sam;dim
Alice Martin;8h-16h;8h-16h;8h-16h;RTT;8h-16h;OFF;OFF
Bruno Petit;12h-21h;7h-15h;OFF;12h-19h;12h-19h;OFF;OFF
Chloé Durand;8h-19h30;OFF;8h-15h;8h-15h;8h-15h;OFF;OFF
David Roux;8h-14h;8h-14h;8h-14h;8h-14h;8h-14h;8h-14h;8h-14h
Emma Leroy;7h-11h / 18h-22h;OFF;CP;CP;CP;OFF;OFF
Farid Benali;9h-18h;9h-18h;9h-18h;9h-18h;9h-18h;9h-13h;OFF
"""
# the six planted breaches: 10 h between duties, 11 h 30 of work, seven days (and so no weekly
# rest), a day of 15 hours from first to last, 49 hours in the week
PLANTED = {
    ("Bruno Petit", "2026-11-24", "FR-L3131-1", 60),
    ("Chloé Durand", "2026-11-23", "FR-L3121-18", 90),
    ("David Roux", "2026-11-29", "FR-L3132-1", 1),
    ("David Roux", "2026-11-29", "FR-L3132-2", 1),
    ("Emma Leroy", "2026-11-23", "FR-L3131-1-amplitude", 120),
    ("Farid Benali", "2026-11-29", "FR-L3121-20", 60),
}


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text(GRID, encoding="cp1252")
    return path


def found(capsys, *arguments: object) -> tuple[int, dict]:
    code = run(["check", *map(str, arguments), "--format", "json", "--as-of", "2026-11-20"])
    return code, json.loads(capsys.readouterr().out)


def centre(place: Path, rules: str, hours: int = 35) -> Path:
    """A workspace of the six people of the grid."""
    place.mkdir()
    (place / "wfm.toml").write_text(
        'timezone = "Europe/Paris"\ninterval = 15\n\n[queue.orders]\n'
        'promise = [{ kind = "answer_rate", share = 0.9, over = "week" }]\n\n'
        f"[contract.full]\nhours_per_week = {hours}\ndays_per_week = 5\n"
        'shapes = ["day"]\npay = "base"\n\n'
        '[shape.day]\nstart = "08:00-12:00"\nlength_h = [7]\n\n[pay.base]\nper_hour = 20.0\n\n'
        + rules,
        encoding="utf-8",
    )
    names = [line.partition(";")[0] for line in GRID.splitlines()[3:]]
    rows = [f"{name},full,orders" for name in names]
    text = "\n".join(["agent,contract,skills", *rows]) + "\n"
    (place / "agents.csv").write_text(text, encoding="utf-8")
    return place


def hard(record: dict) -> set[tuple]:
    return {
        (one["agent"], one["date"], one["code"], one["amount"])
        for one in record["findings"]
        if one["severity"] == "hard"
    }


def test_six_breaches_of_a_grid_typed_by_hand(grid, capsys):
    """Each is found with its person, day, rule and amount, and nothing hard beside them."""
    code, record = found(capsys, grid, "--rules", "fr-code")

    assert code == 7
    assert hard(record) == PLANTED


GOLDEN = Path(__file__).parent / "golden"


def test_a_transcript_of_a_plan_typed_by_hand(capsys):
    """The whole answer to a French grid with six planted breaches, word for word."""
    arguments = [str(GOLDEN / "plan.csv"), "--rules", "fr-2098", "--as-of", "2026-11-16"]
    assert run(["check", *arguments]) == 7
    said = capsys.readouterr().out
    told = [line.rstrip() for line in said.splitlines()]

    assert told == (GOLDEN / "check-fr-2098.txt").read_text(encoding="utf-8").splitlines()
    assert "6 breaches of hard rules" in told[-1]


def test_an_english_grid(tmp_path, capsys):
    """Hours of the half day, dates with names, leave: nine and a half hours between duties."""
    path = tmp_path / "plan.csv"
    path.write_text(
        "Team,Mon 23 Nov 2026,Tue 24 Nov 2026,Wed 25 Nov 2026\n"
        "Ann,9am-5pm,PTO,9am-5pm\nBob,1pm-10pm,7:30am-3:30pm,OFF\n",
        encoding="utf-8",
    )
    _, record = found(capsys, path, "--rules", "eu-wtd")
    assert hard(record) == {("Bob", "2026-11-24", "EU-WTD-3", 90)}


def test_an_american_grid(tmp_path, capsys):
    """Months before days: the second of November is a Monday, and an hour of rest is missing."""
    path = tmp_path / "plan.csv"
    path.write_text("Team,11/02/2026,11/03/2026\nBob,1pm-10pm,8am-4pm\n", encoding="utf-8")
    _, record = found(capsys, path, "--rules", "eu-wtd")
    assert hard(record) == {("Bob", "2026-11-03", "EU-WTD-3", 60)}


def test_rules_for_some_are_not_checked_where_nobody_is_known(grid, capsys):
    """Who is part-time or minor is not told by a grid: their rules are named, not forgotten."""
    _, record = found(capsys, grid, "--rules", "fr-2098")
    doubts = {one["code"]: one["give"] for one in record["not_checked"]}
    assert "traits" in doubts["FR-L3162-1-day"]
    assert "traits" in doubts["FR-2098-23-3-gaps"]


def test_reduced_notice_is_said_with_what_is_owed(grid, tmp_path, capsys):
    """An agreement that names its counterpart: three working days are enough, and are told."""
    place = centre(
        tmp_path / "centre",
        '[rules]\npreset = "fr-code"\noverride = [{ code = "FR-L3123-31", reduced = 3, '
        'counterpart = "one hour of pay", agreement = "accord du 3 mars 2026" }]\n',
        hours=24,
    )
    moved = tmp_path / "moved.csv"
    moved.write_text(GRID.replace("12h-19h;12h-19h", "12h-19h;13h-20h"), encoding="utf-8")
    _, record = found(capsys, moved, "-w", place, "--since", grid, "--select", "FR-L3123-31")
    # told on Friday the 20th for Friday the 27th: five working days
    assert [(one["agent"], one["severity"], one["amount"]) for one in record["findings"]] == [
        ("Bruno Petit", "info", 2)
    ]
    assert "or 3 with this in return: one hour of pay" in record["findings"][0]["sentence"]


def test_rules_of_the_house_are_checked(grid, tmp_path, capsys):
    """A steady start, and a supervisor on Saturday morning, from [rules] add."""
    place = centre(
        tmp_path / "centre",
        '[rules]\npreset = "fr-code"\nadd = [\n'
        '  { code = "HOUSE-START", rule = "StableStart", minutes = 240 },\n'
        '  { code = "HOUSE-LEAD", rule = "TeamPresence", skill = "supervisor",'
        ' weekdays = ["saturday"], window = "08:00-12:00", severity = "info" },\n]\n',
    )
    _, record = found(capsys, grid, "-w", place, "--select", "HOUSE")
    told = [(one["agent"], one["date"], one["code"], one["amount"]) for one in record["findings"]]
    assert told == [
        ("Bruno Petit", "2026-11-24", "HOUSE-START", 60),
        ("Bruno Petit", "2026-11-26", "HOUSE-START", 60),
        ("team", "2026-11-28", "HOUSE-LEAD", 240),
    ]


def test_findings_have_the_promised_keys(grid, capsys):
    """Scripts rely on them."""
    _, record = found(capsys, grid, "--rules", "fr-code")

    keys = ["code", "severity", "agent", "date", "amount", "unit", "sentence", "source", "status"]
    assert list(record["findings"][0]) == keys


def test_json_is_short_for_its_format(grid, capsys):
    """``--json``, as every other command spells it."""
    code, record = found(capsys, grid, "--rules", "fr-code")

    assert (
        run(["check", str(grid), "--rules", "fr-code", "--json", "--as-of", "2026-11-20"]) == code
    )
    assert json.loads(capsys.readouterr().out) == record


def test_a_grid_without_breaks_is_judged_by_what_it_shows(grid, capsys):
    """The break rule is not checked, and what to give is said."""
    _, record = found(capsys, grid, "--rules", "fr-code")

    doubts = {one["code"]: one["give"] for one in record["not_checked"]}
    assert "breaks" in doubts["FR-L3121-16"]
    assert "past weeks" in doubts["FR-L3121-22"]
    assert "--since" in doubts["FR-D3121-27"]


def test_the_same_plan_in_a_spreadsheet(grid, tmp_path, capsys):
    """Excel with real dates above the columns says the same."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for number, line in enumerate(GRID.splitlines()[2:]):
        cells = line.split(";")
        if number == 0:
            cells = ["Nom", *(datetime(2026, 11, 23 + day) for day in range(7))]
        sheet.append(cells)
    path = tmp_path / "plan.xlsx"
    book.save(path)

    assert hard(found(capsys, path, "--rules", "fr-code")[1]) == PLANTED


def test_the_same_plan_as_shifts(tmp_path, capsys):
    """A table of shifts says the same."""
    rows = ["agent,shift_start,shift_end"]
    rows += ["Bruno Petit,2026-11-23T12:00,2026-11-23T21:00"]
    rows += ["Bruno Petit,2026-11-24T07:00,2026-11-24T15:00"]
    path = tmp_path / "shifts.csv"
    path.write_text("\n".join(rows), encoding="utf-8")

    code, record = found(capsys, path, "--rules", "fr-code")
    assert code == 7
    assert hard(record) == {("Bruno Petit", "2026-11-24", "FR-L3131-1", 60)}


def test_a_calendar_file(tmp_path, capsys):
    """Events are shifts of the calendar's owner."""
    path = tmp_path / "bruno.ics"
    events = [("20261123T120000", "20261123T210000"), ("20261124T070000", "20261124T150000")]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "X-WR-CALNAME:Bruno Petit"]
    for number, (start, end) in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", f"DTSTAMP:{start}Z"]
        lines += [f"DTSTART:{start}", f"DTEND:{end}", "END:VEVENT"]
    path.write_text("\r\n".join([*lines, "END:VCALENDAR", ""]), encoding="utf-8")

    _, record = found(capsys, path, "--rules", "eu-wtd")
    assert hard(record) == {("Bruno Petit", "2026-11-24", "EU-WTD-3", 60)}


def test_our_own_roster_shows_its_breaks(tmp_path, capsys):
    """With rows for breaks, the break rule is checked."""
    path = tmp_path / "roster.csv"
    path.write_text(
        "agent,date,start,end,activity\n"
        "ann,2026-11-23,2026-11-23T08:00,2026-11-23T12:00,work\n"
        "ann,2026-11-23,2026-11-23T12:00,2026-11-23T12:19,lunch\n"
        "ann,2026-11-23,2026-11-23T12:19,2026-11-23T16:00,work\n",
        encoding="utf-8",
    )
    _, record = found(capsys, path, "--rules", "fr-code")
    assert hard(record) == {("ann", "2026-11-23", "FR-L3121-16", 1)}


def test_past_weeks_are_carried_in(grid, tmp_path, capsys):
    """A late shift on the Sunday before takes the rest from Monday's start."""
    before = tmp_path / "past.csv"
    before.write_text(
        "agent,shift_start,shift_end\nAlice Martin,2026-11-22T15:00,2026-11-22T22:00\n",
        encoding="utf-8",
    )
    _, record = found(capsys, grid, "--rules", "fr-code", "--past", before)
    assert hard(record) == PLANTED | {("Alice Martin", "2026-11-23", "FR-L3131-1", 60)}


def test_notice_of_changes(grid, tmp_path, capsys):
    """A shift moved three days before it is told too late: seven working days are asked."""
    moved = tmp_path / "moved.csv"
    text = GRID.replace("Alice Martin;8h-16h", "Alice Martin;9h-17h")
    moved.write_text(text, encoding="utf-8")

    _, record = found(capsys, moved, "--rules", "fr-code", "--since", grid)
    late = [one for one in record["findings"] if one["code"] == "FR-D3121-27"]
    # told on Friday the 20th for Monday the 23rd: one working day
    assert [(one["agent"], one["date"], one["amount"]) for one in late] == [
        ("Alice Martin", "2026-11-23", 6)
    ]


def test_select_and_ignore(grid, capsys):
    """Codes by their beginning."""
    _, record = found(capsys, grid, "--rules", "fr-code", "--select", "FR-L3131")
    assert {one["code"] for one in record["findings"]} == {"FR-L3131-1", "FR-L3131-1-amplitude"}
    _, record = found(capsys, grid, "--rules", "fr-code", "--ignore", "FR-L31")
    assert record["findings"] == []


def test_every_bad_cell_is_listed_at_once(tmp_path, capsys):
    """Unreadable cells and overlapping shifts: row, column, text, accepted forms; exit 3."""
    path = tmp_path / "bad.csv"
    path.write_text(
        "Nom;23/11/2026;24/11/2026\nAlice;matin;8h-16h\nBob;8h-9h30h;x\nEve;8h-16h / 15h-18h;OFF\n",
        encoding="utf-8",
    )
    assert run(["check", str(path), "--rules", "fr-code"]) == 3
    said = capsys.readouterr().err
    assert "row 2, column B (2026-11-23): 'matin'" in said
    assert "row 3, column B" in said
    assert "row 4, column B (2026-11-23): Eve is already at work" in said
    assert "8h-16h" in said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--rules", "fr-cod"], 2, "did you mean 'fr-code'"),
        ([], 2, "no rules are named"),
        (["--rules", "fr-code", "--format", "xml"], 2, "--format is 'xml'"),
        (["--rules", "fr-code", "--format", "csv", "--json"], 2, "are two forms"),
        (["--rules", "fr-code", "--select", "DE"], 2, "no rule begins with 'DE'"),
        (["--rules", "fr-code", "--as-of", "2040-01-01"], 6, "good until"),
    ],
)
def test_wrong_usage(grid, capsys, monkeypatch, tmp_path, arguments, code, words):
    """Each with its exit code and what to do."""
    monkeypatch.chdir(tmp_path)
    assert run(["check", str(grid), *arguments]) == code
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("form", ["text", "sarif", "csv", "html"])
def test_every_form_tells_the_same_findings(grid, capsys, form):
    """A finding's code stands in every form."""
    assert run(["check", str(grid), "--rules", "fr-code", "--format", form]) == 7
    said = capsys.readouterr().out
    assert said.count("FR-L3131-1-amplitude") >= 1
    if form == "sarif":
        results = json.loads(said)["runs"][0]["results"]
        assert {one["level"] for one in results} == {"error", "note"}
    if form == "csv":
        assert said.startswith("code,severity,agent,date,amount,unit,sentence,source,status\n")


def test_order_of_rows_changes_nothing(grid, tmp_path, capsys):
    """People in another order, the same findings."""
    lines = GRID.splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([*lines[:3], *reversed(lines[3:])]), encoding="utf-8")
    first = found(capsys, grid, "--rules", "fr-code")[1]["findings"]

    assert found(capsys, turned, "--rules", "fr-code")[1]["findings"] == first


def test_rules_list_show_explain(capsys, tmp_path, monkeypatch):
    """The book in words, as a table, as JSON and as one page."""
    monkeypatch.chdir(tmp_path)
    assert run(["rules", "list"]) == 0
    assert "fr-2098" in capsys.readouterr().out
    assert run(["rules", "show", "fr-2098"]) == 0
    assert "longest" not in capsys.readouterr().out
    assert run(["rules", "show", "fr-code", "--json"]) == 0
    codes = [one["code"] for one in json.loads(capsys.readouterr().out)]
    assert "FR-L3121-18" in codes
    assert run(["rules", "show", "fr-code", "-o", "book.html"]) == 0
    assert "FR-L3121-18" in (tmp_path / "book.html").read_text(encoding="utf-8")
    assert run(["rules", "explain", "fr-l3121-18"]) == 0
    assert "hours up to 12" in capsys.readouterr().out
    assert run(["rules", "explain", "FR-L3121-1"]) == 2


def test_a_plan_in_two_files_breaks_the_same(grid, tmp_path, capsys):
    """Half the people in one file, half in another: the same findings together."""
    lines = GRID.splitlines()
    whole = found(capsys, grid, "--rules", "fr-code")[1]["findings"]
    halves = []
    for number, people in enumerate((lines[3:6], lines[6:])):
        path = tmp_path / f"half{number}.csv"
        path.write_text("\n".join([*lines[:3], *people]), encoding="utf-8")
        halves += found(capsys, path, "--rules", "fr-code")[1]["findings"]

    def key(one):
        return one["agent"], one["date"], one["code"]

    assert sorted(halves, key=key) == sorted(whole, key=key)


def test_people_outside_the_team_are_listed(grid, tmp_path, capsys):
    """In a workspace everybody in the plan is in agents.csv, or exit 3 names all who are not."""
    place = tmp_path / "centre"
    place.mkdir()
    (place / "wfm.toml").write_text(
        'timezone = "Europe/Paris"\ninterval = 15\n\n[queue.orders]\n'
        'promise = [{ kind = "answer_rate", share = 0.9, over = "week" }]\n\n'
        '[contract.full]\nhours_per_week = 35\ndays_per_week = 5\nshapes = ["day"]\n'
        'pay = "base"\n\n'
        '[shape.day]\nstart = "08:00-12:00"\nlength_h = [7]\n\n[pay.base]\nper_hour = 20.0\n\n'
        '[rules]\npreset = "fr-code"\n',
        encoding="utf-8",
    )
    names = ("Alice Martin", "Bruno Petit", "Chloé Durand", "David Roux")
    rows = [f"{name},full,orders" for name in names]
    (place / "agents.csv").write_text(
        "\n".join(["agent,contract,skills", *rows]) + "\n", encoding="utf-8"
    )
    assert run(["check", str(grid), "-w", str(place)]) == 3
    said = capsys.readouterr().err
    assert "'Emma Leroy' is not in agents.csv" in said
    assert "'Farid Benali' is not in agents.csv" in said

    four = tmp_path / "four.csv"
    four.write_text("\n".join(GRID.splitlines()[:-2]), encoding="utf-8")
    code, record = found(capsys, four, "-w", place)
    assert code == 7
    # contracts are known here: David's 42 hours are seven too many
    assert ("David Roux", "2026-11-29", "CONTRACT-HOURS", 420) in hard(record)
    assert "FR-L3123-28" not in {one["code"] for one in record["not_checked"]}


def test_a_workspace_knows_its_own_past(tmp_path, capsys):
    """The late shift in past.csv takes the rest from Monday's start, without --past."""
    (tmp_path / "wfm.toml").write_text(
        'timezone = "Europe/Paris"\ninterval = 15\n\n[queue.orders]\n'
        'promise = [{ kind = "answer_rate", share = 0.9, over = "week" }]\n\n'
        "[contract.full]\nhours_per_week = 35\ntolerance_h = 30\ndays_per_week = 5\n"
        'shapes = ["day"]\npay = "base"\n\n'
        '[shape.day]\nstart = "08:00-12:00"\nlength_h = [7]\n\n[pay.base]\nper_hour = 20.0\n\n'
        '[rules]\npreset = "eu-wtd"\n',
        encoding="utf-8",
    )
    (tmp_path / "agents.csv").write_text("agent,contract,skills\nann,full,orders\n")
    head = "agent,date,start,end,activity,queue\n"
    (tmp_path / "past.csv").write_text(
        head + "ann,2026-11-22,2026-11-22T16:00,2026-11-22T22:00,work,orders\n"
    )
    plan = tmp_path / "plan.csv"
    plan.write_text(head + "ann,2026-11-23,2026-11-23T08:00,2026-11-23T14:00,work,orders\n")

    _, record = found(capsys, plan, "-w", tmp_path)
    assert hard(record) == {("ann", "2026-11-23", "EU-WTD-3", 60)}


def test_sarif_is_what_readers_of_it_ask(grid, tmp_path, capsys):
    """Version 2.1.0: rules by index, levels, messages, places by URI; doubts as notifications."""
    plan = grid.rename(tmp_path / "plan équipe.csv")
    run(["check", str(plan), "--rules", "fr-code", "--format", "sarif", "--as-of", "2026-11-20"])
    log = json.loads(capsys.readouterr().out)

    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (sole,) = log["runs"]
    rules = sole["tool"]["driver"]["rules"]
    assert len({one["id"] for one in rules}) == len(rules)
    for one in sole["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["level"] in ("error", "warning", "note")
        assert one["message"]["text"]
        (place,) = one["locations"]
        assert place["physicalLocation"]["artifactLocation"] == {"uri": "plan%20%C3%A9quipe.csv"}
        assert place["physicalLocation"]["region"]["startLine"] > 1
    (call,) = sole["invocations"]
    assert call["executionSuccessful"] is True
    notes = [one["message"]["text"] for one in call["toolConfigurationNotifications"]]
    assert any(note.startswith("FR-L3121-16 is not checked: give the breaks") for note in notes)


def marked(capsys, plan: Path, *arguments: str) -> dict[tuple[str, str], tuple]:
    """Line, and cell where there is one, of each finding's person and day."""
    run(["check", str(plan), *arguments, "--format", "sarif", "--as-of", "2026-11-20"])
    (sole,) = json.loads(capsys.readouterr().out)["runs"]
    found = {}
    for one in sole["results"]:
        (place,) = one["locations"]
        (name,) = place["logicalLocations"]
        agent, day = name["name"].rsplit(" ", 1)
        line = place["physicalLocation"].get("region", {}).get("startLine")
        found[agent, day] = line, name.get("fullyQualifiedName")
    return found


def test_sarif_names_the_cell_of_a_grid(grid, capsys):
    """Bruno's Tuesday is C5; David's Sunday H7; Farid's week ends on a day off, H9."""
    found = marked(capsys, grid, "--rules", "fr-code")

    assert found["Bruno Petit", "2026-11-24"] == (5, "C5")
    assert found["David Roux", "2026-11-29"] == (7, "H7")
    assert found["Farid Benali", "2026-11-29"] == (9, "H9")


def test_sarif_names_the_row_of_a_shift(tmp_path, capsys):
    """A blank line and a row of somebody else before it: the fourth line."""
    plan = tmp_path / "shifts.csv"
    plan.write_text(
        "agent,shift_start,shift_end\nbob,2026-11-23T08:00,2026-11-23T12:00\n\n"
        "ann,2026-11-23T07:00,2026-11-23T19:00\n",
        encoding="utf-8",
    )
    assert marked(capsys, plan, "--rules", "fr-code")["ann", "2026-11-23"] == (4, None)


def test_sarif_names_the_first_row_of_a_roster_day(tmp_path, capsys):
    """Two blocks of one day: the first of them."""
    plan = tmp_path / "roster.csv"
    plan.write_text(
        "agent,date,start,end,activity,queue\n"
        "bob,2026-11-23,2026-11-23T08:00,2026-11-23T12:00,work,a\n"
        "ann,2026-11-23,2026-11-23T07:00,2026-11-23T12:00,work,a\n"
        "ann,2026-11-23,2026-11-23T13:00,2026-11-23T20:00,work,a\n",
        encoding="utf-8",
    )
    assert marked(capsys, plan, "--rules", "fr-code")["ann", "2026-11-23"] == (3, None)


def test_sarif_of_a_calendar_has_no_lines(tmp_path, capsys):
    """An event has none that anybody would look for: the file alone."""
    plan = tmp_path / "ann.ics"
    plan.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\n"
        "DTSTART:20261123T070000\nDTEND:20261123T200000\nEND:VEVENT\nEND:VCALENDAR\n",
        encoding="utf-8",
    )
    assert marked(capsys, plan, "--rules", "fr-code")["ann", "2026-11-23"] == (None, None)


def test_kinds_of_rule_are_listed(capsys):
    """What [rules] add can put in force, with its numbers as the file writes them."""
    assert run(["rules", "list", "--kinds", "--json"]) == 0
    kinds = {one["rule"]: one for one in json.loads(capsys.readouterr().out)}
    assert kinds["NoNight"]["numbers"] == 'window = "21:00-30:00"'
    assert kinds["KindLimit"]["numbers"] == "kinds = [], times = 4, weeks = 4"
    assert kinds["BreakAfter"]["numbers"].endswith("reached = false, times = 1")
    assert "Skills" not in kinds
    assert run(["rules", "list", "--kinds"]) == 0
    assert "StableStart" in capsys.readouterr().out


def test_french_headers_and_an_export_with_semicolons(tmp_path, capsys):
    """A table of shifts as a French Excel saves it: a night that ends an hour before the next."""
    path = tmp_path / "shifts.csv"
    path.write_text(
        "Salarié;Début;Fin\nZoé;24/11/2026 22:00;25/11/2026 06:00\n"
        "Zoé;25/11/2026 07:00;25/11/2026 10:00\n",
        encoding="utf-8-sig",
    )
    code, record = found(capsys, path, "--rules", "fr-code", "--select", "FR-L3131-1")
    assert code == 7
    assert hard(record) == {("Zoé", "2026-11-25", "FR-L3131-1", 600)}


@pytest.mark.parametrize(
    "rows",
    [
        ["Zoé;24/11/2026;22:00;06:00", "Zoé;25/11/2026;07:00;10:00"],
        ["Zoé;24/11/2026;22h;6h", "Zoé;25/11/2026;7h00;10h00", "Zoé;26/11/2026;RTT;"],
        ["Zoé;2026-11-24T00:00:00;22:00:00;06:00:00", "Zoé;25/11/2026;07:00:00;10:00:00"],
    ],
)
def test_dates_and_times_in_columns_of_their_own(tmp_path, capsys, rows):
    """An end before the start is the next day's; seconds, ``h`` and days off are read."""
    path = tmp_path / "times.csv"
    path.write_text("\n".join(["Nom;Date;Heure de début;Heure de fin", *rows]) + "\n")
    code, record = found(capsys, path, "--rules", "fr-code", "--select", "FR-L3131-1")
    assert code == 7
    assert hard(record) == {("Zoé", "2026-11-25", "FR-L3131-1", 600)}


def test_times_that_cannot_be_read_are_all_told(tmp_path, capsys):
    """Row, column, what stands there, and what to write."""
    path = tmp_path / "times.csv"
    path.write_text("agent,date,start,end\nann,2026-11-24,8h,\nbob,2026-11-24,25:00,26:00\n")
    assert run(["check", str(path), "--rules", "fr-code"]) == 3
    told = capsys.readouterr().err
    assert "times.csv, row 2, column start: '8h' cannot be read" in told
    assert "times.csv, row 3, column start: '25:00 - 26:00' cannot be read" in told


def test_a_grid_that_names_nobody_is_no_clean_plan(tmp_path, capsys):
    """Rather than no breach of no person."""
    path = tmp_path / "grid.csv"
    path.write_text("agent;23/11/2026;24/11/2026\n;3;2\n")
    assert run(["check", str(path), "--rules", "fr-code"]) == 3
    assert "no row below the dates names a person" in capsys.readouterr().err


def test_times_of_nobody_are_told(tmp_path, capsys):
    """A name merged over two rows is in the first only; a row of sums is no time at work."""
    path = tmp_path / "grid.csv"
    path.write_text("agent;23/11/2026;24/11/2026\nann;8h-12h;OFF\n;14h-18h;\n;8;4\n")
    assert run(["check", str(path), "--rules", "fr-code"]) == 3
    told = capsys.readouterr().err
    assert "grid.csv, row 3: holds times at work, but names nobody" in told
    assert "row 4" not in told


def test_a_grid_with_starts_and_ends_in_columns(tmp_path, capsys):
    """Two columns a day under one date: the night to Tuesday leaves an hour."""
    path = tmp_path / "grid.csv"
    path.write_text(
        "Nom;23/11/2026;;24/11/2026;;Total\n;Début;Fin;Début;Fin;\nann;22:00;06:00;07:00;10:00;11\n"
    )
    code, record = found(capsys, path, "--rules", "fr-code", "--select", "FR-L3131-1")
    assert code == 7
    assert hard(record) == {("ann", "2026-11-24", "FR-L3131-1", 600)}
