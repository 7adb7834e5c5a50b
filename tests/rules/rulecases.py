"""
The tiny cases: for every rule, duties right at its thresholds, one minute either side.
"""

from __future__ import annotations

from datetime import date, timedelta

from tinycases import MONDAY, Case, contract

from wfm.domain.workforce import WORK, Absence, AbsenceKind, Fixed, Shape, Wish, WishKind
from wfm.rules.averages import (
    AverageDays,
    AverageHours,
    BlockAverageHours,
    HighWeeks,
    LowWeek,
    LowWeekDays,
)
from wfm.rules.breaks import (
    BreakAfter,
    BreakOptions,
    BreakTotal,
    LongestSequence,
    Meal,
    MealBy,
    PaidShortBreaks,
    RestPer,
)
from wfm.rules.days import ConsecutiveDays, ContractDays, DaysPerWeek
from wfm.rules.daysoff import (
    DaysOffTogether,
    FreeWeekends,
    PairedDaysOff,
    SecondRestDay,
    WorkedDaysTogether,
)
from wfm.rules.fairness import FairEvenings, FairWeekends
from wfm.rules.fixed import FixedDuties
from wfm.rules.holidays import (
    ClosedDates,
    ClosedWeekdays,
    NoHolidays,
    ReplacementRest,
    SundaysWorked,
)
from wfm.rules.hours import ContractHours, WeeklyMaximum
from wfm.rules.lengths import (
    Amplitude,
    AmplitudeRatio,
    DailyMaximum,
    DailyReduction,
    DutyMaximum,
    RollingMaximum,
    SpellMinimum,
    SplitDays,
)
from wfm.rules.nights import (
    DaysOffAfterNights,
    LateThenEarly,
    NightDutyMaximum,
    NightsPerWeek,
    NoNight,
)
from wfm.rules.overtime import (
    ComplementaryHours,
    OvertimeQuota,
    OvertimeThreshold,
    PartTimeDrift,
)
from wfm.rules.patterns import (
    ForbiddenSuccession,
    KindLimit,
    KindsInARow,
    OneKindAMonth,
    OneKindAWeek,
    Rotation,
    StableStart,
    StartSpacing,
    StartVariance,
)
from wfm.rules.person import Absences, Availability, OnTheTeam, Skills, Wishes
from wfm.rules.premiums import PremiumHolidays, PremiumTime
from wfm.rules.rest import DailyRest, FortnightlyRest, NoOverlap, WeeklyRest
from wfm.rules.rotation import ContractRotation

FREE = (0, 1, 2)
SATURDAY = frozenset({"saturday"})

# a day that ends at 19:00 leaves exactly 11 h until 06:00; 19:01 and 05:59 miss by a minute
AROUND_11 = ((360, 840), (359, 840), (720, 1140), (720, 1141))
NIGHT = (1320, 1800)  # 22:00 to 06:00

REST = [
    Case("no overlap", NoOverlap(), ((1200, 1860), (420, 900), (419, 900)), days=4),
    Case("no overlap carried", NoOverlap(), ((1200, 1860), (420, 900), (419, 900)), days=3,
         past=((-1, 1),), known_from=-1),
    Case("no overlap at midnight", NoOverlap(), ((0, 1440), (480, 1441), (1, 600)), days=4),
    Case("daily rest", DailyRest(11), AROUND_11, days=4),
    Case("daily rest to midnight", DailyRest(11), ((0, 780), (1, 781), (0, 60)), days=4),
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
    # from Friday 13:00, or 13:01, to midnight on Sunday: 59 h, or a minute less
    Case("fortnightly rest at once", FortnightlyRest(since="2026-11-23"),
         ((360, 780), (0, 781)), days=14,
         menu=((1,),) * 11 + ((0, 1, 2), (0, 1, 2), (0, 1, 2))),
    # from noon, or a minute later, to eleven in the evening on the next day: 35 h, or less
    Case("fortnightly rest twice", FortnightlyRest(since="2026-11-16"),
         ((0, 720), (0, 721), (1380, 1439)), days=8,
         menu=((0, 1), (0, 1), (0, 1), (0, 1, 2), (0, 3), (0, 1), (0, 1), (0, 1)),
         past=tuple((day, 1) for day in range(-7, 0)), known_from=-7),
    # each day off between nights leaves 40 hours, two together 64
    Case("fortnightly rest of nights", FortnightlyRest(24, 0, 2, 1), (NIGHT,), days=8,
         menu=((0, 1),) * 7 + ((1,),), past=((-1, 1),), known_from=-1),
    Case("fortnightly rest that began unknown", FortnightlyRest(24, 0, 1, 1),
         ((0, 1440), (1, 1440)), days=9, first=MONDAY + timedelta(days=5), known_from=-1,
         menu=((0, 1), (0, 1), (1,), (1,), (1, 2), (1,), (1,), (0, 1), (1,))),
    Case("weekly rest of a week that began unknown", WeeklyRest(24, 11), ((480, 960),), days=11,
         first=MONDAY + timedelta(days=3), menu=((1,),) * 4 + ((0, 1),) * 2 + ((1,),) * 3
         + ((0, 1),) * 2),
    Case("weekly rest from its first midnight", WeeklyRest(20, 0),
         ((1199, 1500), (1200, 1500), (480, 960)), days=7, menu=((1, 2),) + ((3,),) * 6),
    Case("fortnightly rest from its first midnight", FortnightlyRest(20, 0, 1, 1, "2026-11-23"),
         ((1199, 1500), (1200, 1500), (480, 960)), days=7, menu=((1, 2),) + ((3,),) * 6,
         known_from=-1),
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
    # blocks of two weeks, of which the first week lies before the horizon or the last behind it
    Case("hours averaged over weeks", ContractHours(), ((480, 900), (480, 960), (480, 961)),
         days=21, terms=contract(hours_per_week=14.0, tolerance=1.0, balance=2.0, average_weeks=2,
                        average_from=MONDAY - timedelta(days=7)),
         past=((-7, 1), (-5, 2)), known_from=-7,
         menu=((0, 1, 2), (0, 1), (0,), (0,), (0, 2), (0,), (0,)) + ((0, 1), (0, 2), (0, 1, 3))
         + ((0,),) * 4 + ((0, 1), (0, 2), (0,), (0, 1)) + ((0,),) * 3),
    Case("averaged hours with leave", ContractHours(), ((480, 900), (480, 960)), days=14,
         terms=contract(hours_per_week=14.0, tolerance=0.0, balance=7.0, average_weeks=2),
         changes={"credit": {0: 420, 1: 420, 2: 420, 8: 420}, "ends": MONDAY + timedelta(days=11)},
         menu=((0, 1), (0,), (0,), (0, 1), (0,), (0,), (0,)) + ((0, 1, 2), (0,)) * 3 + ((0, 1),)),
]  # fmt: skip

BREAKS = [
    # six hours of work, and a minute more, without a break, with 20 minutes and with 19
    Case("break after 6 h", BreakAfter(6, 20),
         ((480, 840), (480, 841), ((480, 660), (680, 861)), ((480, 660), (679, 860))), days=3),
    # two breaks of 30 minutes after ten hours: one of 60 is none, one of 29 misses a minute
    Case("two breaks after 10 h", BreakAfter(10, 30, times=2), (((480, 780), (840, 1141)),
         ((480, 700), (730, 900), (930, 1141)), ((480, 700), (730, 900), (929, 1141)),
         ((480, 780), (840, 1140))), days=3),
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
    # two shifts that show no break; a time off to the minute; a day of which nothing is fixed
    Case("fixed duties", FixedDuties(), ((480, 960), (479, 960), (480, 961), (961, 1200)), days=4,
         changes={"fixed": (Fixed(0, 480, 960, WORK), Fixed(1, 1440 + 480, 1440 + 961, None),
                            Fixed(2, 2880 + 961, 2880 + 1200, WORK))}, price=1),
]  # fmt: skip

ONE = ((480, 960),)
PAIR = ((0, 1),)
WEEK_OFF = ((0,),) * 7


def weeks_on(*days: str) -> tuple[tuple[int, ...], ...]:
    """Menus as letters: ``.`` off, ``x`` duty 1, ``?`` either, ``*`` off, 1 or 2, ``y`` duty 2."""
    options = {".": (0,), "x": (1,), "y": (2,), "?": (0, 1), "*": (0, 1, 2), "z": (1, 2)}
    return tuple(options[letter] for letter in "".join(days))


DAYS_OFF = [
    Case("paired days off", PairedDaysOff(2), ONE, days=8),
    Case("paired days off carried", PairedDaysOff(3), ONE, days=6, past=((-2, 1),),
         known_from=-4),
    Case("worked days together", WorkedDaysTogether(2), ONE, days=8),
    Case("worked days together carried", WorkedDaysTogether(3), ONE, days=6,
         past=((-1, 1), (-3, 1)), known_from=-4),
    Case("days off together", DaysOffTogether(2), ONE, days=9),
    Case("days off together carried", DaysOffTogether(2), ONE, days=9,
         first=MONDAY + timedelta(days=3), past=((-2, 1), (-1, 1)), known_from=-3),
    Case("days off together began unknown", DaysOffTogether(2), ONE, days=9,
         first=MONDAY + timedelta(days=5), past=((-2, 1),), known_from=-3),
    Case("days off together known from Tuesday", DaysOffTogether(2), ONE, days=13,
         first=MONDAY + timedelta(days=1), menu=weeks_on("??????", "??????x")),
    Case("days off together until Saturday", DaysOffTogether(2), ONE, days=13,
         menu=weeks_on("xxxx???", "?xx???")),
    Case("days off together to the first day", DaysOffTogether(2), ONE, days=2, known_from=-6,
         first=MONDAY + timedelta(days=6), past=tuple((day, 1) for day in range(-6, -1))),
    Case("second rest day", SecondRestDay(4), ONE, days=14,
         menu=weeks_on("xx?xxx?", "???????")),
    Case("second rest day two full weeks", SecondRestDay(9), ONE, days=19,
         menu=weeks_on("xxxx?x.", "xx?xxx?", "??x.?")),
    Case("second rest day carried", SecondRestDay(5), ONE, days=7, known_from=-7,
         past=tuple((day, 1) for day in range(-7, -1))),
    Case("free weekends", FreeWeekends(1, 2), ONE, days=14,
         menu=weeks_on("x...x??", "?...x??")),
    Case("two free weekends of three", FreeWeekends(2, 3), ONE, days=22,
         first=MONDAY + timedelta(days=5), menu=weeks_on("??", ".....??", ".....??", "......")),
    Case("free weekends from a Sunday", FreeWeekends(1, 2), ONE, days=8,
         first=MONDAY + timedelta(days=6), menu=weeks_on("?", ".....??")),
    Case("free weekends carried", FreeWeekends(1, 3), ONE, days=9, first=MONDAY
         + timedelta(days=5), past=((-7, 1), (-13, 1)), known_from=-14,
         menu=weeks_on("??", "?.x??", "??")),
]  # fmt: skip

AVERAGES = [
    Case("average hours", AverageHours(14, 2), ((480, 900), (480, 901), (480, 899)), days=21,
         menu=weeks_on("x......", "?z.....", "?*.....") , past=((-1, 1), (-2, 1), (-3, 1)),
         known_from=-7),
    Case("average hours unknown past", AverageHours(14, 3), ((480, 900), (480, 901)), days=14,
         menu=weeks_on("xxx?...", "?z?*...") , past=((-1, 1),), known_from=-3),
    Case("block average", BlockAverageHours(14, 2, 1), ((480, 900), (480, 901)), days=21,
         menu=weeks_on("?z.....", "?*x....", "?*.....") , past=((-1, 1), (-2, 1)),
         known_from=-7),
    Case("average days", AverageDays(2.5, 2), ONE, days=14, past=((-1, 1), (-2, 1), (-3, 1)),
         known_from=-7, menu=weeks_on("???....", "x??....")),
    # the weeks before are short, and only the highest of the three counts
    Case("the highest week of three", HighWeeks(7, 1, 3), ((480, 900), (480, 901), (480, 680)),
         days=2, past=((-14, 3), (-7, 3)), known_from=-14),
    # two weeks of 7 h of any three: a minute more in one of them is too much, on end or not
    Case("high weeks", HighWeeks(7, 2, 3), ((480, 900), (480, 901)), days=15,
         menu=weeks_on("*......", "*......", "*")),
    Case("high weeks carried", HighWeeks(7, 2, 3), ((480, 900), (480, 901)), days=9,
         menu=weeks_on("*......", "**"), past=((-14, 2), (-1, 1)), known_from=-14),
    Case("high weeks broken before", HighWeeks(7, 1, 2), ((480, 900), (480, 901)), days=9,
         menu=weeks_on("*?.....", "*?"), past=((-2, 2), (-3, 2)), known_from=-7),
    Case("high weeks from a Thursday", HighWeeks(7, 2, 2), ((480, 900), (480, 901)), days=6,
         menu=weeks_on("*...", "z?"), past=((-1, 1), (-8, 2)), known_from=-10,
         first=MONDAY + timedelta(days=3)),
    # a week of 14 h may lie on three days; a minute less, on two
    Case("low week days", LowWeekDays(14, 2), ((480, 760), (480, 759), (480, 900)), days=14,
         menu=weeks_on("**?....", "?*.....") , past=((-1, 1),), known_from=-4),
    Case("low week days of a part-timer", LowWeekDays(35, 2), ((480, 760), (480, 759)), days=8,
         menu=weeks_on("**?...?", "?"), terms=contract(hours_per_week=14.0)),
    Case("low week days carried", LowWeekDays(14, 2), ((480, 760), (480, 759)), days=9,
         first=MONDAY + timedelta(days=4), past=((-3, 1), (-2, 2), (-8, 1), (-9, 1), (-10, 1)),
         known_from=-6, menu=weeks_on("?*?", "??*...")),
    Case("low week days began unknown", LowWeekDays(14, 2), ((480, 760), (480, 759)), days=10,
         first=MONDAY + timedelta(days=4), past=((-3, 2), (-2, 2), (-1, 2)), known_from=-3,
         menu=weeks_on("?..", "??*....")),
    Case("low week days to the first day", LowWeekDays(14, 2), ((480, 760), (480, 759)), days=2,
         first=MONDAY + timedelta(days=6), past=((-3, 1), (-2, 1)), known_from=-6),
    Case("low week", LowWeek(14), ((480, 900), (480, 899)), days=14, menu=weeks_on(
         "*?z....", "*?....?"), changes={"credit": {8: 420, 15: 420}}),
]  # fmt: skip

LENGTHS = [
    # ten hours, and a minute either side; a night of ten that shares its day with another
    Case("daily maximum", DailyMaximum(10), ((480, 1080), (480, 1081), (1020, 1500),
         (1020, 1620)), days=4),
    Case("daily maximum carried", DailyMaximum(10), ((480, 1080), (1200, 1500), (1380, 2100)),
         days=3, past=((-1, 3),), known_from=-1),
    Case("daily maximum clocks back", DailyMaximum(10), ((1080, 1680), (480, 1080), (900, 1441)),
         days=3, first=date(2026, 10, 24), zone="Europe/Paris"),
    Case("duty maximum", DutyMaximum(10), ((480, 1080), (480, 1081), ((480, 780), (840, 1140))),
         days=3),
    Case("rolling maximum", RollingMaximum(10), ((480, 1080), (479, 1080), (540, 1080), (360, 600)),
         days=4),
    Case("rolling maximum from midnight", RollingMaximum(10), ((0, 600), (1, 602)), days=4),
    Case("rolling maximum carried", RollingMaximum(10), ((480, 1081), (480, 780), (120, 720)),
         days=3, past=((-1, 1),), known_from=-1),
    Case("amplitude", Amplitude(13), (((480, 720), (1000, 1260)), ((480, 720), (1000, 1261))),
         days=3),
    Case("amplitude ratio", AmplitudeRatio(2), (((480, 600), (840, 960)), ((480, 600), (841, 961)),
         (480, 1200)), days=3),
    Case("split days", SplitDays(1, 2), (((480, 600), (720, 900)), ((480, 600), (721, 900)),
         ((480, 600), (610, 700), (710, 800))), days=3),
    Case("least spell", SpellMinimum(3, 1), ((480, 660), (480, 659), ((480, 540), (600, 660)),
         ((480, 539), (600, 660))), days=3),
    Case("daily reduction", DailyReduction(20), ((480, 880), (480, 881)), days=3),
]  # fmt: skip

MORE_BREAKS = [
    Case("break total", BreakTotal(6, 30, 15), ((480, 840), (480, 841),
         ((480, 600), (615, 700), (715, 871)), ((480, 600), (620, 700), (714, 880))), days=3),
    Case("longest sequence", LongestSequence(3, 10), ((480, 660), (480, 661),
         ((480, 660), (670, 850)), ((480, 660), (669, 849))), days=3),
    Case("break options", BreakOptions(("10 per 120", "15 per 180")), ((480, 599), (480, 600),
         ((480, 590), (600, 710)), ((480, 580), (590, 730)), ((480, 580), (595, 740))), days=3),
    Case("paid short breaks", PaidShortBreaks(20), ((480, 960), ((480, 600), (620, 960)),
         ((480, 600), (621, 960))), days=3),
    Case("meal", Meal(45, (660, 900), 4), (((480, 720), (765, 1020)), ((480, 720), (764, 1020)),
         ((480, 721), (766, 1020)), (661, 1020), (480, 899),
         (660, 1020), (480, 900)), days=3),
    Case("meal by", MealBy(5, 30, 5), ((480, 780), (480, 781), ((480, 780), (810, 900)),
         ((480, 781), (811, 900))), days=3),
    Case("rest per four hours", RestPer(4, 10, 3.5), ((480, 689), (480, 690),
         ((480, 660), (670, 850)), ((480, 660), (670, 851)), ((480, 660), (680, 861))), days=3),
    # 180 + 181 minutes ask for two rests of ten: meals of 30 minutes are none, 29 are one
    Case("rests are no meals", RestPer(4, 10, 3.5, 30), (((480, 660), (670, 760), (790, 881)),
         ((480, 660), (670, 760), (789, 880)), ((480, 660), (670, 760), (770, 861)),
         ((480, 660), (670, 760), (769, 860))), days=3),
]  # fmt: skip

NIGHTS = [
    Case("no night", NoNight((1320, 1800)), ((900, 1320), (900, 1321), (360, 600), (359, 600)),
         days=3),
    Case("premium by night", PremiumTime(0.5, window=(1290, 1830)),
         ((780, 1290), (780, 1291), (390, 900), (389, 900)), days=3, past=((-1, 1),),
         known_from=-1),
    Case("premium on Sunday", PremiumTime(weekdays=frozenset({"sunday"})),
         ((900, 1440), (900, 1441), (1320, 1800)), days=3, first=MONDAY + timedelta(days=5)),
    Case("premium on Saturday evenings", PremiumTime(window=(1200, 1560), weekdays=SATURDAY),
         ((900, 1200), (900, 1201), (1320, 1570), (0, 120)), days=3,
         first=MONDAY + timedelta(days=4)),
    Case("premium on holidays", PremiumHolidays(), ((900, 1440), (900, 1441), (0, 60)), days=3,
         first=date(2026, 12, 24), holidays={date(2026, 12, 25): "Christmas Day"}),
    Case("night duty maximum", NightDutyMaximum(8, 3), ((960, 1440), (959, 1440), (959, 1439),
         (1320, 1801), (480, 961), (840, 1321)), days=3),
    Case("nights a week", NightsPerWeek(1, 3), ((960, 1440), (960, 1439)), days=8,
         menu=weeks_on("?z....*", "?"), past=((-1, 1),), known_from=-1),
    Case("days off after nights", DaysOffAfterNights(2, 2, 3), ((1320, 1800), (480, 960)), days=6),
    Case("days off after nights carried", DaysOffAfterNights(2, 3, 3), ((1260, 1440), (480, 960)),
         days=5, past=((-3, 1), (-2, 1)), known_from=-7),
    Case("days off after three nights", DaysOffAfterNights(3, 2, 3), (NIGHT, (480, 960)), days=6),
    Case("late then early", LateThenEarly((1320, 2160), (300, 600)), ((840, 1320), (841, 1321),
         (599, 1000), (600, 1000)), days=4),
    Case("late then early, nights on end", LateThenEarly((1320, 2160), (300, 600)),
         ((1320, 1800), (480, 900)), days=5, past=((-1, 1),), known_from=-1),
]  # fmt: skip

HOLIDAYS = [
    Case("closed Sunday", ClosedWeekdays(frozenset({"sunday"})), ((960, 1440), (960, 1441),
         (0, 360)), days=4, first=MONDAY + timedelta(days=5)),
    Case("no holidays", NoHolidays(), ((960, 1440), (960, 1441)), days=4,
         holidays={MONDAY + timedelta(days=2): "feast"}),
    Case("closed dates", ClosedDates(("11-24",)), ((960, 1440), (960, 1441)), days=3),
    # to 14:00 and a minute more, from the eve into the day, from the day into the next
    Case("closed afternoons", ClosedDates(("11-24",), 14), ((480, 840), (480, 841), (1320, 2280),
         (1320, 2281)), days=3, past=((-1, 4),), known_from=-1),
    Case("Sundays worked", SundaysWorked(1, 2), ONE, days=14, menu=weeks_on("?.....?", "?....??"),
         past=((-1, 1),), known_from=-7),
    Case("replacement rest", ReplacementRest(2), ONE, days=8, first=MONDAY + timedelta(days=4),
         holidays={MONDAY + timedelta(days=8): "feast"}),
    Case("replacement rest of a holiday", ReplacementRest(2, 3), ONE, days=8,
         first=MONDAY + timedelta(days=4), holidays={MONDAY + timedelta(days=5): "feast",
         MONDAY + timedelta(days=8): "feast"}),
    Case("replacement rest carried", ReplacementRest(3), ONE, days=5, past=((-1, 1),),
         known_from=-2),
]  # fmt: skip

KINDS = (("e", (360, 840)), ("l", (840, 1320)))
PATTERNS = [
    Case("forbidden succession", ForbiddenSuccession(("l", "n"), ("e",)),
         (*KINDS, ("n", (1320, 1800))), days=4, past=((-1, 2),), known_from=-1),
    Case("forbidden succession begins", ForbiddenSuccession(("l",), ("e",)), KINDS, days=3),
    Case("kinds in a row", KindsInARow(("l",), 2), KINDS, days=6),
    Case("kinds in a row carried", KindsInARow(("l",), 2), KINDS, days=4, past=((-1, 2), (-2, 2)),
         known_from=-2),
    Case("kind limit", KindLimit(("l",), 3, 2), KINDS, days=14, past=((-1, 2),), known_from=-7,
         menu=weeks_on("*y.....", "*y*....")),
    Case("one kind a week", OneKindAWeek(), KINDS, days=9, menu=weeks_on("*.*..**", "**"),
         past=((-1, 1),), known_from=-1),
    Case("one kind a week carried", OneKindAWeek(), KINDS, days=5, past=((-1, 1), (-2, 2)),
         known_from=-2, first=MONDAY + timedelta(days=3)),
    # the month ends with the third day; its kind may be carried in
    Case("one kind a month", OneKindAMonth(), KINDS, days=5, first=date(2026, 11, 28)),
    Case("one kind a month carried", OneKindAMonth(), KINDS, days=5, first=date(2026, 12, 29),
         past=((-2, 2), (-40, 1)), known_from=-41),
    Case("rotation", Rotation(("e", "l", "n")), (*KINDS, ("n", (1320, 1800)), ("m", (600, 900))),
         days=4, past=((-2, 2),), known_from=-3),
    Case("start spacing", StartSpacing(24), ((480, 900), (479, 900), (600, 900)), days=4,
         past=((-1, 3),), known_from=-1),
    Case("start spacing from midnight", StartSpacing(24), ((0, 420), (1, 420)), days=4),
    Case("start spacing clocks forward", StartSpacing(24), ((480, 900), (420, 900), (419, 900)),
         days=4, first=date(2026, 3, 28), zone="Europe/Paris"),
    Case("the same start", StableStart(0), ((480, 900), (481, 900)), days=4),
    Case("no variance", StartVariance(0), ((480, 900), (481, 900), (0, 420)), days=4,
         first=MONDAY + timedelta(days=5)),
    Case("stable start", StableStart(120), ((480, 900), (600, 900), (601, 900)), days=4,
         past=((-2, 1),), known_from=-3),
    Case("start variance", StartVariance(120), ((480, 900), (600, 900), (601, 900), (720, 900)),
         days=4, first=MONDAY + timedelta(days=4), past=((-1, 2),), known_from=-2),
]  # fmt: skip

SHAPES = (Shape("early", (360, 480), (420,)), Shape("late", (720, 840), (420,)))
TURNS = [
    # from 2024 on, the week of the plan is the 152nd: late, and early the week after
    Case("rotation of a contract", ContractRotation(), ((720, 1140), (480, 900), (719, 1139)),
         days=9, menu=weeks_on("*......", "**") , terms=contract(shapes=SHAPES,
         rotation=(("early",), ("late",)))),
    Case("fair evenings", FairEvenings(1200), ((480, 960), (780, 1201), (780, 1200)), days=4,
         past=((-1, 2),), known_from=-2),
    Case("fair weekends", FairWeekends(), ((480, 960),), days=9, past=((-1, 1), (-7, 1)),
         known_from=-7),
]  # fmt: skip

OVERTIME = [
    Case("overtime threshold", OvertimeThreshold(14), ((480, 900), (480, 901)), days=7,
         menu=weeks_on("*?z....")),
    Case("overtime quota", OvertimeQuota(2, 7), ((480, 900), (480, 960), (480, 961)), days=14,
         menu=((0, 1, 2, 3), (0, 2), (0,), (0,), (0,), (0,), (0, 1), (0, 1, 3), (0, 2))
         + ((0,),) * 5),
    Case("overtime quota over new year", OvertimeQuota(2, 7), ((480, 900), (480, 1020)), days=12,
         first=date(2026, 12, 24), menu=weeks_on("*?..", "*x.....", "?"), known_from=-14,
         past=((-1, 1), (-9, 1))),
    Case("complementary hours", ComplementaryHours(0.1, 35), ((480, 900), (480, 984), (480, 985)),
         days=7, menu=((1,), (0, 1, 2, 3), (0, 1), (0,), (0,), (0,), (0,)),
         terms=contract(hours_per_week=14.0)),
    Case("complementary hours of an average", ComplementaryHours(0.1, 35),
         ((480, 900), (480, 984), (480, 985)), days=21, past=((-7, 1), (-6, 1)), known_from=-7,
         menu=((2,), (0, 1, 2, 3), (0, 1)) + ((0,),) * 4 + ((1,),) * 3 + ((0,),) * 4
         + ((1,), (0, 3)) + ((0,),) * 5,
         terms=contract(hours_per_week=14.0, average_weeks=2,
                        average_from=MONDAY - timedelta(days=7))),
    # two weeks of 15 h 24 at most; the horizon ends in the second, and the first may be over
    Case("complementary hours of a block that is cut", ComplementaryHours(0.1, 35),
         ((0, 924), (0, 925)), days=9, menu=weeks_on("**.....", "?."),
         terms=contract(hours_per_week=14.0, average_weeks=2, average_from=MONDAY)),
    Case("complementary hours stay below the legal week", ComplementaryHours(0.5, 14),
         ((480, 900), (480, 899)), days=7, menu=weeks_on("*z?...."),
         terms=contract(hours_per_week=12.0)),
    Case("overtime quota on a week's last day", OvertimeQuota(3, 7), ((480, 900), (480, 1020)),
         days=3, first=MONDAY + timedelta(days=6), past=((-8, 2), (-4, 1), (-2, 2)),
         known_from=-13, menu=((0, 1, 2), (0, 1, 2), (0, 2))),
    Case("overtime quota of a week that ends on New Year", OvertimeQuota(1, 7),
         ((480, 900), (480, 1020)), days=4, first=date(2022, 12, 29), past=((-7, 2), (-2, 1)),
         known_from=-10),
    Case("overtime quota after a week that ends on New Year", OvertimeQuota(1, 7),
         ((480, 900), (480, 1020)), days=4, first=date(2022, 12, 31)),
    Case("part-time drift on a week's last day", PartTimeDrift(2, 2, 2, 35), ((480, 900),
         (480, 1020)), days=2, terms=contract(hours_per_week=7.0), past=((-2, 1), (-9, 2)),
         known_from=-13, first=MONDAY + timedelta(days=6)),
    Case("part-time drift with a gap", PartTimeDrift(2, 2, 3, 35), ((480, 900), (480, 1020),
         (480, 1019)), days=21, terms=contract(hours_per_week=7.0), past=((-8, 2),),
         known_from=-14, menu=weeks_on("*......", "?......", "*......")),
    Case("part-time drift", PartTimeDrift(2, 2, 2, 35), ((480, 900), (480, 1020), (480, 1019)),
         days=14, menu=((1, 2, 3), (0,)) + ((0,),) * 5 + ((0, 1, 2), (0, 1, 3)) + ((0,),) * 5,
         terms=contract(hours_per_week=7.0), past=((-7, 2),), known_from=-7),
]  # fmt: skip

CASES = [
    *(*REST, *DAYS, *DAYS_OFF, *HOURS, *AVERAGES, *LENGTHS, *BREAKS, *MORE_BREAKS),
    *(*NIGHTS, *HOLIDAYS, *PATTERNS, *TURNS, *OVERTIME, *PERSON),
]
