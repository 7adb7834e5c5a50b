"""
Pay by the minute and by the week, as tables that solvers add up.

They come from the tariff itself. A duty's pay is rounded to the cent there and not here:
``rounding`` bounds the difference.
"""

from __future__ import annotations

import numpy as np

from wfm.domain.roster import Block, Calendar
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import WORK, Person
from wfm.paying.tariff import overtime_pay, premium_minutes, share_of


def running_pay(
    person: Person, calendar: Calendar, unit: Minutes, pad: int, slots: int
) -> np.ndarray:
    """
    Cents of base pay and premiums from the first slot to the start of each.

    Parameters
    ----------
    unit
        Minutes of a slot.
    pad
        Slots before the horizon.

    Returns
    -------
    np.ndarray
        Float [slots + 1], not decreasing.
    """
    rate, pay = person.agent.rate, person.agent.contract.pay
    cents = np.full(slots, rate * unit / 60)
    for premium in pay.premiums:
        extra = share_of(rate, premium.share) / 60
        for slot in range(slots):
            start = (slot - pad) * unit
            block = Block(start, start + unit, WORK)
            cents[slot] += extra * premium_minutes(premium, calendar, block)
    return np.concatenate([[0.0], np.cumsum(cents)])


def weekly_pay(
    person: Person, unit: Minutes, units: int, past: Minutes, weeks: int = 1
) -> np.ndarray:
    """
    Overtime of a week, or of weeks that are averaged, by its planned units of paid time,
    cents, float [units].

    ``past`` are its paid minutes before the horizon.
    """
    if not person.agent.contract.pay.overtime:
        return np.zeros(units)
    extra = [overtime_pay(person, past + m * unit, past, weeks) for m in range(units)]
    return np.array(extra, dtype=float)


def rounding(person: Person, days: int, weeks: int) -> float:
    """
    Cents by which rounding can make a tour's pay lower than the tables say.
    """
    pay = person.agent.contract.pay
    return 0.5 * days * (1 + len(pay.premiums)) + 0.5 * weeks * len(pay.overtime)
