"""
Rows of tables.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import sample

from wfm.domain.roster import Status
from wfm.reporting import tables, team
from wfm.rules.book import Book
from wfm.rules.entry import Entry
from wfm.rules.hours import ContractHours


@pytest.fixture(scope="module")
def results():
    return sample.results(6)


def test_rows_fit_their_columns():
    """
    A table whose rows differ in length cannot be made.
    """
    with pytest.raises(ValueError, match="different lengths"):
        tables.Table("t", ("a", "b"), (("1",),), "lr")


def test_forecast_has_a_row_per_open_day(results):
    """
    Two queues, seven open days.
    """
    assert len(tables.forecast_table(results.forecast).rows) == 14


def test_cost_ends_in_its_sum(results):
    """
    The last row is the sum of the lines, to the cent.
    """
    total = sum(line.amount for line in results.costs)

    last = tables.cost_table(results.costs).rows[-1]

    assert last[3].replace(",", "") == f"{total / 100:.2f}"


def test_chosen_model_is_marked(results):
    """
    One model per queue is marked as chosen.
    """
    rows = tables.backtest_table(results.backtest).rows

    assert [row[2] for row in rows if row[-1] == "chosen"] == ["robust mean", "robust mean"]


def test_promise_over_a_day_names_the_day(results):
    """
    ``day 1`` is shown as its date.
    """
    rows = tables.promise_table(results.verdict, results.requirement).rows

    assert rows[2][2] == "Mon 1 Mar"


def test_hard_breaches_come_first(results):
    """
    Findings are sorted by how much they bind.
    """
    severities = [row[0] for row in tables.violations_table(results.verdict).rows]

    assert severities == sorted(severities, key=("hard", "priced", "info").index)


def test_absent_is_said_once(results):
    """
    The roster table says who is absent, and not why.
    """
    row = team.roster_table(results.plan.roster).rows[1]

    assert "absent" in row


def test_rules_are_listed_with_their_findings():
    """
    Each rule of a book has a row: its sentence, its source, and how often it is broken.
    """
    rule = ContractHours()
    source = {"source": "Directive", "clause": "article 3", "status": Status.READ}
    book = Book("mine", (Entry("ONE", rule, **source), Entry("TWO", rule)))
    found = sample.results(1).verdict.violations[0]

    rows = tables.rules_table(book, [replace(found, code="ONE")] * 2).rows

    assert [row[0] for row in rows] == ["ONE", "TWO"]
    assert rows[0][3:] == ("Directive article 3 (read)", "2")
    assert rows[1][3:] == ("this workspace", "none")
