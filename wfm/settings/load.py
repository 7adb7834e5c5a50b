"""
From ``wfm.toml`` to domain types: queues, contracts, shapes, pay and promises.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from wfm.domain.calibration import Shrinkage
from wfm.domain.demand import Opening, Queue, SelfService
from wfm.domain.holidays import public_holidays
from wfm.domain.money import Cents, cents
from wfm.domain.timegrid import DAY, clock_text
from wfm.domain.workforce import (
    CLOSING,
    FIRST_WEEK,
    MEETING,
    TRAINING,
    WORK,
    Activity,
    Agent,
    Break,
    Contract,
    Pay,
    Premium,
    Shape,
    WishKind,
)
from wfm.errors import Problem, SettingsError, WfmError, nearest
from wfm.settings.faults import problems
from wfm.settings.sections import (
    ContractSection,
    FairnessSection,
    File,
    PaySection,
    PlanSection,
    PoolSection,
    QueueSection,
    RulesSection,
    ShapeSection,
)
from wfm.settings.values import Hours

NAME = "wfm.toml"
HOLIDAY_YEARS = range(1990, 2051)  # years whose holidays opening hours can know
S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """
    A centre, as its ``wfm.toml`` states it, in domain types.

    ``wish_prices`` are cents for refusing a wish of weight 1, by kind. ``activities``
    are all that a roster may hold, by name. ``pool`` are those who have no name in agents.csv.
    """

    timezone: str
    country: str | None
    region: str | None
    interval: int
    week_starts: str
    queues: Mapping[str, Queue]
    shrinkage: Shrinkage
    contracts: Mapping[str, Contract]
    shapes: Mapping[str, Shape]
    activities: Mapping[str, Activity]
    wish_prices: Mapping[WishKind, Cents]
    pool: tuple[Agent, ...]
    fairness: FairnessSection
    rules: RulesSection
    plan: PlanSection

    def holidays(self, first: date, last: date) -> dict[date, str]:
        """Public holidays from ``first`` to ``last``; none without a country."""
        return public_holidays(self.country, self.region, first, last)


def read_settings(path: Path) -> Settings:
    """
    Read a settings file.

    Raises
    ------
    SettingsError
        With every fault found.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError(
            "there is no such file", place=str(path), hint="`wfm init` makes one"
        ) from error
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(
            f"byte 0x{error.object[error.start]:02x} is no UTF-8",
            place=f"{path.name}, line {row}",
            hint="save as UTF-8",
        ) from error
    return parse_settings(text, path.name)


def parse_settings(text: str, file: str = NAME) -> Settings:
    """
    Settings from the text of a file; ``file`` is its name in errors.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is no TOML: {error}", place=file) from error
    try:
        sections = File.model_validate(found)
    except ValidationError as error:
        raise SettingsError(problems=problems(error, File, file)) from error
    return _Reading(sections, file).settings()


class _Faulty(Exception):
    """What a table names is faulty itself; its own fault says so."""


class _Reading:
    """One file on its way to the domain, with the faults found so far."""

    def __init__(self, sections: File, file: str):
        self.sections, self.file = sections, file
        self.faults: list[Problem] = []

    def settings(self) -> Settings:
        """The settings, or every fault."""
        file = self.sections
        queues = self._each("queue", file.queue, self._queue)
        breaks = self._each("break", file.break_, lambda name, one: Break(name, **dict(one)))
        pays = self._each("pay", file.pay, _pay)
        shapes = self._each("shape", file.shape, lambda name, one: self._shape(name, one, breaks))
        contracts = self._each(
            "contract", file.contract, lambda name, one: self._contract(name, one, shapes, pays)
        )
        pools = self._each("pool", file.pool, lambda name, one: self._pool(name, one, contracts))
        others = {name: Activity(name, **dict(one)) for name, one in file.activity.items()}
        self._country_known()
        if self.faults:
            raise SettingsError(problems=self.faults)
        return Settings(
            timezone=file.timezone,
            country=file.country,
            region=file.region,
            interval=file.interval,
            week_starts=file.week_starts,
            queues=queues,
            shrinkage=Shrinkage(file.shrinkage.planned, file.shrinkage.unplanned),
            contracts=contracts,
            shapes=shapes,
            activities={one.name: one for one in (WORK, CLOSING, TRAINING, MEETING)}
            | {one.name: one.activity for one in breaks.values()}
            | others,
            wish_prices={WishKind(kind): cents(price) for kind, price in file.wishes},
            pool=tuple(agent for agents in pools.values() for agent in agents),
            fairness=file.fairness,
            rules=file.rules,
            plan=file.plan,
        )

    def _each(
        self, table: str, sections: Mapping[str, S], make: Callable[[str, S], T]
    ) -> dict[str, T]:
        made: dict[str, T] = {}
        for name, section in sections.items():
            try:
                made[name] = make(name, section)
            except _Faulty:
                continue
            except WfmError as error:
                place = f"{self.file}, [{table}.{name}]"
                self.faults += [replace(one, place=place) for one in error.problems]
        return made

    def _queue(self, name: str, section: QueueSection) -> Queue:
        if section.like is not None and section.like not in self.sections.queue:
            raise SettingsError(
                f"key 'like': '{section.like}' is no queue",
                hint=nearest(section.like, self.sections.queue),
            )
        return Queue(
            name=name,
            channel=section.channel,
            opening=None if section.open is None else self._opening(section.open),
            skills=section.skills,
            promises=tuple(one.domain() for one in section.promise),
            patience_s=section.patience_s,
            concurrency=section.concurrency,
            priority=section.priority,
            like=section.like,
            slowing=section.slowing,
            reserve=section.reserve,
            redial=section.redial,
            redial_delay_s=section.redial_delay_s,
            callback=section.callback,
            callback_after_s=section.callback_after_s,
            callback_delay_s=section.callback_delay_s,
            self_service=None
            if section.self_service is None
            else SelfService(**dict(section.self_service)),
            aht_between_s=section.aht_between_s,
        )

    def _opening(self, hours: Hours) -> Opening:
        self._on_grid(hours)
        if hours.holidays is None:
            return Opening(hours.week, hours.dates)
        file = self.sections
        if file.country is None:
            raise SettingsError(
                "key 'open': hours on holidays, but no country says which days they are",
                hint='write country = "FR" at the top',
            )
        first, last = date(HOLIDAY_YEARS[0], 1, 1), date(HOLIDAY_YEARS[-1], 12, 31)
        feasts = public_holidays(file.country, file.region, first, last)
        return Opening(hours.week, dict.fromkeys(feasts, hours.holidays) | dict(hours.dates))

    def _on_grid(self, hours: Hours) -> None:
        """Refuse opening hours that begin or end inside an interval."""
        interval = self.sections.interval
        days = (*hours.week, *hours.dates.values(), hours.holidays or ())
        edges = sorted({edge for spans in days for span in spans for edge in span})
        off = [edge for edge in edges if edge % interval]
        if off:
            before = off[0] - off[0] % interval
            near = [clock_text(edge % DAY) for edge in (before, before + interval)]
            raise SettingsError(
                f"key 'open': {', '.join(clock_text(edge % DAY) for edge in off)} "
                f"lies inside an interval of {interval} minutes",
                hint=f"write {' or '.join(near)}, or take a smaller interval",
            )

    def _shape(self, name: str, section: ShapeSection, breaks: Mapping[str, Break]) -> Shape:
        lengths = tuple(round(hours * 60) for hours in section.length_h)
        for hours, length in zip(section.length_h, lengths, strict=True):
            if length % 5 or abs(hours * 60 - length) > 0.01:
                raise SettingsError(
                    f"key 'length_h': {hours:g} hours are {hours * 60:g} minutes, "
                    "expected a multiple of 5",
                    hint=f"write {max(5, 5 * round(hours * 12)) / 60:.10g}",
                )
        if section.closing >= min(lengths):
            raise SettingsError(f"closing takes {section.closing} minutes, the whole shift")
        pauses = tuple(self._known(breaks, one, "breaks", "break") for one in section.breaks)
        shape = Shape(
            name=name,
            start=section.start,
            lengths=lengths,
            breaks=pauses,
            closing=section.closing,
            step=section.step,
        )
        for pause in pauses:
            _reachable(shape, pause)
        return shape

    def _contract(
        self,
        name: str,
        section: ContractSection,
        shapes: Mapping[str, Shape],
        pays: Mapping[str, Pay],
    ) -> Contract:
        known = set(section.shapes)
        for stray in sorted({one for turn in section.rotation for one in turn} - known):
            raise SettingsError(
                f"key 'rotation': '{stray}' is not among its shapes", hint=nearest(stray, known)
            )
        if not all(section.rotation):
            raise SettingsError("key 'rotation': a week without any shape")
        if section.average_weeks == 1 and (section.average_from or section.balance_h is not None):
            raise SettingsError(
                "'average_from' and 'balance_h' say nothing without 'average_weeks'"
            )
        return Contract(
            name=name,
            hours_per_week=section.hours_per_week,
            days_per_week=section.days_per_week,
            shapes=tuple(self._known(shapes, one, "shapes", "shape") for one in section.shapes),
            pay=self._known(pays, section.pay, "pay", "pay"),
            tolerance=section.tolerance_h,
            rotation=section.rotation,
            average_weeks=section.average_weeks,
            average_from=section.average_from or FIRST_WEEK,
            balance=section.balance_h,
        )

    def _pool(
        self, name: str, section: PoolSection, contracts: Mapping[str, Contract]
    ) -> tuple[Agent, ...]:
        skills = section.skills
        rated = dict(skills) if isinstance(skills, dict) else dict.fromkeys(skills, 1.0)
        needed = {s for q, one in self.sections.queue.items() for s in one.skills or (q,)}
        for stray in sorted(set(rated) - needed):
            raise SettingsError(
                f"key 'skills': no queue needs '{stray}'", hint=nearest(stray, needed)
            )
        contract = self._known(contracts, section.contract, "contract", "contract")
        rate = None if section.cost_per_hour is None else cents(section.cost_per_hour)
        return tuple(
            Agent(
                f"{name}-{number:03d}",
                contract,
                name=name,
                zone_name=self.sections.timezone,
                skills=rated or dict.fromkeys(sorted(needed), 1.0),
                per_hour=rate,
            )
            for number in range(1, section.people + 1)
        )

    def _known(self, made: Mapping[str, T], name: str, key: str, table: str) -> T:
        """What a key names in another table of the file."""
        if name in made:
            return made[name]
        if name in self._stated(table):
            raise _Faulty
        raise SettingsError(
            f"key '{key}': there is no [{table}.{name}]", hint=nearest(name, self._stated(table))
        )

    def _stated(self, table: str) -> Mapping[str, object]:
        stated: Mapping[str, object] = getattr(self.sections, f"{table}_", None) or getattr(
            self.sections, table, {}
        )
        return stated

    def _country_known(self) -> None:
        """Note a country or region that nobody knows the holidays of."""
        file = self.sections
        if file.country is None:
            return
        try:
            public_holidays(file.country, file.region, date(2000, 1, 1), date(2000, 1, 2))
        except SettingsError as error:
            self.faults += [replace(one, place=self.file) for one in error.problems]


def _reachable(shape: Shape, pause: Break) -> None:
    """Refuse a break whose window no shift of a shape meets, on its day or the next."""
    if pause.window is None:
        return
    unpaid = sum(one.minutes for one in shape.breaks if not one.paid)
    first = shape.start[0] + pause.after
    last = shape.start[1] + max(shape.lengths) + unpaid - pause.before
    for ahead in (0, DAY):
        begin, end = max(first, pause.window[0] + ahead), min(last, pause.window[1] + ahead)
        if begin + pause.minutes <= end:
            return
    window = "-".join(clock_text(edge % DAY or edge) for edge in pause.window)
    raise SettingsError(
        f"key 'breaks': no shift of it can take '{pause.name}' within {window}",
        hint=f"change the window, after or before of [break.{pause.name}], or leave it out",
    )


def _pay(name: str, section: PaySection) -> Pay:
    premiums = [
        Premium(day, share, days=frozenset({day}))
        for day in ("saturday", "sunday", "holiday")
        if (share := getattr(section, day)) > 0
    ]
    if section.night is not None:
        premiums.insert(0, Premium("night", section.night.share, window=section.night.window))
    tiers = tuple(sorted((tier.from_h, tier.share) for tier in section.overtime))
    return Pay(name, cents(section.per_hour), tuple(premiums), tiers)
