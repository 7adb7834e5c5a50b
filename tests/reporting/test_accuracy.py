"""
The picture of a backtest.
"""

from __future__ import annotations

from datetime import date

from wfm.domain.accuracy import Backtest, BacktestRow
from wfm.reporting.accuracy import backtest_text


def row(model: str, wape: float) -> BacktestRow:
    return BacktestRow("calls", model, 7, date(2026, 3, 2), wape, 1, 0, wape, 0.8, 0.95, 0.1)


def test_bars_are_as_long_as_errors_and_the_choice_is_marked():
    """
    Twice the error, twice the bar; the star stands at the chosen model, the best comes first.
    """
    found = Backtest((row("naive", 0.2), row("mixed", 0.1)), {"calls": "mixed"})

    lines = backtest_text(found, width=51, ascii_only=True).splitlines()

    assert lines[2] == "calls"
    assert "* mixed" in lines[3]
    assert "  naive" in lines[4]
    assert lines[4].count("#") == 2 * lines[3].count("#") > 0
