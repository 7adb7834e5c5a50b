"""
Presets: data files that say where every rule stands written.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.roster import Severity, Status
from wfm.errors import SettingsError, StaleError
from wfm.rules.book import load_preset
from wfm.rules.holidays import ClosedWeekdays
from wfm.rules.nights import NightDutyMaximum
from wfm.rules.patterns import KindLimit
from wfm.rules.preset import preset, preset_names
from wfm.rules.registry import RULES


@pytest.mark.parametrize("name", preset_names())
def test_every_law_entry_names_its_source(name: str):
    """Code, source, clause, date and status are told of every rule."""
    for entry in preset(name).entries:
        assert entry.source, entry.code
        assert entry.clause, entry.code
        assert entry.as_of is not None
        assert entry.status is not Status.SETTING


@pytest.mark.parametrize("name", preset_names())
def test_every_sentence_is_whole(name: str):
    """No sentence keeps a field's name where its number belongs."""
    for entry in load_preset(name):
        assert "``" not in entry.rule.sentence


def test_override_carries_its_agreement():
    """A changed number shows which agreement allows it."""
    row = {"code": "EU-WTD-3", "hours": 12, "agreement": "accord of 3 March 2026"}
    entry = next(e for e in load_preset("eu-wtd", [row]) if e.code == "EU-WTD-3")
    assert entry.rule.sentence.endswith("at least 12 hours.")
    assert entry.agreement == "accord of 3 March 2026"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"code": "EU-WTD-3", "hours": 12}, "names no agreement"),
        ({"code": "EU-WTD-9", "hours": 12, "agreement": "a"}, "not in eu-wtd"),
        ({"code": "EU-WTD-3", "hour": 12, "agreement": "a"}, "'hour' is not a key"),
        ({"code": "EU-WTD-3", "hours": "12", "agreement": "a"}, "hours is '12'"),
        ({"code": "EU-WTD-3", "severity": "soft", "agreement": "a"}, "severity is 'soft'"),
        ({"code": "EU-WTD-3", "severity": "priced", "agreement": "a"}, "a price of 0 cents"),
    ],
)
def test_bad_override_says_what_is_wrong(row: dict[str, object], words: str):
    """Where, what was found, what was expected."""
    with pytest.raises(SettingsError, match=words):
        load_preset("eu-wtd", [row])


def test_priced_override():
    """An agreement may make a rule cost instead of forbid."""
    row = {"code": "EU-WTD-6", "severity": "priced", "price": 2, "agreement": "a"}
    entry = next(e for e in load_preset("eu-wtd", [row]) if e.code == "EU-WTD-6")
    assert (entry.severity, entry.price) == (Severity.PRICED, 2)


def test_a_centre_adds_rules_of_its_own():
    """As a preset would write them; they are known as settings, and a code is needed."""
    row = {"code": "HOUSE-START", "rule": "StableStart", "minutes": 90, "severity": "priced",
           "price": 2, "agreement": "accord of 3 March 2026"}  # fmt: skip
    book = load_preset("fr-code", added=[row])
    entry = next(entry for entry in book if entry.code == "HOUSE-START")
    assert (entry.rule.minutes, entry.price, entry.status) == (90, 2, Status.SETTING)
    assert entry.told_source == "this workspace accord of 3 March 2026"
    for wrong, words in (
        ({"rule": "StableStart"}, "has no code"),
        ({"code": "H", "rule": "StableStrat"}, "no kind of rule"),
        ({"code": "H", "rule": "StableStart", "minute": 90}, "'minute' is not a number"),
        ({"code": "FR-L3131-1", "rule": "DailyRest"}, "stands twice"),
    ):
        with pytest.raises(SettingsError, match=words):
            load_preset("fr-code", added=[wrong])


@pytest.mark.parametrize("name", preset_names())
def test_every_trait_can_be_written_in_agents_csv(name: str):
    """A rule for people whom nobody can name would never bind."""
    from wfm.domain.workforce import TRAITS

    for entry in preset(name).entries:
        assert entry.traits | entry.but_not <= set(TRAITS), entry.code


def test_traits_decide_whom_a_rule_binds():
    """A minor rests twelve hours, a part-timer is known by the contract."""
    from tinycases import contract, person

    book = load_preset("fr-code", house=False)
    codes = {entry.code for entry in book.for_agent(person(traits=frozenset({"minor"})).agent)}
    assert "FR-L3164-1" in codes
    codes = {entry.code for entry in book.for_agent(person().agent)}
    assert "FR-L3164-1" not in codes
    assert "FR-L3123-30" not in codes
    half = person(contract(hours_per_week=20.0)).agent
    assert "FR-L3123-30" in {entry.code for entry in book.for_agent(half)}


def test_who_is_under_sixteen_is_a_minor():
    """The rules of both hold."""
    book = load_preset("fr-code", house=False)
    from tinycases import person

    codes = {entry.code for entry in book.for_agent(person(traits=frozenset({"under_16"})).agent)}
    assert {"FR-L3164-1", "FR-L3164-1-young", "FR-L3163-1-young"} <= codes


@pytest.mark.parametrize("name", preset_names())
def test_numbers_keep_their_own_limits(name: str):
    """No entry starts outside what its own floor and ceiling let an agreement set."""
    for entry in preset(name).entries:
        assert entry.allows(entry.rule) == "", entry.code


def test_struck_words_are_told():
    """What the ministry left out of the extension stands beside the clause."""
    entries = {entry.code: entry for entry in preset("fr-2098").entries}
    assert entries["FR-2098-23-2"].struck == "unless the employee agrees"


def test_notice_is_reduced_by_an_agreement_alone():
    """Fewer days than seven ask for the name of what is given in return."""
    row = {"code": "FR-L3123-31", "agreement": "a", "reduced": 4, "counterpart": "an hour's pay"}
    rule = next(e for e in load_preset("fr-code", [row]) if e.code == "FR-L3123-31").rule
    assert rule.least == 4
    for wrong in ({"days": 5}, {"reduced": 2}):
        with pytest.raises(SettingsError, match="no agreement goes"):
            load_preset("fr-code", [row | wrong])


@pytest.mark.parametrize(
    ("row", "message", "hint"),
    [
        (
            {"code": "FR-L3131-1", "hours": 10},
            "override of rule FR-L3131-1 names no agreement",
            'add agreement = "..." with its title and date',
        ),
        (
            {"code": "FR-L3131-1", "hour": 10, "agreement": "a"},
            "override of rule FR-L3131-1: 'hour' is not a key",
            "did you mean 'hours'?",
        ),
        (
            {"code": "FR-L3131-1", "rule": "Amplitude", "agreement": "a"},
            "override of rule FR-L3131-1: 'rule' is not a key",
            "known are agreement, as_of, but_not, ceiling, clause, code, floor, hours, note, "
            "price, severity, source, status, struck, traits",
        ),
        (
            {"code": "FR-L3131-1", "notes": "x", "agreement": "a"},
            "override of rule FR-L3131-1: 'notes' is not a key",
            "did you mean 'note'?",
        ),
        (
            {"hours": 10, "agreement": "a"},
            "override of rule '', which is not in fr-code",
            f"known are {', '.join(sorted(entry.code for entry in preset('fr-code').entries))}",
        ),
        (
            {"code": "FR-L3131-11", "hours": 10, "agreement": "a"},
            "override of rule 'FR-L3131-11', which is not in fr-code",
            "did you mean 'FR-L3131-1'?",
        ),
        (
            {"code": "FR-L3131-1", "severity": "soft", "agreement": "a"},
            "rule FR-L3131-1: severity is 'soft'",
            "expected hard or priced or info",
        ),
        (
            {"code": "FR-L3131-1", "status": "reed", "agreement": "a"},
            "rule FR-L3131-1: status is 'reed'",
            "expected read or secondary or memory or setting",
        ),
        (
            {"code": "FR-L3131-1", "price": 1.5, "agreement": "a"},
            "rule FR-L3131-1: price is 1.5",
            "expected whole cents",
        ),
        (
            {"code": "FR-L3131-1", "price": True, "agreement": "a"},
            "rule FR-L3131-1: price is True",
            "expected whole cents",
        ),
        (
            {"code": "FR-L3131-1", "traits": "minor", "agreement": "a"},
            "rule FR-L3131-1: traits is 'minor'",
            'expected a list, such as ["minor"]',
        ),
        (
            {"code": "FR-L3131-1", "but_not": "minor", "agreement": "a"},
            "rule FR-L3131-1: but_not is 'minor'",
            'expected a list, such as ["minor"]',
        ),
        (
            {"code": "FR-L3131-1", "hours": False, "agreement": "a"},
            "rule FR-L3131-1: hours is False",
            "expected a number",
        ),
        (
            {"code": "FR-L3131-1", "hours": "ten", "agreement": "a"},
            "rule FR-L3131-1: hours is 'ten'",
            "expected a number",
        ),
        (
            {"code": "FR-L3131-1", "hours": 8, "agreement": "a"},
            "override of rule FR-L3131-1: hours = 8, and no agreement goes below 9",
            "see Code du travail L3131-1, D3131-6",
        ),
        (
            {"code": "FR-L3121-18", "hours": 13, "agreement": "a"},
            "override of rule FR-L3121-18: hours = 13, and no agreement goes above 12",
            "see Code du travail L3121-18, L3121-19",
        ),
    ],
)
def test_a_refused_override_says_what_to_write(row, message, hint):
    """The whole message, and the whole hint."""
    with pytest.raises(SettingsError) as refused:
        load_preset("fr-code", [row])
    (problem,) = refused.value.problems
    assert (problem.message, problem.hint) == (message, hint)


def test_an_agreement_may_go_as_far_as_the_law():
    """Nine hours of rest and twelve of work are allowed, to the minute."""
    rows = [
        {"code": "FR-L3131-1", "hours": 9, "agreement": "a"},
        {"code": "FR-L3121-18", "hours": 12, "agreement": "a"},
    ]
    entries = {entry.code: entry for entry in load_preset("fr-code", rows)}
    assert (entries["FR-L3131-1"].rule.hours, entries["FR-L3121-18"].rule.hours) == (9, 12)


@pytest.mark.parametrize(
    ("row", "message", "hint"),
    [
        (
            {"rule": "StableStart"},
            "an added rule has no code",
            'add code = "HOUSE-..."',
        ),
        (
            {"code": "H", "rule": "StableStrat"},
            "rule H: 'StableStrat' is no kind of rule",
            "did you mean 'StableStart'?",
        ),
        (
            {"code": "H"},
            "rule H: '' is no kind of rule",
            f"known are {', '.join(sorted(RULES))}",
        ),
        (
            {"code": "H", "rule": "StableStart", "minute": 90},
            "rule H: 'minute' is not a number of StableStart",
            "did you mean 'minutes'?",
        ),
        (
            {"code": "H", "rule": "StableStart", "minutes": False},
            "rule H: minutes is False",
            "expected a whole number",
        ),
        (
            {"code": "H", "rule": "BreakAfter", "reached": 1},
            "rule H: reached is 1",
            "expected true or false",
        ),
        (
            {"code": "H", "rule": "Notice", "counterpart": 1},
            "rule H: counterpart is 1",
            "expected text",
        ),
        (
            {"code": "H", "rule": "KindLimit", "kinds": "late"},
            "rule H: kinds is 'late'",
            "expected a list",
        ),
        (
            {"code": "H", "rule": "NoNight", "window": 5},
            "rule H: window is 5",
            "expected a list",
        ),
    ],
)
def test_a_refused_rule_of_the_house_says_what_to_write(row, message, hint):
    """The whole message, and the whole hint."""
    with pytest.raises(SettingsError) as refused:
        load_preset("fr-code", added=[row])
    (problem,) = refused.value.problems
    assert (problem.message, problem.hint) == (message, hint)


def test_numbers_become_what_rules_hold():
    """Whole hours a float, a list a set or a tuple, a span minutes."""
    closed = {"code": "C", "rule": "ClosedWeekdays", "weekdays": ["saturday", "sunday"]}
    kinds = {"code": "K", "rule": "KindLimit", "kinds": ["late", "night"]}
    night = {"code": "N", "rule": "NightDutyMaximum", "hours": 9, "window": "22:00-06:00"}
    traits = {"code": "T", "rule": "NoNight", "traits": ["minor"], "but_not": ["consents"]}
    book = load_preset("us-flsa", added=[closed, kinds, night, traits], house=False)
    found = {entry.code: entry for entry in book}
    assert found["C"].rule == ClosedWeekdays(frozenset({"saturday", "sunday"}))
    assert found["K"].rule == KindLimit(("late", "night"))
    assert found["N"].rule == NightDutyMaximum(9.0, window=(1320, 1800))
    assert type(found["N"].rule.hours) is float
    assert (found["T"].traits, found["T"].but_not) == ({"minor"}, {"consents"})


def test_a_preset_says_what_it_is():
    """Its own name, title, dates and note; the country and zone of the one that it extends."""
    branch = preset("fr-2098")
    assert (branch.name, branch.country, branch.zone_name) == ("fr-2098", "FR", "Europe/Paris")
    assert branch.title.startswith("France: IDCC 2098")
    assert (branch.as_of, branch.good_until) == (date(2023, 2, 16), date(2027, 12, 31))
    assert branch.note.startswith("Not for call centres that belong to a telecom operator")
    own = preset("us-ca")
    assert (own.country, own.zone_name) == ("US", "America/Los_Angeles")
    union = preset("eu-wtd")
    assert (union.country, union.zone_name) == ("", "")


def test_a_branch_has_the_rules_of_the_code_but_those_that_it_says_itself():
    """First those of the code that it neither drops nor writes anew, then its own."""
    code = [entry.code for entry in preset("fr-code").entries]
    branch = [entry.code for entry in preset("fr-2098").entries]
    gone = {"FR-L3121-18", "FR-L3131-1-amplitude", "FR-L3123-30", "FR-L3123-28"}
    kept = [one for one in code if one not in gone]
    assert branch[: len(kept)] == kept
    assert set(branch[len(kept) :]) & set(code) == {"FR-L3123-28"}
    assert len(set(branch)) == len(branch)


def test_the_presets_by_name():
    """In order, without the ending of their files."""
    assert preset_names() == (
        *("de-arbzg", "eu-wtd", "fr-2098", "fr-2198", "fr-code", "uk-wtr", "us-ca"),
        *("us-fairworkweek", "us-flsa"),
    )


def test_a_preset_is_good_to_its_last_day():
    """And stale the day after, with what to do."""
    assert load_preset("eu-wtd", as_of=date(2028, 12, 31))
    with pytest.raises(StaleError) as refused:
        load_preset("eu-wtd", as_of=date(2029, 1, 1))
    (problem,) = refused.value.problems
    assert problem.message == (
        "rule preset eu-wtd was read on 2003-11-04 and is good until 2028-12-31"
    )
    assert problem.hint == ("check the texts again before planning for 2029-01-01, or update wfm")


def test_an_unknown_preset_says_so():
    """The whole message, and the whole hint."""
    with pytest.raises(SettingsError) as refused:
        load_preset("eu-wdt")
    (problem,) = refused.value.problems
    assert problem.message == "rule preset 'eu-wdt' is not known"
    assert problem.hint == "did you mean 'eu-wtd'?"
