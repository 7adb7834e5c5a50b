"""
What a terminal is told while a roster is sought: its cost, what is proven, the gap.
"""

from __future__ import annotations

from wfm.paying.tariff import absence_pay
from wfm.scheduling.tables import Tables


def told(tables: Tables, cost: float, bound: float) -> str:
    """
    ``11,312.30, bound 10,948.49, gap 3.22 %``: currency units, absences paid in both.

    Parameters
    ----------
    cost, bound
        Cents as the kernels know them: without what absences are paid whatever is planned.
    """
    problem = tables.problem
    absent = sum(absence_pay(person, problem.calendar(person)) for person in problem.people)
    total, low = cost + absent, bound + absent
    gap = (total - low) / total if total > 0 else 0.0
    return f"{total / 100:,.2f}, bound {low / 100:,.2f}, gap {100 * gap:.2f} %"
