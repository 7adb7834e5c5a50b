"""
A workspace: found, locked, read whole; its faults have the right exit codes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from wfm.errors import DataError, Exit, LockedError, SettingsError, StaleError
from wfm.io.templates import empty_workspace, example_workspace
from wfm.workspace import Workspace


@pytest.fixture
def technion(tmp_path):
    for name, content in example_workspace("technion").items():
        (tmp_path / name).write_bytes(content)
    return Workspace(tmp_path)


def change(place, name, old, new):
    path = place.path(name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_nearest_parent_is_found(technion, monkeypatch):
    """
    A command below a workspace works in it.
    """
    below = technion.path("plans/deep")
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    assert Workspace.find().folder == technion.folder


def test_no_workspace_says_how_to_make_one(tmp_path, monkeypatch):
    """
    Exit 2, and `wfm init`.
    """
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SettingsError, match="wfm init") as caught:
        Workspace.find()

    assert caught.value.exit is Exit.USAGE


def test_the_week_is_the_first_after_the_notice(technion):
    """
    A day after Saturday 27 February 1999 begins the week of Sunday the 28th.
    """
    assert technion.horizon(date(1999, 2, 27)).first == date(1999, 2, 28)
    assert technion.horizon(date(1999, 2, 28)).first == date(1999, 3, 7)
    assert technion.horizon(date(1999, 2, 27), weeks=3).days == 21


def test_a_week_begins_on_its_day(technion):
    """
    --from on a Monday, where weeks start on Sunday, names the next Sunday.
    """
    with pytest.raises(SettingsError, match="1999-03-07"):
        technion.horizon(date(1999, 2, 27), first=date(1999, 3, 1))


def test_the_example_is_read_whole(technion):
    """
    24 people, half of them with two skills; who came from a late shift carries it in.
    """
    grid = technion.horizon(date(1999, 2, 27))

    people = technion.people(grid)
    past = technion.past(grid)

    assert len(people) == 24
    assert sum(len(person.agent.skills) == 2 for person in people) == 12
    assert {person.agent.contract.hours_per_week for person in people} == {39, 35, 24}
    assert past["eden"][0].day == -1
    assert past["eden"][0].end == 30
    assert sum(bool(person.absences) for person in people) == 2
    assert technion.calendars(grid)["eden"].known_from == -1


def test_a_skill_that_nobody_has(technion):
    """
    A queue that needs French, in a team without: the two do not fit, exit 3.
    """
    change(technion, "wfm.toml", "[queue.banking]", '[queue.banking]\nskills = ["french"]')
    change(technion, "agents.csv", "banking", "prospects")

    with pytest.raises(DataError, match=r"\[queue\.banking\].*'french'") as caught:
        _ = technion.agents

    assert caught.value.exit is Exit.DATA_REJECTED


def test_a_misspelt_skill_of_a_queue_blames_no_agent(technion):
    """
    All agents have what the queue meant, so one fault is told, and in wfm.toml: exit 3.
    """
    change(technion, "wfm.toml", "[queue.stocks]", '[queue.stocks]\nskills = ["klingon"]')

    with pytest.raises(DataError) as caught:
        _ = technion.agents

    (told,) = caught.value.problems
    assert (told.place, told.message) == (
        "wfm.toml, [queue.stocks], key 'skills'",
        "no agent in agents.csv has 'klingon'",
    )


def test_a_skill_that_no_queue_needs(technion):
    """
    Rejected data, exit 3: the column, and the skills that are known.
    """
    path = technion.path("agents.csv")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if "banking" in line)
    lines[at] = lines[at].replace("banking", "klingon", 1)
    path.write_text("".join(lines), encoding="utf-8")

    with pytest.raises(DataError, match="column skills") as caught:
        _ = technion.agents

    (told,) = caught.value.problems
    assert told.hint == "known skills are banking, internet, prospects, stocks"


def test_past_rosters_that_are_given_replace_the_own(technion):
    """
    Two files give the same duties as past.csv when together they hold it.
    """
    grid = technion.horizon(date(1999, 2, 27), first=date(1999, 2, 28))
    own = technion.past(grid)
    head, *rows = technion.path("past.csv").read_text(encoding="utf-8").splitlines()
    names = sorted(own)
    parts = []
    for number, kept in enumerate((names[:1], names[1:])):
        parts.append(technion.path(f"part{number}.csv"))
        own_rows = [row for row in rows if row.split(",")[0] in kept]
        parts[-1].write_text("\n".join([head, *own_rows]) + "\n", encoding="utf-8")

    assert technion.past(grid, parts) == own
    assert technion.past(grid, parts[:1]) == {names[0]: own[names[0]]}


def test_a_queue_that_settings_do_not_know(technion):
    """
    A misspelt queue in the history is rejected data, exit 3.
    """
    change(technion, "history.csv", ",stocks,", ",stoks,")

    with pytest.raises(DataError, match=r"'stoks' has no \[queue\.stoks\].*\n.*'stocks'") as caught:
        technion.history()

    assert caught.value.exit is Exit.DATA_REJECTED


def test_a_missing_input_is_stale(technion):
    """
    Without history there is no plan: exit 6.
    """
    technion.path("history.csv").unlink()

    with pytest.raises(StaleError, match=r"history\.csv is missing") as caught:
        technion.history()

    assert caught.value.exit is Exit.STALE


def test_optional_files_may_be_absent(technion):
    """
    No wishes, absences, availability, events or past: nothing is known of them.
    """
    for name in ("wishes", "absences", "availability", "events", "past"):
        technion.path(f"{name}.csv").unlink()
    grid = technion.horizon(date(1999, 2, 27))

    assert all(person.available is None for person in technion.people(grid))
    assert technion.events() == ()
    assert technion.past(grid) == {}


def test_one_run_at_a_time(technion):
    """
    A second process meets the lock, exit 8, and hears who holds it.
    """
    code = (
        "import sys; from pathlib import Path; from wfm.workspace import Workspace\n"
        "from wfm.errors import LockedError\n"
        "try:\n"
        "    with Workspace(Path(sys.argv[1])).lock(): pass\n"
        "except LockedError as error:\n"
        "    print(error); sys.exit(int(error.exit))\n"
    )
    with technion.lock():
        done = subprocess.run(
            [sys.executable, "-c", code, str(technion.folder)],
            check=False,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[1],
        )

    assert done.returncode == Exit.LOCKED == LockedError.exit
    assert "process " in done.stdout
    with technion.lock():
        assert technion.path(".wfm.holder").exists()
    assert not technion.path(".wfm.holder").exists()


def test_inputs_are_named_by_their_content(technion):
    """
    Same bytes, same sum; one more byte, another.
    """
    before = technion.inputs()
    change(technion, "wishes.csv", "adi", "bar")
    after = technion.inputs()

    assert {name for name in before if before[name] != after[name]} == {"wishes.csv"}


def test_an_empty_workspace_explains_itself(tmp_path):
    """
    The settings of `wfm init` are valid as they stand, and its tables have their headers.
    """
    for name, content in empty_workspace().items():
        (tmp_path / name).write_bytes(content)

    place = Workspace(tmp_path)

    assert list(place.settings.queues) == ["orders"]
    assert place.path("agents.csv").read_text().startswith("agent,contract,")
    shutil.rmtree(tmp_path)
