"""
wfm schedule: what is refused first.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time

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


def centre(
    folder, *, centre_text=CENTRE, settings="", heads=1, days=(5, 6), hours=range(8, 12), **tables
):
    """Two people who work both mornings of a week; ``heads`` are needed each hour."""
    (folder / "wfm.toml").write_text(centre_text + settings, encoding="utf-8")
    opened = range(8, 16 if "16:00" in centre_text else 12)
    rows = [
        f"2026-01-{day:02d}T{hour:02d}:00,orders,10,180,0.5,{need},{need},0.9,0.9,0.5,10,+01:00"
        for day in days
        for hour in opened
        for need in [heads if hour in hours else 0]
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


def test_early_and_late_weeks_by_turns(tmp_path):
    """Ada begins with the early week and Bob with the late one: heads of both are covered."""
    late = CENTRE.replace(
        'shapes = ["early"]', 'shapes = ["early", "late"]\nrotation = [["early"], ["late"]]'
    )
    late += '[shape.late]\nstart = "12:00-12:00"\nlength_h = [4]\n'
    place = centre(
        tmp_path,
        centre_text=late.replace("08:00-12:00", "08:00-16:00"),
        hours=range(8, 16),
        agents="agent,contract,skills,rotation_from\nada,part,orders,2026-01-05\nbob,part,orders,2025-12-29",
    )

    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.DONE
    found = {(agent, start[-5:]) for agent, start, _ in blocks(place, "work")}
    assert found == {("ada", "08:00"), ("bob", "12:00")}


def test_a_split_shift_covers_two_peaks(tmp_path):
    """Eight to ten and fourteen to sixteen, and nothing in between is in the roster."""
    split = CENTRE.replace("length_h = [4]", 'length_h = [4]\nbreaks = ["coupure"]')
    split += "[break.coupure]\nminutes = 240\nafter = 120\nbefore = 120\nsplit = true\n"
    place = centre(
        tmp_path,
        centre_text=split.replace("08:00-12:00", "08:00-16:00"),
        hours=(8, 9, 14, 15),
        heads=2,
    )

    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.DONE
    spans = {(start[-5:], end[-5:]) for _, start, end in blocks(place, "work")}
    assert spans == {("08:00", "10:00"), ("14:00", "16:00")}
    assert not blocks(place, "coupure")


def test_a_pool_covers_what_the_team_cannot(tmp_path, capsys):
    """A third head is bought for eight hours at 25 an hour, and not one hour more."""
    pool = """
[contract.flexible]
hours_per_week = 20
tolerance_h = 20
shapes = ["early"]
[pool.agency]
people = 2
contract = "flexible"
cost_per_hour = 25.00
"""
    place = centre(tmp_path, settings=pool, heads=3)

    assert run(["schedule", "-w", str(place), "--effort", "0.05", "--json"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["cost"]["pay"] == 16 * 10 + 8 * 25
    assert sum(agent.startswith("agency-") for agent, *_ in blocks(place, "work")) == 2


def test_a_whole_shift_is_bought_for_one_missing_hour(tmp_path, capsys):
    """A third head is owed from nine to ten alone: two shifts of four hours are bought for it."""
    pool = """
[contract.flexible]
hours_per_week = 20
tolerance_h = 20
shapes = ["early"]
[pool.agency]
people = 1
contract = "flexible"
cost_per_hour = 25.00
"""
    place = centre(tmp_path, settings=pool, heads=2)
    text = (place / "requirement.csv").read_text(encoding="utf-8")
    (place / "requirement.csv").write_text(
        text.replace("T09:00,orders,10,180,0.5,2,2", "T09:00,orders,10,180,0.5,3,3"), "utf-8"
    )

    assert run(["schedule", "-w", str(place), "--effort", "0.05", "--json"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["cost"]["pay"] == 16 * 10 + 8 * 25


def test_a_pool_of_an_unknown_contract_or_skill_is_exit_2(tmp_path, capsys):
    """Both are named with what is near."""
    pool = '[pool.agency]\npeople = 1\ncontract = "parts"\n'
    place = centre(tmp_path, settings=pool)

    assert run(["schedule", "-w", str(place)]) == Exit.USAGE
    assert "[pool.agency]" in capsys.readouterr().err


def test_weekends_are_shared_out(tmp_path):
    """Four shifts each for a week of one head a day: with a price both get one of the weekend."""
    fair = CENTRE.replace("mon-tue", "mon-sun").replace("hours_per_week = 8", "hours_per_week = 16")
    place = centre(
        tmp_path, centre_text=fair, settings="[fairness]\nweekend = 50.0\n", days=range(5, 12)
    )

    run(["schedule", "-w", str(place), "--effort", "0.05"])
    weekend = [agent for agent, start, _ in blocks(place, "work") if start[:10] > "2026-01-09"]
    assert sorted(weekend) == ["ada", "bob"]


def test_heads_are_covered_where_that_is_asked_for(tmp_path, capsys):
    """One head answers all that is promised, two are in the requirement: cover = heads."""
    rows = [
        f"2026-01-{day:02d}T{hour:02d}:00,orders,{heads},{answered},{answered},0.5,+01:00"
        for day in (5, 6)
        for hour in range(8, 12)
        for heads, answered in ((0, 0), (1, 9.9), (2, 10), (3, 10))
    ]
    curves = "\n".join(["start,queue,scheduled,answered,in_time,occupancy,utc_offset", *rows])
    kept = CENTRE.replace(
        "[contract.part]", 'promise = [{ kind = "answer_rate", share = 0.9 }]\n[contract.part]'
    )
    agents = "agent,contract,skills\nada,part,orders"
    place = centre(tmp_path, centre_text=kept, heads=2, curves=curves, agents=agents)
    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.DONE

    centre(place, centre_text=kept, settings='[plan]\ncover = "heads"\n', heads=2, agents=agents)
    capsys.readouterr()
    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.TARGET_MISSED
    said = capsys.readouterr().err
    assert "orders: 8.0 head-hours are missing" in said
    assert "its heads are covered in each interval" in said


def test_every_fault_of_the_inputs_is_told_at_once(tmp_path, capsys):
    """Contacts at night, a row too few, a skill that nobody has: three faults, exit 3."""
    place = centre(tmp_path, settings='[queue.chat]\nskills = ["chat"]\n')
    path = place / "requirement.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2026-01-05T11:00", "2026-01-05T21:00"), encoding="utf-8")

    assert run(["schedule", "-w", str(place)]) == Exit.DATA_REJECTED
    said = capsys.readouterr().err
    assert "outside the opening hours of wfm.toml: 2026-01-05T21:00" in said
    assert "no row for 1 interval in which wfm.toml says that it is open: 2026-01-05T11" in said
    assert "[queue.chat], key 'skills': no agent in agents.csv has 'chat'" in said


IMPOSSIBLE = """
[contract.odd]
hours_per_week = 9
shapes = ["early"]
[contract.all]
hours_per_week = 70
days_per_week = 7
shapes = ["ten"]
[shape.ten]
start = "08:00-08:00"
length_h = [10]
breaks = ["lunch"]
[break.lunch]
minutes = 45
"""


def test_who_has_no_legal_week_is_named_with_everybody_else(tmp_path, capsys):
    """Nine hours are no sum of fours; seventy leave no weekly rest. Exit 4, all in one go."""
    team = "agent,contract,skills\nada,part,orders\nodd,odd,orders\nallin,all,orders"
    place = centre(tmp_path, settings=IMPOSSIBLE, agents=team)

    assert run(["schedule", "-w", str(place)]) == Exit.NO_ROSTER
    said = capsys.readouterr().err
    assert "agent odd: no tour keeps these rules together: CONTRACT-HOURS" in said
    assert "agent allin: no tour keeps these rules together: EU-WTD-5" in said
    assert "ada" not in said
    assert not (place / "roster.csv").exists()


def test_a_shape_that_law_never_allows_is_told_by_day(tmp_path, capsys):
    """Ten hours without a break are no shift under the directive, on any day."""
    settings = IMPOSSIBLE.replace('breaks = ["lunch"]', "").replace(
        "hours_per_week = 70", "hours_per_week = 20"
    )
    team = "agent,contract,skills\nada,all,orders"
    place = centre(tmp_path, settings=settings, agents=team)

    assert run(["schedule", "-w", str(place)]) == Exit.NO_ROSTER
    said = capsys.readouterr().err
    assert "EU-WTD-4" in said
    assert "no shift of theirs is possible on 2026-01-05, 2026-01-06" in said


def test_strict_makes_a_shortfall_exit_4(tmp_path, capsys):
    """Three heads are needed and two are there: by default a plan, strictly none."""
    place = centre(tmp_path, heads=3)

    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.TARGET_MISSED
    (place / "roster.csv").unlink()
    assert run(["schedule", "-w", str(place), "--effort", "0.05", "--strict"]) == Exit.NO_ROSTER
    assert "head-hours are missing" in capsys.readouterr().err
    assert not (place / "roster.csv").exists()


def test_a_plan_that_the_checker_reads_otherwise_is_a_bug(tmp_path, capsys, monkeypatch):
    """The checker finds no pay at all: exit 70, and no file of that plan."""
    place = centre(tmp_path)
    monkeypatch.setattr("wfm.verifying.total", lambda _lines: 0)

    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.BUG
    said = capsys.readouterr().err
    assert "the checker reads the plan otherwise: pay 160.00 in the plan, 0.00 in its file" in said
    assert not (place / "roster.csv").exists()


def test_a_time_limit_keeps_the_plan_and_says_what_it_costs(tmp_path, capsys):
    """A limit that is over at once: a plan all the same, and the word that runs may differ."""
    place = centre(tmp_path)

    assert run(["schedule", "-w", str(place), "--time-limit", "0.001"]) == Exit.DONE
    assert "two runs may give different rosters" in capsys.readouterr().err
    assert (place / "roster.csv").exists()
    assert run(["schedule", "-w", str(place), "--time-limit", "0"]) == Exit.USAGE


FLEX = (
    CENTRE.replace('mon-tue = "08:00-12:00"', 'mon-tue = "08:00-16:00"').replace(
        '"08:00-08:00"', '"08:00-12:00"'
    )
    + 'add = [{ code = "HOUSE-LEAD", rule = "TeamPresence", skill = "supervisor",'
    + ' window = "WHEN", weekdays = ["monday", "tuesday"] }]\n'
)
LEADS = "agent,contract,skills,traits\nada,part,orders,supervisor\nbob,part,orders,"


def test_a_supervisor_is_there_when_the_house_wants_one(tmp_path):
    """Calls come in the afternoon, yet the only supervisor takes both mornings."""
    text = FLEX.replace("WHEN", "08:00-12:00")
    place = centre(tmp_path, centre_text=text, hours=range(12, 16), agents=LEADS)

    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.DONE
    mornings = [start[11:] for who, start, _ in blocks(place, "work") if who == "ada"]
    assert mornings == ["08:00", "08:00"]
    assert run(["check", str(place / "roster.csv"), "-w", str(place)]) == Exit.DONE


def test_a_rule_of_the_team_that_nobody_can_keep_is_exit_4(tmp_path, capsys):
    """Nobody works at night: the rule is named, with its first such time; nothing is written."""
    place = centre(tmp_path, centre_text=FLEX.replace("WHEN", "22:00-23:00"), agents=LEADS)

    assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.NO_ROSTER
    said = capsys.readouterr().err
    assert "rule HOUSE-LEAD: From 22:00 to 23:00 on Monday and Tuesday, at least 1 people" in said
    assert "On 2026-01-05 at 22:00 1 more are needed, 0 can come" in said
    assert not (place / "roster.csv").exists()


def test_compiled_rules_are_kept_and_change_no_byte(tmp_path):
    """A second run reads them; without their folder, the third makes the same plan anew."""
    place = centre(tmp_path)
    made = []
    for turn in range(3):
        assert run(["schedule", "-w", str(place), "--effort", "0.05"]) == Exit.DONE
        made.append((place / "roster.csv").read_bytes())
        kept = sorted((place / ".wfm.cache").glob("*.npz"))
        assert kept
        for path in kept if turn else ():
            path.write_bytes(b"damaged")

    assert len(set(made)) == 1


def test_a_folder_that_is_not_there_is_told_before_the_work(tmp_path, capsys):
    """There is no requirement either, which would be told later."""
    for name, content in empty_workspace().items():
        (tmp_path / name).write_bytes(content)

    asked = ["schedule", "-w", str(tmp_path), "-o", str(tmp_path / "none" / "roster.csv")]
    assert run(asked) == Exit.USAGE
    assert "there is no folder" in capsys.readouterr().err


def watched(place, until: bytes, *options: str) -> tuple[bytes, int]:
    """
    ``wfm schedule`` on a terminal of its own, Ctrl-C typed once it has shown ``until``.

    What the terminal saw, and how the command ended.
    """
    words = [sys.executable, "-m", "wfm", "schedule", "-w", str(place), *options]
    child, terminal = pty.fork()
    if not child:
        os.environ |= {"TERM": "xterm", "COLUMNS": "200", "LINES": "40"}
        os.execv(words[0], words)
    seen, typed, end = b"", False, time.monotonic() + 300
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1.0)[0]:
            continue
        try:
            more = os.read(terminal, 65536)
        except OSError:  # Linux says so once the other side is closed
            break
        if not more:
            break
        seen += more
        if not typed and re.search(until, seen):
            os.write(terminal, b"\x03")
            typed = True
    os.close(terminal)
    return seen, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_terminal_sees_objective_bound_and_gap_and_ctrl_c_keeps_the_best(tmp_path):
    """Exit 130, and the roster is there, whole and within the rules, as far as it had come."""
    place = centre(tmp_path, heads=2)
    shown = rb"[\d,]+\.\d\d, bound [\d,]+\.\d\d, gap \d+\.\d\d %"
    seen, code = watched(place, shown, "--effort", "900")

    assert re.search(shown, seen), seen
    assert b"ending with the best so far; Ctrl-C again stops at once" in seen
    assert code == Exit.INTERRUPTED
    assert json.loads((place / "plan.json").read_text(encoding="utf-8"))["status"] == "stopped"
    assert len(blocks(place, "work")) == 4
    assert run(["check", str(place / "roster.csv"), "-w", str(place)]) == Exit.DONE


def test_what_is_no_terminal_sees_no_progress(tmp_path):
    """The same command with its streams led elsewhere is silent but for what it wrote."""
    place = centre(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "wfm", "schedule", "-w", str(place), "--effort", "0.05"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert "bound" not in done.stderr
    assert "\x1b" not in done.stderr
