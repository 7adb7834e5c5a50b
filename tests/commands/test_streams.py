"""
Standard streams that are closed, full or cut: no traceback, never a false 0, 1 or 70.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wfm.errors import Exit

ROOT = Path(__file__).parents[2]
ARGUMENTS = "--contacts 200 --aht 180 --agents 24"


def shell(arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    """What a shell sees of a command line of ours."""
    return subprocess.run(
        f"{sys.executable} -m wfm {arguments}",
        shell=True,
        executable="/bin/bash",
        check=False,
        capture_output=True,
        text=True,
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    )


@pytest.mark.parametrize("form", ["--json", ""])
@pytest.mark.parametrize("stream", [">/dev/full", ">&-"])
def test_an_answer_that_cannot_be_written_is_exit_2(form, stream):
    """
    A full disk or a closed standard output: one line says so.
    """
    done = shell(f"erlang {ARGUMENTS} {form} {stream}")

    assert done.returncode == Exit.USAGE
    assert done.stderr.startswith("error: standard output: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full"])
def test_without_stderr_the_answer_is_whole(stream):
    """
    Nothing but remarks is lost, so the command ends as it would have.
    """
    done = shell(f"erlang {ARGUMENTS} --json {stream}")

    assert done.returncode == Exit.DONE
    assert done.stdout.startswith("{")


@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full"])
def test_without_stderr_a_fault_keeps_its_code(stream):
    """
    And nothing of it strays to standard output.
    """
    done = shell(f"erlang --no-such {stream}")

    assert done.returncode == Exit.USAGE
    assert done.stdout == ""


def test_a_table_into_a_closed_pipe_is_exit_0():
    """
    Whoever read our output has seen enough.
    """
    table = "erlang --contacts 100:2500 --aht 180 --agents 24"
    done = shell(f"{table} | true; exit ${{PIPESTATUS[0]}}")

    assert (done.returncode, done.stderr) == (Exit.DONE, "")
