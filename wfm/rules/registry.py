"""
Every rule by name, as preset files spell it.
"""

from __future__ import annotations

from wfm.rules import (
    averages,
    breaks,
    days,
    daysoff,
    fairness,
    fixed,
    holidays,
    hours,
    lengths,
    nights,
    notice,
    overtime,
    patterns,
    person,
    premiums,
    rest,
    rotation,
    team,
)
from wfm.rules.words import DutyRule, Rule

MODULES = (
    *(rest, days, daysoff, hours, averages, lengths, breaks),
    *(nights, holidays, patterns, overtime, notice, person, fixed, team),
    *(rotation, fairness, premiums),
)

RULES: dict[str, type[Rule]] = {
    name: word
    for module in MODULES
    for name, word in sorted(vars(module).items())
    if isinstance(word, type) and issubclass(word, Rule)
    if not name.startswith("_") and word not in (Rule, DutyRule)
}
