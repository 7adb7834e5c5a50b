"""
The smallest plan compiles what every plan needs.
"""

from __future__ import annotations

from wfm.scheduling.schedule import schedule
from wfm.scheduling.warming import smallest


def test_smallest_plan_has_one_shift_of_four_hours():
    """Four hours at 10 an hour, the unpaid pause on top: 40 and nothing missing."""
    plan = schedule(smallest(), effort=0.01)
    (duty,) = plan.roster.by_agent["one"].planned

    assert (duty.paid, duty.end - duty.start) == (240, 300)
    assert plan.cost.pay == 4000
