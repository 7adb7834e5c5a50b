"""
The tiny cases: for every rule, duties right at its thresholds, one minute either side.
"""

from __future__ import annotations

from datetime import date, timedelta

from tinycases import MONDAY, Case, contract

from wfm.domain.workforce import Absence, AbsenceKind, Wish, WishKind
from wfm.rules.breaks import BreakAfter
from wfm.rules.days import ConsecutiveDays, ContractDays, DaysPerWeek
from wfm.rules.hours import ContractHours, WeeklyMaximum
from wfm.rules.person import Absences, Availability, OnTheTeam, Skills, Wishes
from wfm.rules.rest import DailyRest, NoOverlap, WeeklyRest

FREE = (0, 1, 2)

# a day that ends at 19:00 leaves exactly 11 h until 06:00; 19:01 and 05:59 miss by a minute
AROUND_11 = ((360, 840), (359, 840), (720, 1140), (720, 1141))
NIGHT = (1320, 1800)  # 22:00 to 06:00

REST = [
    Case("no overlap", NoOverlap(), ((1200, 1860), (420, 900), (419, 900)), days=4),
    Case("no overlap carried", NoOverlap(), ((1200, 1860), (420, 900), (419, 900)), days=3,
         past=((-1, 1),), known_from=-1),
    Case("daily rest", DailyRest(11), AROUND_11, days=4),
    Case("daily rest carried", DailyRest(11), AROUND_11, days=3, past=((-1, 4),), known_from=-7),
    Case("daily rest nights", DailyRest(11), (NIGHT, (1020, 1500), (1019, 1500)), days=5),
    Case("daily rest clocks forward", DailyRest(11), ((420, 1140), (480, 1200), (360, 900)),
         days=4, first=date(2026, 3, 27), zone="Europe/Paris"),
    Case("daily rest clocks back", DailyRest(11), ((420, 1140), (480, 1260), (360, 900)),
         days=4, first=date(2026, 10, 23), zone="Europe/Paris"),
    # Saturday until 13:00, or 13:01, then Monday from 00:00: 35 h, and a minute less
    Case("weekly rest", WeeklyRest(24, 11), ((360, 780), (0, 781)), days=8),
    Case("weekly rest over the edge", WeeklyRest(24, 11),
         ((480, 1440), (660, 1200), (659, 1200)), days=14,
         menu=((1,),) * 5 + ((0, 1), (0, 1, 2), (0, 2, 3), (0, 2, 3)) + ((1,),) * 3
         + ((0, 1), (0, 1))),
    Case("weekly rest carried", WeeklyRest(24, 11), ((480, 1440), (660, 1200), (659, 1200)),
         days=7, menu=((0, 2, 3), (0, 2, 3), (1,), (1,), (0, 1), (0, 2), (0, 1)),
         past=tuple((day, 1) for day in range(-7, -1)), known_from=-7),
    Case("weekly rest starts Sunday", WeeklyRest(24, 11), ((0, 600), (780, 1439)), days=9,
         menu=((0, 1),) * 9, week_starts="sunday", past=((-1, 2),), known_from=-1),
    Case("weekly rest shorter", WeeklyRest(20, 0), ((0, 241), (1200, 1680)), days=7,
         menu=(FREE, FREE, (1,), (1, 2), FREE, FREE, (1, 2))),
]  # fmt: skip

DAYS = [
    Case("consecutive days", ConsecutiveDays(3), ((480, 960),), days=9),
    Case("consecutive days carried", ConsecutiveDays(3), ((480, 960),), days=6,
         past=((-3, 1), (-2, 1), (-1, 1)), known_from=-3),
    Case("days a week", DaysPerWeek(2), ((480, 960),), days=9),
    Case("days a week carried", DaysPerWeek(3), ((480, 960),), days=6, first=MONDAY
         + timedelta(days=3), past=((-1, 1), (-2, 1)), known_from=-3),
    Case("contract days", ContractDays(), ((480, 960),), days=8,
         terms=contract(days_per_week=4)),
]  # fmt: skip

HOURS = [
    Case("weekly maximum", WeeklyMaximum(24), ((480, 840), (480, 841), (480, 839)), days=7,
         menu=((0, 1), (0, 1), (0, 1), (0, 2), (0, 3), (0, 1), (0, 1))),
    Case("weekly maximum carried", WeeklyMaximum(24), ((480, 840), (480, 841)), days=5,
         first=MONDAY + timedelta(days=2), past=((-2, 1), (-1, 2)), known_from=-2,
         menu=((0, 1),) * 5),
    Case("contract hours", ContractHours(), ((480, 900), (480, 901), (480, 899)), days=7,
         terms=contract(hours_per_week=21.0, tolerance=0.0),
         menu=((0, 1), (0, 1, 2), (0, 1, 3), (0, 1), (0, 1), (0,), (0, 1))),
    Case("contract hours with an absence", ContractHours(), ((480, 900), (480, 960)), days=14,
         terms=contract(hours_per_week=14.0, tolerance=1.0),
         changes={"credit": {0: 420, 1: 420, 2: 420, 8: 420}},
         menu=((0, 1), (0,), (0,), (0, 1), (0,), (0,), (0,)) + ((0, 1, 2), (0,)) * 3 + ((0, 1),)),
    Case("contract hours of who leaves", ContractHours(), ((480, 900), (480, 901)), days=7,
         terms=contract(hours_per_week=35.0), changes={"ends": MONDAY + timedelta(days=2)},
         menu=((0, 1, 2),) * 4 + ((0, 1),) * 3),
    Case("contract hours of half a week", ContractHours(), ((480, 900), (480, 901)), days=5,
         terms=contract(hours_per_week=14.0), first=MONDAY + timedelta(days=4),
         past=((-1, 1),), known_from=-4),
]  # fmt: skip

BREAKS = [
    # six hours of work, and a minute more, without a break, with 20 minutes and with 19
    Case("break after 6 h", BreakAfter(6, 20),
         ((480, 840), (480, 841), ((480, 660), (680, 861)), ((480, 660), (679, 860))), days=3),
    Case("break once 6 h are reached", BreakAfter(6, 20, reached=True),
         ((480, 839), (480, 840), ((480, 660), (680, 860))), days=3),
]  # fmt: skip

PERSON = [
    Case("availability", Availability(), ((480, 960), (479, 960), (480, 961)), days=3,
         changes={"available": ((480, 960), (1440, 2880 + 960))}),
    Case("absences", Absences(), ((480, 960), (480, 961), (1081, 1200)), days=3,
         changes={"absences": (Absence(960, 1080, AbsenceKind.LEAVE),
                               Absence(1440 + 1080, 4320, AbsenceKind.SICK))}),
    Case("on the team", OnTheTeam(), ((480, 960),), days=6,
         changes={"starts": MONDAY + timedelta(days=1), "ends": MONDAY + timedelta(days=4)}),
    Case("skills", Skills((("bank", ("money", "fr")), ("web", ("web",)))),
         (("", (480, 960), ("bank",)), ("", (480, 960), ("web",)), ("", (480, 960), ()),
          ("", (480, 960), ("bank", "web"))), days=3,
         changes={"skills": {"money": 0.8, "fr": 1.0, "web": 0.0}}),
    Case("wishes", Wishes(early=600, late=1080), (("e", (599, 900)), ("m", (600, 1080)),
         ("l", (700, 1081))), days=4, price=1,
         changes={"wishes": (Wish(0, WishKind.OFF, 500), Wish(1, WishKind.EARLY, 300),
                             Wish(2, WishKind.LATE, 200), Wish(3, WishKind.SHIFT, 100, "m"))}),
]  # fmt: skip

CASES = [*REST, *DAYS, *HOURS, *BREAKS, *PERSON]
