"""Public instances whose optimum is known, scored from the roster alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.curtois_qu import main

PUBLIC = Path(__file__).parents[3] / "shared" / "benchmarks" / "curtois_qu"
pytestmark = pytest.mark.skipif(
    not PUBLIC.exists(), reason="the public instances are not beside the repository"
)


@pytest.mark.parametrize(
    ("name", "best"), [("Instance2", 828), ("Instance3", 1001), ("Instance4", 1716)]
)
def test_small_instances_are_solved_to_proof(name, best, tmp_path, capsys):
    """Objective and bound meet at the published optimum, and another's checker agrees."""
    roster = tmp_path / "roster.tsv"
    assert main([str(PUBLIC / f"{name}.txt"), "--cpu-seconds", "10", "-o", str(roster)]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["objective"], told["bound"], told["violations"]) == (best, best, 0)
    checked = subprocess.run(
        [sys.executable, str(PUBLIC / "check.py"), str(PUBLIC / f"{name}.txt"), str(roster)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"objective {best}" in checked.stdout
