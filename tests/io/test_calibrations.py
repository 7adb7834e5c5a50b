"""
``calibration.toml``: written and read back, and refused where it is wrong.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wfm.domain.calibration import Calibration, QueueCalibration, Shrinkage
from wfm.errors import DataError
from wfm.io.calibrations import calibration_toml, read_calibration

MEASURED = Calibration(
    {
        "banking": QueueCalibration(
            aht_s=201.5,
            aht_cv=1.16,
            hidden_s=21,
            aht_by_hour={8: 190, 9: 204.5},
            patience_s=364,
            patience_curve=((0, 1), (20, 0.936), (180, 0.63)),
            day_cv=0.125,
            interval_cv=0.2,
            calls=88609,
        ),
        'été "x\\y"': QueueCalibration(patience_s=300),
    },
    Shrinkage(0.02, 0.08),
)


def write(folder: Path, text: str) -> Path:
    path = folder / "calibration.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_written_then_read_is_the_same(tmp_path):
    """Every number survives, and names that TOML must quote."""
    assert read_calibration(write(tmp_path, calibration_toml(MEASURED))) == MEASURED


def test_every_fault_is_listed(tmp_path):
    """A misspelt key, a text for a number, a section nobody knows: all at once."""
    text = "[queue.a]\npatience = 3\n[queue.b]\naht_s = 'long'\n[queues.c]\n"

    with pytest.raises(DataError) as caught:
        read_calibration(write(tmp_path, text))
    assert len(caught.value.problems) == 3
    assert "patience_s" in str(caught.value)


def test_shrinkage_in_percent_is_refused(tmp_path):
    """8 for 0.08 is told its spelling."""
    with pytest.raises(DataError, match=r"0\.08"):
        read_calibration(write(tmp_path, "[shrinkage]\nunplanned = 8\n"))


def test_no_toml_is_refused(tmp_path):
    """A file that is no TOML says where."""
    with pytest.raises(DataError, match="no TOML"):
        read_calibration(write(tmp_path, "patience: 3"))
