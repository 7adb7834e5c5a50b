"""
Pictures in plain text: they look the same on a terminal, in a file and in an e-mail.

No colour carries meaning, so ``NO_COLOR`` changes nothing. ``ascii_only`` gives pictures
for terminals that know no block characters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wfm.domain.demand import Forecast
from wfm.domain.promise import Requirement
from wfm.domain.roster import Block, Duty, Roster
from wfm.domain.timegrid import Grid, Minutes
from wfm.reporting import facts, gantt, words

BLOCKS = " ▁▂▃▄▅▆▇█"
ASCII = " .:-=+*#@"
STEPS = (5, 10, 15, 20, 30, 60, 120)  # minutes that one character may stand for
PAUSE, OFF_CONTACTS = "·", "="
PLAIN = str.maketrans({"–": "-", "·": ".", "✓": "+", "✗": "x", "\u00a0": " ", "…": "."})


@dataclass(frozen=True)
class _Strip:
    """
    The clock window that all pictures of one horizon share, in characters.

    ``first`` is the clock minute of the left edge, ``step`` the minutes of a character.
    """

    first: Minutes
    step: Minutes
    width: int

    @classmethod
    def of(cls, first: Minutes, last: Minutes, room: int, grain: Minutes = 5) -> _Strip:
        """The finest strip from ``first`` to ``last`` that fits in ``room`` characters."""
        even = [step for step in STEPS if step % grain == 0 or grain % step == 0]
        step = next((step for step in even if (last - first) / step <= room), even[-1])
        return cls(first, step, -(-(last - first) // step))

    def ruler(self) -> str:
        """Hours above a strip, as many as there is room for."""
        line = [" "] * (self.width + 2)
        gap = next((g for g in (60, 120, 180, 240, 360) if g // self.step >= 4), 360)
        start = -(-self.first // gap) * gap
        for minute in range(start, self.first + self.step * self.width + 1, gap):
            at = (minute - self.first) // self.step
            line[at : at + 2] = f"{minute // 60 % 24:02d}"
        return "".join(line).rstrip()


def forecast_text(
    forecast: Forecast, *, width: int = 80, seed: int = 0, ascii_only: bool = False
) -> str:
    """
    Contacts by queue and day: a strip of bars, the day's total and its 80 % range.
    """
    grid = forecast.grid
    lines = [f"Contacts expected, {words.weeks(grid)}", f"times in {grid.zone_name}"]
    ranges = facts.day_ranges(forecast, seed)
    for name, queue in forecast.queues.items():
        strip = _open_strip(grid, forecast.open[name], width - 34)
        peak = float(queue.contacts.max(initial=0.0))
        lines += ["", _headed(name, strip, "  contacts   80 % range", width)]
        for number in range(grid.days):
            here = forecast.open[name] & (grid.day == number)
            today = ranges[name][number]
            bars = _bars(queue.contacts, here, grid, strip, peak, ascii_only)
            scope = f"{words.number(today.low)}–{words.number(today.high)}"
            figures = f"{words.number(today.expected):>9}  {scope:>11}" if here.any() else ""
            lines.append(_row(words.day(grid.date(number)), bars, strip, figures or "  closed"))
        lines.append(f"the highest bar is {words.number(peak, 1)} contacts in {grid.interval} min")
    return _finish(lines, ascii_only)


def requirement_text(
    requirement: Requirement,
    cover: Mapping[str, np.ndarray] | None = None,
    *,
    width: int = 80,
    ascii_only: bool = False,
) -> str:
    """
    People to schedule by queue and day; below, where a plan is given, who is short.
    """
    grid = requirement.grid
    lines = [f"People to schedule, {words.weeks(grid)}", f"times in {grid.zone_name}"]
    for name, queue in requirement.queues.items():
        strip = _open_strip(grid, requirement.open[name], width - 28)
        heads = None if cover is None else cover.get(name)
        peak = float(max(queue.to_schedule.max(initial=0), 0 if heads is None else heads.max()))
        lines += ["", _headed(name, strip, "   hours  peak", width)]
        for number in range(grid.days):
            here = requirement.open[name] & (grid.day == number)
            label = words.day(grid.date(number))
            if not here.any():
                lines.append(_row(label, "", strip, "  closed"))
                continue
            bars = _bars(queue.to_schedule, here, grid, strip, peak, ascii_only)
            total = float(queue.to_schedule[here].sum()) * grid.interval / 60
            figures = (
                f"{words.number(total, 1):>8} {words.number(queue.to_schedule[here].max()):>5}"
            )
            lines.append(_row(label, bars, strip, figures))
            if heads is not None:
                lines += _cover_rows(heads, queue.to_schedule, here, grid, strip, peak, ascii_only)
        lines.append(f"the highest bar is {words.number(peak, 1)} people")
    return _finish(lines, ascii_only)


def _cover_rows(
    heads: np.ndarray,
    needed: np.ndarray,
    here: np.ndarray,
    grid: Grid,
    strip: _Strip,
    peak: float,
    ascii_only: bool,
) -> list[str]:
    """The cover of a day below its requirement, with a mark under every short place."""
    total = float(heads[here].sum()) * grid.interval / 60
    bars = _bars(heads, here, grid, strip, peak, ascii_only)
    rows = [
        _row("  on roster", bars, strip, f"{words.number(total, 1):>8} {heads[here].max():>5.1f}")
    ]
    short = np.where(here, np.maximum(needed - heads, 0), 0)
    if (short > 1e-6).any():
        cells = _pooled(short, here, grid, strip)
        marks = "".join("!" if np.isfinite(cell) and cell > 1e-6 else " " for cell in cells)
        missing = f"{words.number(float(short.sum()) * grid.interval / 60, 1):>8}"
        rows.append(_row("  short", marks, strip, missing))
    return rows


def roster_text(
    roster: Roster,
    queues: Sequence[str] = (),
    *,
    width: int = 80,
    ascii_only: bool = False,
) -> str:
    """
    Who works when, a picture per day: a letter per queue, ``·`` a break, ``=`` other work.
    """
    grid = roster.grid
    days = facts.duties_by_day(roster)
    duties = [pair for pairs in days.values() for pair in pairs]
    names = list(queues) or sorted({q for _, d in duties for b in d.blocks for q in b.queues})
    letters = _letters(names)
    legend = ", ".join(f"{letter} {name}" for name, letter in letters.items())
    lines = [
        f"Roster, {words.weeks(grid)}",
        f"times in {grid.zone_name}; {legend}, {PAUSE} break, {OFF_CONTACTS} other work",
    ]
    if not duties:
        return _finish([*lines, "", "nobody works"], ascii_only)
    first, last = gantt.window(grid, days)
    gutter = min(16, max(len(tour.agent) for tour in roster))
    strip = _Strip.of(first, last, width - gutter - 30)
    people = {fact.agent: fact for fact in facts.people(roster)}
    for number in range(grid.days):
        today = days.get(number, [])
        title = f"{words.long_day(grid.date(number))}, {words.count(len(today), 'shift')}"
        lines += ["", title, f"{'':{gutter + 20}}{strip.ruler()}"]
        for tour, duty in today:
            bar = _duty_bar(duty, int(grid.midnights[number]), strip, letters)
            paid = f"{words.hours(duty.paid)} h"
            mark = gantt.wish_mark(people[tour.agent], duty.day)
            lines.append(
                f"{tour.agent[:gutter]:<{gutter}} {words.span(grid, duty.start, duty.end)} "
                f"{paid:>6} {bar:<{strip.width}} {mark}".rstrip()
            )
    return _finish(lines, ascii_only)


def _letters(names: Sequence[str]) -> dict[str, str]:
    """A letter for each queue: of its own name where one is free."""
    taken: dict[str, str] = {}
    for name in names:
        spare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        own = [c for c in name.lower() + name.upper() if c.isalnum()]
        free = [c for c in (*own, *spare) if c not in taken.values()]
        taken[name] = free[0] if free else "?"
    return taken


def _duty_bar(duty: Duty, midnight: Minutes, strip: _Strip, letters: Mapping[str, str]) -> str:
    """A character for each cell: what fills most of it; of two alike the break."""
    edge = midnight + strip.first
    cells = []
    for at in range(strip.width):
        start = edge + at * strip.step
        shares: dict[str, int] = {}
        for block in duty.blocks:
            overlap = min(block.end, start + strip.step) - max(block.start, start)
            if overlap > 0:
                sign = _sign(block, letters)
                shares[sign] = shares.get(sign, 0) + overlap
        best = max(shares, key=lambda sign: (shares[sign], sign == PAUSE), default=" ")
        cells.append(best)
    return "".join(cells)


def _sign(block: Block, letters: Mapping[str, str]) -> str:
    if block.activity.on_contacts:
        return next((letters[name] for name in block.queues if name in letters), "?")
    return OFF_CONTACTS if block.activity.work else PAUSE


def _open_strip(grid: Grid, opened: np.ndarray, room: int) -> _Strip:
    clock = grid.clock[opened]
    if not clock.size:
        return _Strip.of(480, 1080, room)
    last = int(clock.max()) + grid.interval
    return _Strip.of(int(clock.min()) // 60 * 60, last, room, grid.interval)


def _pooled(values: np.ndarray, here: np.ndarray, grid: Grid, strip: _Strip) -> np.ndarray:
    """The largest value in each character's minutes; NaN where nothing is open."""
    cells = np.full(strip.width, np.nan)
    for clock, value in zip(grid.clock[here], values[here], strict=True):
        first = (int(clock) - strip.first) // strip.step
        last = -(-(int(clock) + grid.interval - strip.first) // strip.step)
        for at in range(max(first, 0), min(max(last, first + 1), strip.width)):
            cells[at] = np.nanmax([cells[at], value])
    return cells


def _bars(
    values: np.ndarray,
    here: np.ndarray,
    grid: Grid,
    strip: _Strip,
    peak: float,
    ascii_only: bool,
) -> str:
    signs = ASCII if ascii_only else BLOCKS
    bars = []
    for value in _pooled(values, here, grid, strip):
        if not np.isfinite(value) or value <= 0 or peak <= 0:
            bars.append(" ")
        else:
            bars.append(signs[max(1, min(8, round(8 * float(value) / peak)))])
    return "".join(bars)


def _headed(name: str, strip: _Strip, figures: str, width: int) -> str:
    """A queue's name above its days, the hours above their strip; a long name comes first."""
    if len(name) > 11:
        return f"{name}\n{'':12}{strip.ruler():<{strip.width + 2}}{figures}"[: 2 * width]
    return f"{name:<12}{strip.ruler():<{strip.width + 2}}{figures}"


def _row(label: str, bars: str, strip: _Strip, figures: str) -> str:
    return f"{label:<12}{bars:<{strip.width + 2}}{figures}".rstrip()


def _finish(lines: Sequence[str], ascii_only: bool) -> str:
    text = "\n".join(lines) + "\n"
    return text.translate(PLAIN).encode("ascii", "replace").decode() if ascii_only else text
