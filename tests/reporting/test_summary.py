"""
A plan in plain sentences.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import sample

from wfm.domain.promise import OnTime
from wfm.errors import Exit
from wfm.reporting.summary import summary, summary_text


def said(results) -> str:
    return " ".join(summary_text(summary(results)).split())


def test_sentences():
    """
    The promise as planned and simulated, the cost, the bound and the rules stand there.
    """
    text = said(sample.results())

    assert (
        "banking: 90 % answered promised, 92.1 % planned, 91.5 % (90.8–92.2) simulated: kept."
        in text
    )
    assert "no plan within these rules comes to less than 12,200.00 ILS" in text
    assert "at most 1.30 % better" in text
    assert "read again from everyone's days alone: no breach, 1 priced finding." in text


def test_optimal():
    """
    A plan at its bound is said to be the cheapest.
    """
    results = sample.results(3)
    plan = replace(results.plan, bound=float(results.plan.cost.total))

    assert "no plan within these rules comes to less." in said(replace(results, plan=plan))


def test_every_reason_is_said():
    """
    Several exit reasons are all named.
    """
    results = replace(sample.results(3), reasons=(Exit.RULE_BROKEN, Exit.GAP_TOO_WIDE))

    assert said(results).startswith(
        "A legal rule is broken. The plan may be further from the cheapest one than you allowed. "
        "A promise or a soft limit is missed."
    )


def test_not_simulated():
    """
    Without a simulation nothing is called kept.
    """
    results = sample.results(3)
    promises = tuple(replace(one, simulated=None) for one in results.verdict.promises)
    verdict = replace(results.verdict, promises=promises, simulation=None, reasons=())

    text = said(replace(results, verdict=verdict))

    assert "nothing was simulated" in text
    assert "not everything was checked" in text
    assert "The plan was not simulated" in text


def test_what_is_missing():
    """
    Rules that could not be checked are named with what they need.
    """
    assert "Not checked: average of 17 weeks. To have it checked: the rosters" in said(
        sample.results(3)
    )


def test_lines_fit_a_terminal():
    """
    No line is longer than 88 characters, however long a sentence.
    """
    text = summary_text(summary(sample.results(3)))

    assert max(map(len, text.splitlines())) <= 88


def test_nobody_on_duty_is_said():
    """
    A queue left alone all Saturday is named, even where its weekly promise is kept.
    """
    results = sample.results(3)
    saturday = results.requirement.grid.day == 6
    cover = dict(results.plan.cover)
    cover["stocks"] = np.where(saturday, 0.0, cover["stocks"] + 1)
    contacts = results.requirement.queues["stocks"].contacts[saturday].sum()

    text = said(replace(results, plan=replace(results.plan, cover=cover)))

    assert (
        "stocks: nobody serves it in 24 open intervals (Sat 6 Mar: all day), in which "
        f"{contacts:.1f} contacts are expected."
    ) in text
    assert "nobody serves it" not in said(results)


def test_letters_may_wait_for_somebody():
    """
    Work promised on time within hours needs nobody in any one interval.
    """
    results = sample.results(3)
    cover = dict(results.plan.cover, stocks=np.zeros(results.requirement.grid.n))
    queues = dict(results.requirement.queues)
    queues["stocks"] = replace(queues["stocks"], promise=OnTime(share=0.9, due=24))
    waits = replace(results.requirement, queues=queues)
    left = replace(results, plan=replace(results.plan, cover=cover))

    assert "stocks: nobody serves it" in said(left)
    assert "stocks: nobody serves it" not in said(replace(left, requirement=waits))
