"""
Presets: data files that say where every rule stands written.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.roster import Severity, Status
from wfm.errors import SettingsError, StaleError
from wfm.rules.book import load_preset
from wfm.rules.preset import preset, preset_names


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


def test_unknown_preset_names_the_nearest():
    """A slip of the keyboard is guessed at, in the hint only."""
    with pytest.raises(SettingsError, match="did you mean 'eu-wtd'"):
        load_preset("eu-wdt")


def test_old_preset_is_stale():
    """Texts read long ago must be read again."""
    with pytest.raises(StaleError, match="good until"):
        load_preset("eu-wtd", as_of=date(2040, 1, 1))


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


def test_an_agreement_goes_no_further_than_the_law():
    """Nine hours of rest is the floor, twelve hours a day the ceiling."""
    for code, hours in (("FR-L3131-1", 8), ("FR-L3121-18", 13)):
        with pytest.raises(SettingsError, match="no agreement goes"):
            load_preset("fr-code", [{"code": code, "hours": hours, "agreement": "a"}])


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
            None,
        ),
        (
            {"code": "FR-L3131-1", "notes": "x", "agreement": "a"},
            "override of rule FR-L3131-1: 'notes' is not a key",
            "did you mean 'note'?",
        ),
        (
            {"code": "FR-L3131-1", "hours": "ten", "agreement": "a"},
            "rule FR-L3131-1: hours is 'ten'",
            "expected a float",
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
    assert problem.message == message
    if hint is not None:
        assert problem.hint == hint


def test_an_agreement_may_go_as_far_as_the_law():
    """Nine hours of rest and twelve of work are allowed, to the minute."""
    rows = [
        {"code": "FR-L3131-1", "hours": 9, "agreement": "a"},
        {"code": "FR-L3121-18", "hours": 12, "agreement": "a"},
    ]
    entries = {entry.code: entry for entry in load_preset("fr-code", rows)}
    assert (entries["FR-L3131-1"].rule.hours, entries["FR-L3121-18"].rule.hours) == (9, 12)


def test_an_added_rule_without_a_code_says_what_to_write():
    """The whole message, and the whole hint."""
    with pytest.raises(SettingsError) as refused:
        load_preset("fr-code", added=[{"rule": "StableStart"}])
    (problem,) = refused.value.problems
    assert (problem.message, problem.hint) == (
        "an added rule has no code",
        'add code = "HOUSE-..."',
    )
