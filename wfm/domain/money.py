"""
Money as integer cents, so that sums are exact and two roads give the same figure.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

Cents = int


def cents(amount: float | str | Decimal) -> Cents:
    """
    Currency units as cents, half a cent away from zero.

    >>> cents("14.205")
    1421
    """
    return int((Decimal(str(amount)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def minutes_at(rate: Cents, minutes: int) -> Cents:
    """
    Pay for ``minutes`` at ``rate`` cents per hour, half a cent away from zero.

    Every road that prices time calls this once for each duty and item, never on a
    sum, so that the solver's objective and the costs agree to the cent.
    """
    sixtieths = rate * minutes
    sign = -1 if sixtieths < 0 else 1
    return sign * ((abs(sixtieths) + 30) // 60)


def units(amount: Cents) -> str:
    """
    Cents as currency units with two decimals, as files hold them.

    >>> units(-5)
    '-0.05'
    """
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"
