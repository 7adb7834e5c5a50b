"""
Every rule by name, as preset files spell it.
"""

from __future__ import annotations

from wfm.rules import breaks, days, hours, person, rest
from wfm.rules.words import DutyRule, Rule

RULES: dict[str, type[Rule]] = {
    name: word
    for module in (rest, days, hours, breaks, person)
    for name, word in sorted(vars(module).items())
    if isinstance(word, type) and issubclass(word, Rule) and word not in (Rule, DutyRule)
}
