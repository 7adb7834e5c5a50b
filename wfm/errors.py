"""
Every failure a user can meet, with its exit code.

    WfmError                      a user can mend it; never shown as a traceback
      SettingsError         2     usage, or a key of wfm.toml
      DataError             3     an input file: every bad row at once
      NoRosterError         4     no roster exists; the explanation is written
      StaleError            6     an input is missing or too old
      LockedError           8     another run holds the workspace
      InterruptedRun      130     stopped by the user; the best plan is kept

A bug is not in this tree: it keeps its traceback and leaves with 70.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum


class Exit(IntEnum):
    """
    What a command says to the shell. A contract with cron jobs, under test.
    """

    DONE = 0
    TARGET_MISSED = 1
    USAGE = 2
    DATA_REJECTED = 3
    NO_ROSTER = 4
    GAP_TOO_WIDE = 5
    STALE = 6
    RULE_BROKEN = 7
    LOCKED = 8
    BUG = 70
    INTERRUPTED = 130


# Where several reasons apply, the first of these is the exit code.
PRECEDENCE = (
    Exit.BUG,
    Exit.INTERRUPTED,
    Exit.LOCKED,
    Exit.USAGE,
    Exit.DATA_REJECTED,
    Exit.STALE,
    Exit.NO_ROSTER,
    Exit.RULE_BROKEN,
    Exit.GAP_TOO_WIDE,
    Exit.TARGET_MISSED,
)


def exit_code(reasons: Iterable[Exit]) -> Exit:
    """
    The one code for a run that has several reasons to fail; done when it has none.
    """
    found = set(reasons)
    return next((code for code in PRECEDENCE if code in found), Exit.DONE)


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One thing wrong with an input: where it is, what stands there, what to do.

    ``place`` reads like ``agents.csv, row 14, column skills``; rows count from 1 at
    the header, as a spreadsheet shows them.
    """

    place: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        head = f"{self.place}: {self.message}" if self.place else self.message
        return f"{head}\nhint:  {self.hint}" if self.hint else head


class WfmError(Exception):
    """
    A failure that the user can mend.

    ``problems`` holds every fault found; the message is the first of them.
    """

    exit: Exit = Exit.USAGE

    def __init__(
        self,
        message: str = "",
        *,
        hint: str = "",
        place: str = "",
        problems: Iterable[Problem] = (),
    ):
        listed = tuple(problems)
        if not listed:
            listed = (Problem(place, message, hint),)
        self.problems = listed
        super().__init__("\n".join(str(problem) for problem in listed))


class SettingsError(WfmError):
    """
    Wrong usage, or a key of ``wfm.toml`` that cannot be.
    """

    exit = Exit.USAGE


class DataError(WfmError):
    """
    An input file was rejected; nothing was written.
    """

    exit = Exit.DATA_REJECTED


class NoRosterError(WfmError):
    """
    The hard rules admit no roster at all.
    """

    exit = Exit.NO_ROSTER


class StaleError(WfmError):
    """
    An input is missing or older than allowed.
    """

    exit = Exit.STALE


class LockedError(WfmError):
    """
    Another run holds the workspace.
    """

    exit = Exit.LOCKED


class InterruptedRun(WfmError):
    """
    The user stopped the run; what was best so far is kept.
    """

    exit = Exit.INTERRUPTED


def nearest(word: str, known: Iterable[str]) -> str:
    """
    A hint that names the known words, the closest to ``word`` first.
    """
    names = sorted(known)
    close = get_close_matches(word, names, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known are {', '.join(names)}" if names else "none is known"
