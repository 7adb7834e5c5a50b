"""
The tables of ``wfm.toml``: every key with its unit, its default and its meaning.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from wfm.domain.demand import Channel
from wfm.domain.promise import Abandons, AnswerRate, OnTime, Period, Promise, ServiceLevel
from wfm.errors import SettingsError
from wfm.settings.values import (
    SPELLINGS,
    ClockText,
    Grain,
    OpeningHours,
    Share,
    SpanText,
    Weekday,
    ZoneName,
    promises_value,
)

Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Section(BaseModel):
    """
    A table of the file; a key that it does not know is a fault.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class PromiseSection(Section):
    """A promise of one queue."""

    kind: Literal["answer_rate", "service_level", "on_time"]
    share: Annotated[Share, Field(gt=0, lt=1)]
    over: Period = Period.WEEK  # interval, day or week
    floor: Share = 0.0  # no interval falls below it
    max_occupancy: Share = 1.0  # busy time over time on queue, in each interval
    risk: Share | None = None  # 0.2: kept on 80 % of days
    threshold_s: Number | None = Field(None, ge=0)  # service_level: seconds
    due_h: Number | None = Field(None, gt=0)  # on_time: opening hours
    abandons: Abandons = Abandons.OFFERED  # service_level: how those who hang up count

    def domain(self) -> Promise:
        """The promise as stages know it."""
        shared: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("share", "over", "floor", "max_occupancy", "risk")
        }
        stray = {"answer_rate": ("threshold_s", "due_h"), "service_level": ("due_h",)}
        for name in stray.get(self.kind, ("threshold_s",)):
            if getattr(self, name) is not None:
                raise SettingsError(f"{name} says nothing about {self.kind}", hint=SPELLINGS)
        if self.kind == "answer_rate":
            return AnswerRate(**shared)
        if self.kind == "service_level":
            if self.threshold_s is None:
                raise SettingsError("service_level without threshold_s", hint=SPELLINGS)
            return ServiceLevel(threshold=self.threshold_s, abandons=self.abandons, **shared)
        if self.due_h is None:
            raise SettingsError("on_time without due_h", hint=SPELLINGS)
        return OnTime(due=self.due_h, **shared)


Promises = Annotated[tuple[PromiseSection, ...], promises_value]


class SelfServiceSection(Section):
    """What takes contacts of a queue before people do."""

    share: Annotated[Share, Field(lt=1)]  # of contacts that it takes
    error: Annotated[Share, Field(lt=1)] = 0.0  # of those that it fails: they reach people
    back_to: str | None = None  # queue in which they come back; none: this one


class QueueSection(Section):
    """``[queue.NAME]``: one line of contacts."""

    channel: Channel = Channel.PHONE
    open: OpeningHours | None = None  # None: inferred from history
    skills: tuple[str, ...] = ()  # all are needed; none: the queue's own name
    patience_s: Number | None = Field(None, gt=0)  # mean time until a caller hangs up
    promise: Promises = ()
    concurrency: Whole = Field(1, ge=1)  # contacts at once, for chat
    priority: Whole = 1  # lower is served first
    like: str | None = None  # whose history stands in
    slowing: tuple[Number, ...] = ()  # times longer among 1, 2, 3 contacts at once (chat)
    reserve: Whole = Field(0, ge=0)  # people kept idle beside deferrable work
    redial: Share | None = None  # chance that who hung up tries again; none: as calibrated
    redial_delay_s: Number = Field(600.0, gt=0)  # mean time until then
    callback: Share = 0.0  # share who accept a call-back
    callback_after_s: Number = Field(60.0, gt=0)  # wait at which it is offered
    callback_delay_s: Number = Field(900.0, gt=0)  # mean time until it is tried
    self_service: SelfServiceSection | None = None  # a website, menu or bot in front
    aht_between_s: tuple[Number, Number] = (5.0, 14400.0)  # means outside are another unit


class ShrinkageSection(Section):
    """``[shrinkage]``: paid time not available for contacts, shares."""

    planned: Annotated[Share, Field(lt=1)] = 0.0
    unplanned: Annotated[Share, Field(lt=1)] = 0.0


class BreakSection(Section):
    """``[break.NAME]``."""

    minutes: Whole = Field(gt=0, le=240)
    window: SpanText | None = None  # wall clock it must lie in
    after: Whole = Field(60, ge=0)  # minutes after the shift's start at least
    before: Whole = Field(60, ge=0)  # minutes before its end at least
    apart: Whole = Field(60, ge=0)  # minutes to another break at least
    paid: bool = False
    work: bool = False  # counts as working time in the law's sense
    step: Whole = Field(15, ge=5)  # minutes between starts tried
    split: bool = False  # parts the shift in two: people leave in between


class ShapeSection(Section):
    """``[shape.NAME]``: a kind of shift."""

    start: SpanText  # first and last start, wall clock
    length_h: tuple[Annotated[Number, Field(gt=0, le=24)], ...] = Field(min_length=1)  # paid hours
    breaks: tuple[str, ...] = ()
    step: Whole = Field(30, ge=5)  # minutes between starts
    closing: Whole = Field(0, ge=0)  # minutes off the queues at its end, inside its paid length


class ContractSection(Section):
    """``[contract.NAME]``."""

    hours_per_week: Number = Field(ge=0, le=168)
    tolerance_h: Number = Field(0.0, ge=0)  # hours a week may lie off, a hard limit
    days_per_week: Whole = Field(5, ge=1, le=7)  # at most
    shapes: tuple[str, ...] = Field(min_length=1)
    rotation: tuple[tuple[str, ...], ...] = ()  # shapes of each week of a cycle; none: all
    average_weeks: Whole = Field(1, ge=1, le=52)  # weeks whose hours are averaged; 1: each alone
    average_from: date | None = None  # in the first week of a block of them; none: 1 January 2024
    balance_h: Number | None = Field(None, ge=0)  # hours ahead or behind as a week of it ends
    pay: str = "base"


class NightSection(Section):
    """``night = { window = "22:00-06:00", share = 0.25 }``."""

    window: SpanText
    share: Number = Field(ge=0)


class OvertimeSection(Section):
    """``overtime = [{ from_h = 39, share = 0.25 }]``: weekly hours from which."""

    from_h: Number = Field(ge=0, le=168)
    share: Number = Field(ge=0)


class PaySection(Section):
    """``[pay.NAME]``: shares are of the hourly rate, on top."""

    per_hour: Number = Field(ge=0)  # currency units
    night: NightSection | None = None
    saturday: Number = Field(0.0, ge=0)
    sunday: Number = Field(0.0, ge=0)
    holiday: Number = Field(0.0, ge=0)
    overtime: tuple[OvertimeSection, ...] = ()


class ActivitySection(Section):
    """``[activity.NAME]``: what else people do."""

    on_contacts: bool = False
    paid: bool = True
    work: bool = True


class RulesSection(Section):
    """``[rules]``: labour law. No preset is taken in silence: whoever needs one asks for it."""

    preset: str | None = None
    override: tuple[dict[str, Any], ...] = ()  # { code = ..., a number of that rule = ... }
    add: tuple[dict[str, Any], ...] = ()  # { code = ..., rule = ..., its numbers }: house rules

    @property
    def named(self) -> str:
        """The preset that the file names."""
        if self.preset is None:
            raise SettingsError(
                "names no labour law",
                place="wfm.toml, [rules] preset",
                hint='write preset = "eu-wtd", or another that `wfm rules list` shows',
            )
        return self.preset


class WishesSection(Section):
    """``[wishes]``: the price of refusing a wish of weight 1, currency units."""

    off: Number = Field(20.0, ge=0)
    early: Number = Field(10.0, ge=0)
    late: Number = Field(10.0, ge=0)
    shift: Number = Field(10.0, ge=0)


class FairnessSection(Section):
    """``[fairness]``: price of the second time, twice that of the third ..., currency units."""

    evening: Number = Field(0.0, ge=0)  # a shift that ends after evening_from
    weekend: Number = Field(0.0, ge=0)  # a Saturday or Sunday worked
    evening_from: ClockText = 1200  # wall clock


class PoolSection(Section):
    """``[pool.NAME]``: people without a name, of an outsourcer or a reserve."""

    people: Whole = Field(ge=1, le=1000)
    contract: str  # hours_per_week less tolerance_h is what must be bought
    skills: dict[str, Number] | tuple[str, ...] = ()  # or { orders = 0.8 }
    cost_per_hour: Number | None = Field(None, ge=0)  # else the contract's, currency units


class PlanSection(Section):
    """``[plan]``: what ``wfm plan`` makes."""

    notice_days: Whole = Field(7, ge=0, le=366)  # days between today and the week planned, at least
    weeks: Whole = Field(1, ge=1, le=104)
    stale_days: Whole = Field(35, ge=0)  # history that ends longer before the week is too old
    seed: Whole = Field(1, ge=0, lt=2**31)
    effort: Number = Field(1.0, gt=0, le=1000)  # work of the solver; 2 is twice as much
    replications: Whole = Field(200, ge=2, le=10_000)  # simulated weeks
    rounds: Whole = Field(3, ge=1, le=4)  # plans made, each with what the last simulation found
    max_gap: Share | None = None  # a wider gap is exit 5
    change_price: Number = Field(50.0, ge=0)  # of a changed person-day in a revised plan, currency
    cover: Literal["promise", "heads"] = "promise"  # heads: each interval's, not the promise


class File(Section):
    """
    The whole file.
    """

    timezone: ZoneName
    country: str | None = None  # public holidays: FR, IL
    region: str | None = None
    interval: Grain = 15  # minutes
    week_starts: Weekday = "monday"
    queue: dict[str, QueueSection] = Field(min_length=1)
    shrinkage: ShrinkageSection = ShrinkageSection()
    contract: dict[str, ContractSection] = {}
    shape: dict[str, ShapeSection] = {}
    break_: dict[str, BreakSection] = Field({}, alias="break")
    activity: dict[str, ActivitySection] = {}
    pay: dict[str, PaySection] = {}
    rules: RulesSection = RulesSection()
    wishes: WishesSection = WishesSection()
    fairness: FairnessSection = FairnessSection()
    pool: dict[str, PoolSection] = {}
    plan: PlanSection = PlanSection()
