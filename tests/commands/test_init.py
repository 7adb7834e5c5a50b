"""
wfm init: new folders only, whole or not at all.
"""

from __future__ import annotations

from wfm.commands import run
from wfm.errors import Exit


def test_an_example_is_made(tmp_path):
    """
    The scenario's files, history among them as a file of its own.
    """
    assert run(["init", str(tmp_path / "demo"), "--example", "technion", "-q"]) == Exit.DONE
    history = tmp_path / "demo" / "history.csv"
    assert not history.is_symlink()
    assert history.read_text().startswith("timestamp,queue,")


def test_nothing_is_ever_overwritten(tmp_path, capsys):
    """
    A folder with an agents.csv is refused, and gets no other file either.
    """
    (tmp_path / "agents.csv").write_text("mine")

    assert run(["init", str(tmp_path)]) == Exit.USAGE
    assert "agents.csv: is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["agents.csv"]


def test_an_unknown_example_names_the_nearest(tmp_path, capsys):
    """
    Did you mean technion?
    """
    assert run(["init", str(tmp_path), "--example", "techion"]) == Exit.USAGE
    assert "'technion'" in capsys.readouterr().err


def test_a_dry_run_writes_nothing(tmp_path):
    """
    It says what it would write.
    """
    assert run(["init", str(tmp_path / "new"), "--dry-run"]) == Exit.DONE
    assert not (tmp_path / "new").exists()
