"""
What a check found, in the forms that people and programs read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from wfm.domain.roster import Severity, Status, Violation
from wfm.reporting import words
from wfm.reporting.table import Table
from wfm.reporting.tables import amount_text, source_text

LEVELS = {Severity.HARD: "error", Severity.PRICED: "warning", Severity.INFO: "note"}


@dataclass(frozen=True)
class Findings:
    """
    The result of ``wfm check``.

    Parameters
    ----------
    plan, rules
        Names of the file and of the rule book.
    not_checked
        (code, what to give to have it checked).
    people, days
        How many were looked at.
    places
        Row of the plan's file, and in a grid the column, of a person's day.
    """

    plan: str
    rules: str
    violations: tuple[Violation, ...]
    not_checked: tuple[tuple[str, str], ...]
    people: int
    days: int
    remarks: tuple[str, ...] = field(default=())
    places: Mapping[tuple[str, date], tuple[int, str]] = field(default_factory=dict)

    @property
    def broken(self) -> bool:
        """Whether a hard rule is broken."""
        return any(one.severity is Severity.HARD for one in self.violations)

    @property
    def headline(self) -> str:
        """One sentence."""
        hard = sum(one.severity is Severity.HARD for one in self.violations)
        others = len(self.violations) - hard
        scope = f"{self.people} people, {self.days} days, rules {self.rules}"
        found = f"{hard} breaches of hard rules" if hard != 1 else "1 breach of a hard rule"
        more = f", {others} other findings" if others else ""
        return f"{self.plan}: {found}{more} ({scope})"


def findings_record(found: Findings) -> dict[str, Any]:
    """
    The findings as one JSON object.
    """
    return {
        "plan": found.plan,
        "rules": found.rules,
        "people": found.people,
        "days": found.days,
        "findings": [
            {
                "code": one.code,
                "severity": one.severity.value,
                "agent": one.agent,
                "date": one.date.isoformat(),
                "amount": one.stated[0],
                "unit": one.stated[1],
                "sentence": one.sentence,
                "source": one.source,
                "status": one.status.value,
            }
            for one in found.violations
        ],
        "by_rule": dict(sorted(Counter(one.code for one in found.violations).items())),
        "by_agent": dict(sorted(Counter(one.agent for one in found.violations).items())),
        "not_checked": [{"code": code, "give": give} for code, give in found.not_checked],
        "remarks": list(found.remarks),
    }


def sarif_record(found: Findings, version: str) -> dict[str, Any]:
    """
    The findings as SARIF 2.1.0, the form in which editors and build servers show lint.
    """
    rules = {one.code: one for one in found.violations}
    codes = sorted(rules)
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "wfm",
                        "version": version,
                        "rules": [_sarif_rule(rules[code]) for code in codes],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolConfigurationNotifications": [
                            {
                                "level": "note",
                                "message": {"text": f"{code} is not checked: give {give}."},
                            }
                            for code, give in found.not_checked
                        ],
                    }
                ],
                "results": [_sarif_result(found, one, codes) for one in found.violations],
            }
        ],
    }


def _sarif_rule(one: Violation) -> dict[str, Any]:
    return {
        "id": one.code,
        "shortDescription": {"text": one.sentence},
        "fullDescription": {"text": f"{one.sentence} {one.source}".strip()},
        "properties": {"status": one.status.value},
    }


def _sarif_result(found: Findings, one: Violation, codes: Sequence[str]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(found.plan)}}
    logical = {"name": f"{one.agent} {one.date}"}
    at = found.places.get((one.agent, one.date))
    if at is not None:
        row, column = at
        place["region"] = {"startLine": row}
        if column:
            logical["fullyQualifiedName"] = f"{column}{row}"  # as a spreadsheet names the cell
    return {
        "ruleId": one.code,
        "ruleIndex": codes.index(one.code),
        "level": LEVELS[one.severity],
        "message": {
            "text": f"{one.agent}, {one.date}: {one.sentence} "
            f"By {amount_text(one).replace(words.THIN, ' ')}. {source_text(one)}"
        },
        "locations": [
            {
                "physicalLocation": place,
                "logicalLocations": [logical],
            }
        ],
    }


def findings_table(found: Findings) -> Table:
    """
    Every finding: who, when, which rule, by how much.
    """
    rows = tuple(
        (
            *(one.agent, f"{one.date:%a} {one.date}", one.severity.value, one.code),
            *(amount_text(one), one.sentence, source_text(one)),
        )
        for one in found.violations
    )
    columns = ("agent", "day", "severity", "rule", "by", "sentence", "source")
    return Table("Findings", columns, rows, "llllrll")


def rules_summary(found: Findings) -> Table:
    """
    Findings by rule.
    """
    rows = []
    for code in sorted({one.code for one in found.violations}):
        own = [one for one in found.violations if one.code == code]
        people = len({one.agent for one in own})
        rows.append((code, own[0].severity.value, str(len(own)), str(people), own[0].sentence))
    columns = ("rule", "severity", "findings", "people", "sentence")
    return Table("By rule", columns, tuple(rows), "llrrl")


def people_summary(found: Findings) -> Table:
    """
    Findings by person, most first.
    """
    total = Counter(one.agent for one in found.violations)
    hard = Counter(one.agent for one in found.violations if one.severity is Severity.HARD)
    rows = tuple(
        (agent, str(hard[agent]), str(total[agent] - hard[agent]))
        for agent in sorted(total, key=lambda name: (-total[name], name))
    )
    return Table("By person", ("agent", "hard", "others"), rows, "lrr")


def unchecked_table(found: Findings) -> Table:
    """
    Rules that the plan leaves in doubt, by what to give to have them checked.
    """
    by_gift: dict[str, list[str]] = {}
    for code, give in found.not_checked:
        by_gift.setdefault(give, []).append(code)
    rows = tuple((give, ", ".join(codes)) for give, codes in by_gift.items())
    return Table("Not checked", ("give", "to have these checked"), rows, "ll")


def status_words(status: Status) -> str:
    """How well a source is known, in words."""
    return {
        Status.READ: "read in the text",
        Status.SECONDARY: "from an account of the text",
        Status.MEMORY: "from memory: check it before you rely on it",
        Status.SETTING: "set by this workspace",
    }[status]
