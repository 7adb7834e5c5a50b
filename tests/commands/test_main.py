"""
The one entry: usage, bugs, interrupts and closed pipes have their exit codes.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from wfm import __version__, commands, console
from wfm.commands.common import stopping
from wfm.errors import DataError, Exit, Problem

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such"],
        ["plan", "--no-such"],
        ["plan", "--as-of", "1999-02-30"],
        ["plan", "--weeks", "0"],
        ["plan", "--as-of", "9999-12-31"],
        ["plan", "--seed", "99999999999999999999"],
        ["forecast", "--weeks", "99999999"],
        ["forecast", "--from", "9999-12-30", "--weeks", "4"],
        ["backtest", "--origins", "99999999"],
        ["backtest", "--horizon", "99999999"],
        ["simulate", "--replications", "99999999"],
    ],
)
def test_usage_is_exit_2(arguments, capsys):
    """
    Unknown commands and options, impossible values.
    """
    assert commands.run(arguments) == Exit.USAGE
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize("arguments", [[], ["--help"], ["plan", "--help"], ["--version"]])
def test_help_is_exit_0(arguments, capsys):
    """
    Also for no argument at all.
    """
    assert commands.run(arguments) == Exit.DONE
    said = capsys.readouterr().out
    assert "Usage: wfm" in said or __version__ in said


def failing(monkeypatch, error: BaseException) -> int:
    """Exit code of a command that raises."""
    import wfm.workspace

    def find(folder=None):
        raise error

    monkeypatch.setattr(wfm.workspace.Workspace, "find", find)
    return commands.run(["plan"])


def test_a_bug_keeps_its_traceback(monkeypatch, capsys):
    """
    Exit 70, and the lines that a report needs.
    """
    assert failing(monkeypatch, ZeroDivisionError("oh")) == Exit.BUG
    assert "Traceback" in capsys.readouterr().err


def test_a_users_fault_has_no_traceback(monkeypatch, capsys):
    """
    Every problem of the error, its own exit code.
    """
    error = DataError(problems=[Problem("a", "one"), Problem("b", "two", "mend")])

    assert failing(monkeypatch, error) == Exit.DATA_REJECTED
    assert capsys.readouterr().err == "error: a: one\nerror: b: two\nhint:  mend\n"


def test_ctrl_c_is_130(monkeypatch):
    """
    Where no stage catches it.
    """
    assert failing(monkeypatch, KeyboardInterrupt()) == Exit.INTERRUPTED


@pytest.mark.parametrize(("number", "again"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_a_stop_names_its_stage(number, again, capsys):
    """
    And speaks of Ctrl-C only to who pressed it.
    """
    with console.progress("schedule"), stopping() as stop:
        signal.raise_signal(number)
        assert stop()

    said = capsys.readouterr().err
    assert "interrupted during schedule" in said
    assert ("Ctrl-C again" in said) == again


def test_help_begins_with_an_example():
    """
    Every command's help shows how it is called before its options.
    """
    group = commands.Commands(name="wfm")

    for name in group.list_commands(None):
        command = group.get_command(None, name)
        inner = getattr(command, "commands", {}) or {name: command}
        assert any("wfm " in (one.help or "") for one in inner.values()), name


def test_a_closed_pipe_is_no_failure():
    """
    `wfm --help | head -1` ends quietly.
    """
    done = subprocess.run(
        f"{sys.executable} -m wfm --help | head -1",
        shell=True,
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert done.stderr == ""
