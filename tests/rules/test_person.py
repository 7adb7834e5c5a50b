"""
What one person can do, by hand: amounts, and the days on which there is anything to say.
"""

from __future__ import annotations

from dataclasses import replace

from test_rest import found
from tinycases import MONDAY, contract, duty, person

from wfm.domain.roster import Calendar, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Absence, AbsenceKind, Shape
from wfm.rules.person import Absences, Availability, Skills
from wfm.rules.rotation import ContractRotation

CALENDAR = Calendar(Grid(MONDAY, 14, 30))


def worked(*spells: tuple[int, int], **changes: object) -> Tour:
    """Duties of the first day."""
    return Tour(person(**changes), CALENDAR, tuple(duty(CALENDAR, 0, one) for one in spells))


def test_who_is_never_available_works_no_minute():
    """Nowhere to lie within: the whole duty is outside."""
    assert found(Availability(), worked((480, 960), available=())) == [(0, 480)]


def test_a_duty_beside_the_available_time_is_wholly_outside():
    """Available in the morning, on duty in the afternoon."""
    assert found(Availability(), worked((780, 960), available=((480, 720),))) == [(0, 180)]


def test_duties_of_one_day_add_up():
    """Ten minutes too early, and twenty too late."""
    two = worked((470, 600), (800, 980), available=((480, 960),))
    assert found(Availability(), two) == [(0, 10 + 20)]


def test_who_can_always_work_is_no_matter_of_availability():
    """On no day is there anything to say."""
    assert Availability().days(person(), CALENDAR) == ()
    assert Availability().days(person(available=()), CALENDAR) is None


def test_days_of_an_absence():
    """Its own, and two before, from which a duty may reach into it."""
    away = Absence(5 * 1440, 6 * 1440 + 60, AbsenceKind.LEAVE)
    assert Absences().days(person(absences=(away,)), CALENDAR) == {3, 4, 5, 6}


def test_who_has_every_skill_needs_no_look():
    """A level above none is enough; a skill more than needed too; no queue, no knowledge."""
    rule = Skills((("bank", ("money", "fr")),))
    able = person(skills={"money": 0.5, "fr": 1.0})
    more = person(skills={"money": 0.5, "fr": 1.0, "web": 1.0})
    assert rule.days(able, CALENDAR) == ()
    assert rule.days(more, CALENDAR) == ()
    assert rule.days(person(skills={"money": 0.0, "fr": 1.0}), CALENDAR) is None
    assert Skills(()).days(able, CALENDAR) is None


def test_who_has_no_rotation_is_no_matter_of_turns():
    """On no day is there anything to say."""
    terms = contract()
    turns = replace(terms, shapes=(Shape("day", (0, 0), (480,)),), rotation=(("day",),))
    assert ContractRotation().days(person(terms), CALENDAR) == ()
    assert ContractRotation().days(person(turns), CALENDAR) is None
