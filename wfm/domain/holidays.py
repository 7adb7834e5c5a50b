"""
Public holidays of countries and their regions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wfm.errors import SettingsError, nearest

# Names by which people call parts of a country that the holiday library numbers.
REGIONS = {("FR", "alsace-moselle"): "57", ("FR", "alsace moselle"): "57"}


def public_holidays(
    country: str | None, region: str | None, first: date, last: date
) -> dict[date, str]:
    """
    Public holidays by date, from ``first`` to ``last``, both included.

    Parameters
    ----------
    country
        ISO code, such as ``FR``; None or empty: no holiday is known.
    region
        Part of the country with days of its own, such as ``Alsace-Moselle``.

    Raises
    ------
    SettingsError
        The country or the region does not exist in the holiday library.
    """
    if not country:
        return {}
    import holidays as library

    code = country.upper()
    countries = library.list_supported_countries(include_aliases=False)
    if code not in countries:
        raise SettingsError(
            f"country '{country}' has no holiday calendar",
            hint="use an ISO code such as FR",
        )
    part = _region(code, region, countries[code])
    languages = library.list_localized_countries(include_aliases=False).get(code, [])
    days = library.country_holidays(
        code,
        subdiv=part,
        years=range(first.year, last.year + 1),
        language="en_US" if "en_US" in languages else None,
    )
    return {day: str(name) for day, name in sorted(days.items()) if first <= day <= last}


def _region(code: str, region: str | None, known: Iterable[str]) -> str | None:
    """The library's code of a region."""
    if not region:
        return None
    import holidays as library

    parts = set(known)
    aliases = getattr(library.country_holidays(code), "subdivisions_aliases", {})
    part = REGIONS.get((code, region.lower()), aliases.get(region, region))
    if part not in parts:
        raise SettingsError(
            f"region '{region}' of {code} has no holiday calendar",
            hint=nearest(region, parts | set(aliases)),
        )
    return str(part)
