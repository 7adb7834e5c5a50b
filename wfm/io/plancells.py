"""
What people type into a plan: working times, days off, and dates above columns.

French and English, as spreadsheets hold them: ``08:00-16:00``, ``8h-12h / 13h-17h``,
``12h/21h``, ``9am-5pm``, ``OFF``, ``RTT``, ``lun. 23/11``, ``Monday 23 November 2026``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from wfm.domain.timegrid import DAY, Minutes
from wfm.io.cells import EXCEL_EPOCH

FORMS = "08:00-16:00, 8h-16h, 8h30-12h / 13h-17h, 9am-5pm, OFF, RTT, CP or empty"
_OFF_WORDS = (
    "- -- --- / . 0 x off repos r rh rhb rc rcr rcn rtt rtte cp ca cpe cong conge conges ferie "
    "jf f abs absent absence absente mal maladie malade am at arret ss css rep recup recuperation "
    "day_off holiday leave vacation vac pto sick rest nw free annual_leave al bank_holiday bh "
    "n/a na urlaub frei krank feiertag"
)
OFF = frozenset(_OFF_WORDS.split())
_TIME = r"(\d{2})(\d{2})|(\d{1,2})(?:\s*[:.h]\s*(\d{2})(?!\s*h|\d)|\s*h(?:rs?)?)?\s*(am|pm)?"
_SPAN = re.compile(rf"(?<!\d)(?:{_TIME})\s*(?:-|to|a|bis|>)\s*(?:{_TIME})(?!\d)")
_SLASH = re.compile(rf"(?<!\d)(?:{_TIME})\s*/\s*(?:{_TIME})(?!\d)")
_SECONDS = re.compile(r"(?<=:\d\d):00$")
_HOURS = re.compile(r"\d+(?:[.,:h]\d*)?h?")
_BETWEEN = re.compile(r"(?:[\s/+,;&|]|\bet\b|\band\b|\bund\b|\bde\b|\bfrom\b)*")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january janvier jan janv januar",
            "february fevrier feb fev fevr februar",
            "march mars mar marz",
            "april avril apr avr",
            "may mai",
            "june juin jun juni",
            "july juillet jul juil juli",
            "august aout aug aou",
            "september septembre sept sep",
            "october octobre oct oktober okt",
            "november novembre nov",
            "december decembre dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday lundi mon lun montag mo lu",
            "tuesday mardi tue tues mar dienstag di ma",
            "wednesday mercredi wed mer mittwoch mi me we",
            "thursday jeudi thu thur thurs jeu donnerstag do je th",
            "friday vendredi fri ven freitag fr ve",
            "saturday samedi sat sam samstag sa",
            "sunday dimanche sun dim sonntag so su",
        )
    )
    for name in names.split()
}
_DAYS = frozenset(_WEEKDAYS) - frozenset(_MONTHS)  # "mar" is March beside a number
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?!\d)")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NAMED = re.compile(r"(?:(\d{1,2})(?:er|st|nd|rd|th)?\s+([a-z]{3,10})|([a-z]{3,10})\s+(\d{1,2}))"
                    r"(?:,?\s+(\d{4}))?")  # fmt: skip

Spans = tuple[tuple[Minutes, Minutes], ...]


def plain(text: str) -> str:
    """
    Lower case without accents, dashes and spaces of one kind.
    """
    folded = unicodedata.normalize("NFKD", text.strip().lower())
    kept = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return re.sub(r"\s+", " ", re.sub("[\u2010-\u2015\u2192]", "-", kept))


def day_times(cells: Sequence[str]) -> Spans:
    """
    The spells of a day that has one cell or several: spans, or starts and ends side by side.

    Beside spans and days off may stand a number of hours, which is not looked at.

    Raises
    ------
    ValueError
        The cells are neither times nor a day off.
    """
    told = [text for cell in cells if (text := _SECONDS.sub("", cell.strip()))]
    if len(cells) == 1 or not told:
        return working_times(cells[0])
    read = {text: _spells_of(text) for text in told}
    clear = all(read[text] is not None or _HOURS.fullmatch(text) for text in told)
    if clear and (read[told[0]] is not None or (len(told) == 1 and not cells[0].strip())):
        return working_times(" / ".join(text for text in told if read[text]))
    if len(told) % 2:
        raise ValueError(cells[0])
    return working_times(" / ".join(map(" - ".join, zip(told[::2], told[1::2], strict=True))))


def _spells_of(text: str) -> Spans | None:
    """The spells of a cell, None where it cannot be read."""
    try:
        return working_times(text)
    except ValueError:
        return None


def working_times(text: str) -> Spans:
    """
    The spells of a cell, minutes after midnight; none on a day off.

    A spell that ends at or before its start ends on the next day, and a spell that begins
    before the one before it belongs to the next day too.

    Raises
    ------
    ValueError
        The text is neither times nor a day off.
    """
    word = re.sub(r"\([^)]*\)", " ", plain(text)).strip()
    if not word or word.replace(" ", "_").rstrip(".") in OFF or word in OFF:
        return ()
    pattern = _SPAN if _SPAN.search(word) else _SLASH
    found, place = [], 0
    for match in pattern.finditer(word):
        if not _BETWEEN.fullmatch(word[place : match.start()]):
            raise ValueError(text)
        found.append((_clock(match.groups()[:5], text), _clock(match.groups()[5:], text)))
        place = match.end()
    if not found or not _BETWEEN.fullmatch(word[place:]):
        raise ValueError(text)
    spells: list[tuple[Minutes, Minutes]] = []
    for start, end in found:
        begin = start + DAY if spells and start < spells[-1][0] else start
        last = end if end > start else end + DAY
        spells.append((begin, last + begin - start))
    return tuple(spells)


def _clock(parts: tuple[str | None, ...], text: str) -> Minutes:
    hours = int(parts[0] or parts[2] or 0)
    minutes = int(parts[1] or parts[3] or 0)
    if parts[4]:
        if not 1 <= hours <= 12:
            raise ValueError(text)
        hours = hours % 12 + (12 if parts[4] == "pm" else 0)
    if minutes > 59 or hours * 60 + minutes > DAY:
        raise ValueError(text)
    return hours * 60 + minutes


def month_first(cells: Iterable[str]) -> bool:
    """
    Whether headings write the month before the day, as ``11/23/2026``.

    Only if they cannot be read otherwise, or only so follow each other day by day.
    """
    told = [found for cell in cells if (found := _NUMERIC.search(plain(cell)))]
    usual = [(int(found[1]), int(found[2])) for found in told]
    turned = [(day, month) for month, day in usual]

    def real(pairs: list[tuple[int, int]]) -> bool:
        return len(pairs) > 1 and all(day <= 31 and 1 <= month <= 12 for day, month in pairs)

    def in_a_row(pairs: list[tuple[int, int]]) -> bool:
        return all(b == (a[0] + 1, a[1]) for a, b in pairwise(pairs))

    if not real(turned):
        return False
    return not real(usual) or (in_a_row(turned) and not in_a_row(usual))


def heading(
    text: str, turned: bool = False
) -> tuple[int | None, int | None, int | None, int | None] | None:
    """
    What a column's heading says of its day: (year, month, day, weekday), each where it is told.

    None when it is no date: a total, a contract, a remark. ``turned`` reads the month
    before the day where both are numbers.
    """
    word = plain(text)
    weekday = next((_WEEKDAYS[w] for w in re.findall("[a-z]+", word) if w in _WEEKDAYS), None)
    iso = _ISO.search(word)
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3]), weekday
    if re.fullmatch(r"4\d{4}(\.0)?", word):  # days since 1899-12-30, as Excel keeps them
        kept = (EXCEL_EPOCH + timedelta(days=int(float(word)))).date()
        return kept.year, kept.month, kept.day, weekday
    numeric = _NUMERIC.search(word)
    if numeric:
        year = int(numeric[3]) if numeric[3] else None
        year = year + 2000 if year is not None and year < 100 else year
        day, month = (int(numeric[2 if turned else 1]), int(numeric[1 if turned else 2]))
        return (year, month, day, weekday) if 1 <= day <= 31 and 1 <= month <= 12 else None
    words = re.sub(r"[,.]", " ", word).split()
    undated = " ".join(one for one in words if one not in _DAYS)
    for found in _NAMED.finditer(undated):
        name, day_text = found[2] or found[3], found[1] or found[4]
        if name in _MONTHS:
            return int(found[5]) if found[5] else None, _MONTHS[name], int(day_text), weekday
    bare = re.fullmatch(r"([a-z]+)\.?(?:\s+\d{1,2})?", word)
    if bare and bare[1] in _WEEKDAYS:
        return None, None, None, _WEEKDAYS[bare[1]]
    return None


def dates_of(
    headings: list[tuple[int | None, int | None, int | None, int | None]], start: date | None
) -> list[date]:
    """
    The date of each column, left to right.

    Parameters
    ----------
    headings
        What ``heading`` says of each.
    start
        A date from which years and bare weekdays are counted.

    Raises
    ------
    ValueError
        A date does not exist, or a year or a week is not told.
    """
    years = [year for year, *_ in headings if year is not None]
    found: list[date] = []
    for year, month, day, weekday in headings:
        after = found[-1] + timedelta(days=1) if found else start
        if month is None or day is None:
            if after is None or weekday is None:
                raise ValueError("no date is told beside the weekday")
            found.append(after + timedelta(days=(weekday - after.weekday()) % 7))
            continue
        told = year or (found[-1].year if found else years[0] if years else None)
        if told is None and start is not None:
            told = start.year
        if told is None:
            raise ValueError("no year is told")
        when = date(told, month, day)
        if year is None and found and when < found[-1]:
            when = date(told + 1, month, day)
        found.append(when)
    return found
