"""
wfm schedule: what is refused first.
"""

from __future__ import annotations

from wfm.commands import run
from wfm.errors import Exit
from wfm.io.templates import empty_workspace


def test_a_wrong_preset_is_exit_2_before_files_are_missed(tmp_path, capsys):
    """
    There is no requirement.csv either, but that can wait.
    """
    for name, content in empty_workspace().items():
        (tmp_path / name).write_bytes(content)
    path = tmp_path / "wfm.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"eu-wtd"', '"eu-wtf"'), "utf-8")

    assert run(["schedule", "-w", str(tmp_path)]) == Exit.USAGE
    assert "did you mean 'eu-wtd'?" in capsys.readouterr().err


CENTRE = """
timezone = "Europe/Paris"
interval = 60
[queue.orders]
open = { mon-tue = "08:00-12:00" }
[contract.part]
hours_per_week = 8
shapes = ["early"]
[shape.early]
start = "08:00-08:00"
length_h = [4]
[pay.base]
per_hour = 10.00
[rules]
preset = "eu-wtd"
"""


OWED = "name,agents_or_skill,minutes,sessions,from,until"


def centre(folder, *, settings="", heads=1, **tables):
    """Two people who work both mornings of a week; ``heads`` are needed each hour."""
    (folder / "wfm.toml").write_text(CENTRE + settings, encoding="utf-8")
    rows = [
        f"2026-01-{day:02d}T{hour:02d}:00,orders,10,180,0.5,{heads},{heads},0.9,0.9,0.5,10,{offset}"
        for day in (5, 6)
        for hour in range(8, 12)
        for offset in ["+01:00"]
    ]
    head = (
        "start,queue,contacts,aht_s,load_erlangs,agents,to_schedule,service_level,"
        "answer_rate,occupancy,asa_s,utc_offset"
    )
    texts = {
        "requirement": "\n".join([head, *rows]),
        "agents": "agent,contract,skills\nada,part,orders\nbob,part,orders",
        **tables,
    }
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return folder


def blocks(folder, activity):
    """Agent, start and end of every block of an activity in roster.csv."""
    lines = (folder / "roster.csv").read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split(",") for line in lines]
    return [(row[0], row[2], row[3]) for row in cells if row[4] == activity]


def test_training_is_in_the_roster(tmp_path):
    """An hour for each of two, and one head is needed: never at the same time."""
    owed = (
        "name,agents_or_skill,minutes,sessions,from,until\ntraining,all,60,1,2026-01-05,2026-01-05"
    )
    place = centre(tmp_path, activities=owed)

    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.DONE
    (ada, first, _), (bob, second, _) = blocks(place, "training")
    assert (ada, bob) == ("ada", "bob")
    assert first != second
    assert first[:10] == second[:10] == "2026-01-05"


def test_training_without_room_is_exit_1_and_named(tmp_path, capsys):
    """Five hours fit into no morning of four."""
    owed = f"{OWED}\ntraining,ada,300,1,,"
    place = centre(tmp_path, activities=owed)

    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.TARGET_MISSED
    assert "ada: 1 of 1 sessions of training (300 minutes) not placed" in capsys.readouterr().err


FIXED = "agent,start,end,activity\nada,2026-01-05T09:00,2026-01-05T10:00,training"


def test_what_is_fixed_is_in_the_roster(tmp_path):
    """Ada's training on Monday at nine, in the shift that she has then; Bob has none."""
    place = centre(tmp_path, fixed=FIXED)

    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.DONE
    assert blocks(place, "training") == [("ada", "2026-01-05T09:00", "2026-01-05T10:00")]


def test_what_is_fixed_may_stand_in_another_file(tmp_path):
    """--fixed takes the place of fixed.csv, and its checksum is in plan.json."""
    place = centre(tmp_path, fixed="agent,start,end,activity")
    other = tmp_path / "pins.csv"
    other.write_text(FIXED + "\n", encoding="utf-8")

    asked = ["schedule", "-w", str(place), "--effort", "0.05", "--fixed", str(other)]
    assert run(asked) == Exit.DONE
    assert blocks(place, "training")
    assert "pins.csv" in (place / "plan.json").read_text(encoding="utf-8")


def test_who_cannot_do_what_is_fixed_is_named(tmp_path, capsys):
    """A training at night, when no shift of Ada's can hold it: exit 4, nothing written."""
    late = "agent,start,end,activity\nada,2026-01-05T22:00,2026-01-05T23:00,training"
    place = centre(tmp_path, fixed=late)

    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.NO_ROSTER
    said = capsys.readouterr().err
    assert "agent ada" in said
    assert "FIXED: What is fixed stays" in said
    assert not (place / "roster.csv").exists()
