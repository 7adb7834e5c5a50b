"""
A plan in plain sentences: what was promised, what it costs, how good it is, what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill

from wfm.domain.outcome import PromiseVerdict
from wfm.domain.roster import Severity
from wfm.errors import Exit
from wfm.reporting import facts, service, tables, words
from wfm.reporting.results import Results

WIDTH = 88  # characters of a line in plain text
WORDS = {
    Exit.TARGET_MISSED: "A promise or a soft limit is missed.",
    Exit.GAP_TOO_WIDE: "The plan may be further from the cheapest one than you allowed.",
    Exit.STALE: "An input is older than you allowed.",
    Exit.RULE_BROKEN: "A legal rule is broken.",
    Exit.INTERRUPTED: "The run was interrupted; this is the best plan it had.",
}


@dataclass(frozen=True)
class Card:
    """
    One figure at the head of a page: ``good`` is None where nothing is judged.
    """

    name: str
    value: str
    note: str
    good: bool | None = None


@dataclass(frozen=True)
class Summary:
    """
    The head of a report.
    """

    good: bool
    headline: str
    cards: tuple[Card, ...]
    sentences: tuple[str, ...]
    missing: tuple[str, ...]


def summary(results: Results) -> Summary:
    """
    The head of a report, in words.
    """
    reasons = results.all_reasons
    unsure = not _simulated(results)
    headline = " ".join(WORDS.get(reason, f"Exit reason {int(reason)}.") for reason in reasons)
    if not headline:
        headline = "Nothing was found wrong; not everything was checked." if unsure else ""
    return Summary(
        good=not reasons,
        headline=headline or "Every check passed.",
        cards=(_contacts(results), _promises(results), _cost(results), _gap(results)),
        sentences=tuple(_sentences(results)),
        missing=tuple(_missing(results)),
    )


def _simulated(results: Results) -> bool:
    """Whether the promise was held against a simulation."""
    verdict = results.verdict
    if verdict is None:
        return False
    return verdict.simulation is not None or any(one.simulated for one in verdict.promises)


def summary_text(found: Summary) -> str:
    """
    The head of a report as plain text, for a terminal or an e-mail.
    """
    lines = [found.headline, *(f"- {sentence}" for sentence in found.sentences)]
    if found.missing:
        lines += ["What is missing:", *(f"- {sentence}" for sentence in found.missing)]
    wrapped = [fill(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False) for line in lines]
    return "\n".join(wrapped).replace(words.THIN, " ") + "\n"


def _contacts(results: Results) -> Card:
    total = facts.total_contacts(results.forecast)
    queues = words.count(len(results.forecast.queues), "queue")
    return Card("Contacts expected", words.number(total), f"in {queues}")


def _promises(results: Results) -> Card:
    found = results.verdict.promises if results.verdict else ()
    if not found:
        return Card("Promises kept", words.NOTHING, "no promise was verified")
    kept = sum(promise.simulated is not None and not promise.missed for promise in found)
    simulated = sum(promise.simulated is not None for promise in found)
    note = "simulated call by call" if simulated else "not simulated"
    good = kept == len(found) if simulated else None
    return Card("Promises kept", f"{kept} of {len(found)}", note, good)


def _cost(results: Results) -> Card:
    total = sum(line.amount for line in results.costs) or results.plan.cost.pay
    contacts = facts.total_contacts(results.forecast)
    each = words.money(round(total / contacts), results.currency) if contacts else words.NOTHING
    unit = "" if results.currency else "currency units; "
    note = f"{unit}{each} per contact expected"
    return Card("Cost", words.money(total, results.currency), note)


def _gap(results: Results) -> Card:
    return Card(
        "Could be better by",
        f"at most {words.percent(results.plan.gap, 2)}",
        "proven, for pay, wishes and what is missing together",
    )


def _sentences(results: Results) -> list[str]:
    plan, grid = results.plan, results.plan.roster.grid
    people = facts.people(plan.roster)
    at_work = sum(bool(fact.days) for fact in people)
    shifts = sum(len(fact.tour.planned) for fact in people)
    paid, credit = (sum(getattr(fact, name) for fact in people) for name in ("paid", "credit"))
    contacts = words.number(facts.total_contacts(results.forecast))
    said = [
        f"{contacts} contacts are expected from {words.weeks(grid)}.",
        f"{words.count(at_work, 'person works', 'people work')} "
        f"{words.count(shifts, 'shift')} and {words.hours(paid)} paid hours"
        + (f"; absences credit {words.hours(credit)} hours more." if credit else "."),
    ]
    if results.verdict:
        said += [_kept(promise) for promise in results.verdict.promises if _total(promise)]
        said.append(_rules(results))
    return [*said, _money(results), _wishes(people)]


def _total(promise: PromiseVerdict) -> bool:
    """Promises over days stand in their own table; here are those over the whole."""
    return not promise.period.startswith(("day ", "interval"))


def _kept(promise: PromiseVerdict) -> str:
    kind = tables.kind_words(promise)
    asked = f"{promise.queue}: {words.percent(promise.target, 0)} {kind} promised"
    said = f"{asked}, {words.percent(promise.planned)} planned"
    if promise.simulated is None:
        return f"{said}; nothing was simulated."
    end = "missed" if promise.missed else "kept"
    return f"{said}, {tables.simulated_text(promise)} simulated: {end}."


def _rules(results: Results) -> str:
    found = results.verdict.violations if results.verdict else ()
    hard = sum(violation.severity is Severity.HARD for violation in found)
    others = len(found) - hard
    broken = f"{words.count(hard, 'breach', 'breaches')} of hard rules" if hard else "no breach"
    said = f"The rules, read again from everyone's days alone: {broken}"
    return f"{said}, {words.count(others, 'priced finding')}." if others else f"{said}."


def _money(results: Results) -> str:
    cost, currency = results.plan.cost, results.currency
    said = f"The plan costs {words.money(cost.pay, currency)} in pay"
    counted = []
    if cost.wishes:
        counted.append(f"refused wishes counted at {words.money(cost.wishes, currency)}")
    if cost.shortfall:
        counted.append(f"what is missing at {words.money(cost.shortfall, currency)}")
    if counted:
        all_of = words.money(cost.total, currency)
        said += f"; with {' and '.join(counted)} it comes to {all_of}"
    if results.plan.gap < 5e-5:
        return f"{said}. It is proven that no plan within these rules comes to less."
    return (
        f"{said}. It is proven that no plan within these rules comes to less than "
        f"{words.money(round(results.plan.bound), currency)}: at most "
        f"{words.percent(results.plan.gap, 2)} better."
    )


def _wishes(people: tuple[facts.PersonFacts, ...]) -> str:
    judged = [wish for fact in people for wish in fact.wishes if wish.granted is not None]
    if not judged:
        return "Nobody stated a wish."
    kept = sum(bool(wish.granted) for wish in judged)
    verb = "is" if kept == 1 else "are"
    return f"{kept} of {words.count(len(judged), 'wish', 'wishes')} {verb} granted."


def _missing(results: Results) -> list[str]:
    said = []
    short, intervals = service.shortness(results.requirement, results.plan)
    if intervals:
        said.append(
            f"In {words.count(intervals, 'interval')} cover lies below what the floor or the "
            f"occupancy limit asks for, by {words.number(short, 1)} head-hours in all."
        )
    for gap in service.unserved(results.requirement, results.plan.cover):
        if gap.contacts >= 0.5:
            grid = results.requirement.grid
            days = words.listed([words.day(grid.date(day)) for day in gap.days])
            said.append(
                f"{gap.queue}: nobody serves it in {words.count(gap.intervals, 'open interval')}"
                f"{f' ({days}: all day)' if gap.days else ''}, in which "
                f"{words.number(gap.contacts, 1)} contacts are expected."
            )
    if results.verdict is None:
        said.append("The plan was not verified: `wfm verify` re-derives rules, cover and cost.")
    elif not _simulated(results):
        said.append("The plan was not simulated: the promise is known from formulas alone.")
    if results.verdict:
        said += [
            f"Not checked: {rule}. To have it checked: {needed}."
            for rule, needed in results.verdict.not_checked
        ]
    if results.backtest is None:
        said.append("No backtest is shown: the forecast was given as a file.")
    return said
