"""Time zones as people know them: by a town, and by how far its clocks are from UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location


def city_name(zone: str, locale: Locale) -> str:
    """Name of the town that a zone is called after, such as "Londres"; "" for one of no town, such as UTC."""
    if zone.startswith("Etc/") or "/" not in zone:
        return ""
    if is_alias(zone):
        # CLDR would say where else clocks are the same: Toronto, to somebody in Montreal.
        return zone.rpartition("/")[2].replace("_", " ")
    name: str = get_timezone_location(zone, locale=locale, return_city=True)
    return name.rpartition("/")[2]


def is_alias(zone: str) -> bool:
    """Whether it is another name of a zone."""
    return zone in get_global("zone_aliases")


def utc_offset(zone: str, at: float) -> str:
    """How far clocks are from UTC at a moment (s since the epoch), such as "UTC+1" or "UTC−3:30"."""
    difference = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = difference // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
