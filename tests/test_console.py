"""
What is said where: answers on standard output, remarks on standard error, no bar in a pipe.
"""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from wfm import console
from wfm.errors import Problem, SettingsError

ROOT = Path(__file__).parents[1]
STAGE = """
import time
from wfm import console
console.use(**{options})
with console.progress("stage") as progress:
    progress(1, 2, "half")
    time.sleep(0.3)
console.remark("done")
"""


@dataclass
class Sample:
    title: str = "People"
    columns: tuple[str, ...] = ("queue", "heads")
    rows: tuple[tuple[str, ...], ...] = (("a", "1"), ("long name", "12"))
    align: str = "lr"
    notes: tuple[str, ...] = field(default=("A note.",))


@pytest.fixture(autouse=True)
def plain():
    yield
    console.use()


def on_terminal(options: dict[str, object], **env: str) -> str:
    """What a terminal shows of a short stage."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", STAGE.format(options=options)],
        stderr=theirs,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100", **env},
    )
    os.close(theirs)
    shown = b""
    try:
        while data := os.read(ours, 4096):
            shown += data
    except OSError:  # the other end is closed
        pass
    child.wait()
    os.close(ours)
    return shown.decode()


def test_a_terminal_shows_progress():
    """
    The stage, its words and a bar, then the remark.
    """
    shown = on_terminal({})

    assert "stage" in shown
    assert "half" in shown
    assert "done" in shown


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(env):
    """
    No colour code with NO_COLOR or TERM=dumb; escape codes that move the cursor are no colour.
    """
    assert "\x1b[3" not in on_terminal({}, **env)


def test_quiet_shows_nothing():
    """
    --quiet: no progress, no remark, not even an escape code.
    """
    assert on_terminal({"quiet": True}) == ""


def test_a_pipe_sees_no_progress(capsys):
    """
    Where nobody watches, only remarks are written.
    """
    console.use()
    with console.progress("stage") as progress:
        progress(1, 2, "half")
    console.remark("done")

    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "done\n")


def test_the_log_is_json_lines(capsys):
    """
    Begin, remark, end with its seconds, error: one object a line.
    """
    console.use(log_format="json")
    with console.progress("stage"):
        console.remark("half")
    console.fail("broken", hint="mend it")

    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [event["event"] for event in events] == ["begin", "remark", "end", "error"]
    assert events[2]["seconds"] >= 0
    assert events[3]["hint"] == "mend it"


def test_an_unknown_log_format_is_refused():
    """
    Text or json.
    """
    with pytest.raises(SettingsError, match="xml"):
        console.use(log_format="xml")


def test_errors_have_their_form(capsys):
    """
    Two lines: error and hint, aligned.
    """
    console.error([Problem("agents.csv, row 14, column skill", "'biling' is not known", "look")])

    assert capsys.readouterr().err == (
        "error: agents.csv, row 14, column skill: 'biling' is not known\nhint:  look\n"
    )


def test_tables_go_to_standard_output(capsys):
    """
    Figures stand at the right, notes below.
    """
    console.show(Sample())

    said = capsys.readouterr()
    assert said.err == ""
    assert "People" in said.out
    assert " long name     12" in said.out
    assert "A note." in said.out


def test_quiet_leaves_out_summaries_but_not_answers(capsys):
    """
    What was asked for is printed, what stands in files is not.
    """
    console.use(quiet=True)
    console.summary(Sample())
    assert capsys.readouterr().out == ""

    console.show(Sample())
    assert "People" in capsys.readouterr().out
