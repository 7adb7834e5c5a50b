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
