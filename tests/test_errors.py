from __future__ import annotations

import pytest

from wfm.errors import DataError, Exit, Problem, SettingsError, exit_code, nearest


@pytest.mark.parametrize(
    ("reasons", "code"),
    [
        ([], 0),
        ([Exit.TARGET_MISSED], 1),
        ([Exit.TARGET_MISSED, Exit.RULE_BROKEN], 7),
        ([Exit.GAP_TOO_WIDE, Exit.RULE_BROKEN, Exit.NO_ROSTER], 4),
        ([Exit.STALE, Exit.DATA_REJECTED, Exit.USAGE, Exit.LOCKED], 8),
        ([Exit.INTERRUPTED, Exit.BUG, Exit.LOCKED], 70),
        ([Exit.INTERRUPTED, Exit.LOCKED], 130),
    ],
)
def test_the_first_reason_in_the_contract_wins(reasons, code):
    """
    70, 130, 8, 2, 3, 6, 4, 7, 5, 1: in this order.
    """
    assert exit_code(reasons) == code


def test_every_problem_is_in_the_message():
    """
    A user mends all rows at once.
    """
    error = DataError(
        problems=[
            Problem("agents.csv, row 3, column skills", "'biling' is no skill", "did you mean?"),
            Problem("agents.csv, row 9, column contract", "empty"),
        ]
    )

    assert len(error.problems) == 2
    assert "row 3" in str(error)
    assert "row 9" in str(error)


def test_one_problem_needs_no_list():
    """
    The message, its place and its hint are that problem.
    """
    error = SettingsError("unknown key", place="wfm.toml, [queue.a]", hint="mend it")

    assert error.problems == (Problem("wfm.toml, [queue.a]", "unknown key", "mend it"),)
    assert error.exit == 2


def test_the_nearest_word_is_named():
    """
    A slip of the finger is mended; a foreign word gets the list.
    """
    assert nearest("biling", ["billing", "sales"]) == "did you mean 'billing'?"
    assert nearest("zzz", ["billing", "sales"]) == "known are billing, sales"
    assert nearest("zzz", []) == "none is known"
