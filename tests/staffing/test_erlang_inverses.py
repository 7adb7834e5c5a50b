"""
The fewest agents, and everything else worked out backwards.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.domain.calibration import Shrinkage
from wfm.errors import SettingsError
from wfm.staffing.erlang.calculator import Case, answer, doubts
from wfm.staffing.erlang.inverses import (
    Target,
    first_true,
    required_agents,
    required_agents_c,
    to_schedule,
)
from wfm.staffing.erlang.models import perform

# Agents for a load with AHT 300 s and patience 360 s: 90 and 95 % answered, 80/20, 90/20,
# and 90/20 by Erlang C; worked out independently by numerical integration of the wait.
AGENTS = {
    8: (9, 10, 11, 12, 13),
    45: (42, 46, 49, 52, 54),
    190: (172, 183, 192, 198, 204),
    1270: (1144, 1207, 1231, 1246, 1292),
}


@pytest.mark.parametrize(("load", "expected"), AGENTS.items())
def test_agents_for_five_promises(load, expected):
    """An answer rate, a service level and Erlang C ask for different plans."""
    targets = (
        Target(answer_rate=0.9),
        Target(answer_rate=0.95),
        Target(service_level=0.8),
        Target(service_level=0.9),
    )
    found = [required_agents(load, 300, target, patience_s=360) for target in targets]

    assert (*found, required_agents_c(load, 300, 0.9, 20)) == expected


@settings(max_examples=100, deadline=None)
@given(
    load=st.floats(0.05, 1500),
    aht=st.floats(20, 2000),
    share=st.floats(0.05, 0.99),
    patience=st.one_of(st.none(), st.floats(5, 3600)),
)
def test_one_agent_fewer_breaks_the_promise(load, aht, share, patience):
    """The required agents keep the target, one fewer does not."""
    target = Target(service_level=share)
    agents = required_agents(load, aht, target, patience_s=patience)

    assert target.kept(perform(load, agents, aht, patience_s=patience))
    assert not target.kept(perform(load, agents - 1, aht, patience_s=patience))


@settings(max_examples=60, deadline=None)
@given(load=st.floats(0.05, 1500), aht=st.floats(20, 2000), share=st.floats(0.05, 0.99))
def test_the_walk_finds_what_the_search_finds(load, aht, share):
    """Two roads to the agents of Erlang C."""
    assert required_agents_c(load, aht, share, 20) == required_agents(
        load, aht, Target(service_level=share)
    )


def test_a_call_a_day_needs_one_agent():
    """A queue with one call a day: somebody must be there, but one is enough."""
    assert required_agents(1 * 180 / 86400, 180, Target(service_level=0.8)) == 1


def test_no_calls_need_nobody():
    """Zero calls: zero agents."""
    assert required_agents(0, 180, Target(service_level=0.8)) == 0


def test_an_hour_of_mail_needs_no_spare_agent():
    """9.6 erlangs, 80 % within four hours: ten agents, not eleven."""
    assert required_agents_c(9.6, 600, 0.8, 4 * 3600) == 10


def test_a_low_target_is_kept_by_one():
    """0.6 erlangs, 30 % within 20 s: one agent, not two."""
    assert required_agents_c(0.6, 180, 0.3, 20) == 1


def test_seven_hundred_and_twenty_erlangs():
    """A large centre where other programs say 721 or 735."""
    assert required_agents_c(720, 180, 0.8, 20) == 731


def test_occupancy_cap_adds_agents():
    """45 erlangs at an occupancy of at most 0.75 need 60 agents, exactly."""
    assert required_agents(45, 300, Target(max_occupancy=0.75)) == 60


def test_shrinkage_there_and_back():
    """63 of 90 people are there with 30 % away; rounding does not make it 62 or 91."""
    assert to_schedule(63, Shrinkage(planned=0.3)) == 90
    assert to_schedule(0.7 * 63 / 0.7, Shrinkage()) == 63


def test_shrinkages_act_one_after_the_other():
    """Planned and unplanned tenths leave 0.81."""
    assert to_schedule(81, Shrinkage(planned=0.1, unplanned=0.1)) == 100
    assert to_schedule(82, Shrinkage(planned=0.1, unplanned=0.1)) == 102


@pytest.mark.parametrize("border", [1, 2, 7, 100])
@pytest.mark.parametrize("guess", [1, 5, 64, 300])
def test_first_true_from_any_guess(border, guess):
    """The search ends at the border, wherever it begins."""
    assert first_true(lambda n: n >= border, guess) == border


@pytest.mark.parametrize("share", [80, 1.2, 0, -0.1, 1])
def test_eighty_for_eighty_percent_is_refused(share):
    """80 for 0.80: an error, with the right spelling where it can be guessed."""
    with pytest.raises(SettingsError, match="service_level is"):
        Target(service_level=share)


def test_eighty_is_told_its_spelling():
    """The hint writes the share out."""
    with pytest.raises(SettingsError, match=r"write 80 % as 0\.8"):
        Target(service_level=80)


def test_answer_rate_without_patience_says_what_to_measure():
    """Nobody hangs up in Erlang C, so an answer rate means nothing there."""
    with pytest.raises(SettingsError, match="wfm calibrate"):
        required_agents(10, 180, Target(answer_rate=0.9))


KNOWN = Case(contacts=200, aht=180, agents=24, service_level=0.8, patience=120)


def test_most_contacts_keep_the_promise_just_so():
    """At the contacts found the promise is kept; one in a million more breaks it."""
    found = answer(Case(aht=180, agents=24, service_level=0.8, patience=120))

    assert found.found == "contacts"
    assert found.outcome.service_level() == pytest.approx(0.8, abs=1e-9)
    assert found.contacts > 200


def test_longest_handle_time_keeps_the_promise_just_so():
    """The longest AHT is found from contacts, agents and promise."""
    found = answer(Case(contacts=200, agents=24, service_level=0.8))

    assert found.aht == pytest.approx(180.81, abs=0.01)
    assert found.kept


def test_shortest_threshold():
    """Nine in ten callers are answered within 49 s by 24 agents."""
    found = answer(Case(contacts=200, aht=180, agents=24, service_level=0.9, find="within"))

    assert found.within == pytest.approx(49.15, abs=0.01)
    assert found.kept  # by the last bit, and not just short of it


def test_largest_load():
    """24 agents lose one call in a hundred at 15.3 erlangs (Erlang B tables), whatever the AHT."""
    found = answer(Case(agents=24, blocking=0.01, model="b", find="load"))

    assert found.outcome.load == pytest.approx(15.295, abs=0.001)
    assert found.kept


def test_load_and_contacts_are_the_same_question():
    """The largest load is that of the most contacts."""
    case = Case(aht=180, agents=24, service_level=0.8)
    by_load, by_contacts = (answer(replace(case, find=what)) for what in ("load", "contacts"))

    assert by_load.contacts == pytest.approx(by_contacts.contacts)


def test_what_is_given_cannot_be_found():
    """24 agents are given and asked for."""
    with pytest.raises(SettingsError, match="agents is to be found, and 24 is given"):
        answer(Case(contacts=200, aht=180, agents=24, service_level=0.8, find="agents"))


def test_answer_rate_with_infinite_patience_says_what_to_measure():
    """Who never hangs up is always answered, and 90 % of them is no question."""
    with pytest.raises(SettingsError, match="needs callers' patience") as caught:
        answer(Case(contacts=200, aht=180, answer_rate=0.9, patience=math.inf))

    assert "wfm calibrate" in caught.value.problems[0].hint


def test_threshold_that_does_not_exist():
    """No threshold is long enough for callers who have hung up."""
    case = Case(contacts=200, aht=180, agents=10, patience=60, service_level=0.9, find="within")

    with pytest.raises(SettingsError, match="no threshold"):
        answer(case)


def test_largest_shrinkage():
    """26 of 40 scheduled people are needed: 35 % may be away."""
    case = Case(contacts=200, aht=180, scheduled=40, service_level=0.9, find="shrinkage")

    assert answer(case).shrinkage == pytest.approx(14 / 40)


def test_scheduled_people_are_thinned_by_shrinkage():
    """40 people with 35 % away are 26 agents: what do they give?"""
    found = answer(Case(contacts=200, aht=180, scheduled=40, shrinkage=0.35))

    assert found.agents == pytest.approx(26)
    assert found.outcome.service_level() == pytest.approx(perform(20, 26, 180).service_level())


def test_outcome_where_all_is_given():
    """With agents given the targets are only compared."""
    found = answer(KNOWN)

    assert (found.found, found.kept) == ("outcome", True)


def test_aht_zero_with_calls_is_refused():
    """AHT 0 with calls says what AHT is, and what measures it."""
    with pytest.raises(SettingsError) as caught:
        answer(Case(contacts=10, aht=0, service_level=0.8))

    hint = caught.value.problems[0].hint
    assert "talk, hold and wrap-up" in hint
    assert "`wfm calibrate CALLS`" in hint


def test_both_contacts_and_load_are_refused():
    """One follows from the other."""
    with pytest.raises(SettingsError, match="both given"):
        answer(Case(contacts=10, load=3, aht=180, service_level=0.8))


def test_aht_in_minutes_is_suspected():
    """Three seconds of talk: the calculator asks whether minutes were meant."""
    assert "--aht 180" in doubts(Case(contacts=200, aht=3))[0]
    assert doubts(Case(contacts=200, aht=180, patience=60)) == []
    assert doubts(Case(contacts=200, aht=5 * 3600)) == []


def test_aht_in_milliseconds_is_suspected():
    """180000 with --aht: fifty hours are doubted, ten hours are not."""
    assert "--aht 180" in doubts(Case(contacts=200, aht=180_000))[0]
    assert doubts(Case(contacts=200, aht=36_000)) == []


def test_chat_without_concurrency_is_refused():
    """No chats at once make no agent: concurrency 0 is an error."""
    with pytest.raises(SettingsError, match="concurrency is 0"):
        answer(Case(contacts=200, aht=180, concurrency=0, service_level=0.8))


def test_chat_needs_to_know_how_much_it_slows():
    """Never a flat factor: three chats at once need the measured slowing."""
    with pytest.raises(SettingsError, match="handle times by concurrency"):
        answer(Case(contacts=200, aht=180, concurrency=3, service_level=0.8))


def test_self_service_takes_what_it_finishes():
    """A machine takes 55 % of calls, one in a hundred fails: 45.55 % reach people."""
    found = answer(
        Case(
            contacts=200,
            aht=180,
            self_service=0.55,
            self_service_errors=0.01,
            service_level=0.8,
        )
    )

    assert found.outcome.load == pytest.approx(20 * 0.4555)


def test_an_empty_question_shows_a_full_one():
    """Without contacts and agents there is nothing to work out: an example is shown."""
    with pytest.raises(SettingsError, match="--contacts 200"):
        answer(Case())
