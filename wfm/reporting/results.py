"""
What a report is made of: the results of every stage for one horizon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from wfm.domain.accuracy import Backtest
from wfm.domain.demand import Forecast, History
from wfm.domain.outcome import CostLine, Plan, Verdict
from wfm.domain.promise import Requirement
from wfm.errors import Exit
from wfm.rules.book import Book


@dataclass(frozen=True)
class Results:
    """
    One plan with all that led to it.

    Parameters
    ----------
    as_of
        The date at which the plan was made, where known; the only stamp on the page.
    history, backtest
        None where the forecast was given as a file: their pictures are then left out.
    book
        The rules that the roster was read against, to be listed.
    verdict
        None where nothing was verified, which the page then says.
    title
        Name of the centre.
    currency
        Behind every amount, such as ``EUR``; empty: amounts are in currency units.
    reasons
        Every exit reason of the run; by default those of the verdict.
    inputs
        Checksum (sha256) by name of each input file.
    """

    plan: Plan
    forecast: Forecast
    requirement: Requirement
    as_of: date | None = None
    costs: Sequence[CostLine] = ()
    verdict: Verdict | None = None
    history: History | None = None
    backtest: Backtest | None = None
    book: Book | None = None
    title: str = ""
    currency: str = ""
    version: str = ""
    reasons: Sequence[Exit] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_reasons(self) -> tuple[Exit, ...]:
        """Exit reasons of the run and the verdict, each once."""
        verdict = self.verdict.reasons if self.verdict else ()
        return tuple(dict.fromkeys((*self.reasons, *verdict)))

    @property
    def remarks(self) -> tuple[tuple[str, str], ...]:
        """What the stages had to say: stage and sentence."""
        said = [
            ("forecast", self.forecast.remarks),
            ("backtest", self.backtest.remarks if self.backtest else ()),
            ("staff", self.requirement.remarks),
            ("schedule", self.plan.remarks),
            ("verify", self.verdict.remarks if self.verdict else ()),
        ]
        return tuple((stage, sentence) for stage, remarks in said for sentence in remarks)
