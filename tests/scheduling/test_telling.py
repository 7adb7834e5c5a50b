"""
What a terminal is told while a roster is sought.
"""

from __future__ import annotations

from dataclasses import replace

from tests.scheduling.tiny import Case, person
from wfm.domain.workforce import Absence, AbsenceKind
from wfm.scheduling.tables import tabulate
from wfm.scheduling.telling import told


def test_cost_bound_and_gap_count_what_absences_are_paid():
    """Two hours of leave at 10.00 come on top of 80.00 and of the 60.00 that are proven."""
    ada = person("ada", {"a": 1.0})
    away = replace(ada, absences=(Absence(0, 1440, AbsenceKind.LEAVE),), credit={0: 120})
    tables = tabulate(Case((away,)).problem())

    assert told(tables, 8000.0, 6000.0) == "100.00, bound 80.00, gap 20.00 %"
