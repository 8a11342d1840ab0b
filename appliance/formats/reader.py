"""Dates, times, lengths and sizes as a reader's language and time zone write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.units import format_unit

from appliance.formats import time_zones

_LOCALES = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}
_DAY_OF_MONTH = re.compile("(?<!d)d(?!d)")
"""In a pattern for dates (Unicode TR 35)."""


def format_day(day: date, pattern: str, locale: Locale) -> str:
    """Format a date as a locale writes it, such as "24 novembre 2026" or, in French, "1er décembre 2026".

    `pattern`: "medium", "long", "full", or a pattern of Unicode TR 35. These know no ordinals: Babel alone
    makes "1 décembre 2026".
    """
    known = locale.date_formats.get(pattern)
    pattern = known.pattern if known is not None else pattern
    if locale.language == "fr" and day.day == 1:
        pattern = _DAY_OF_MONTH.sub("d'er'", pattern)
    return format_date(day, pattern, locale)


@dataclass(frozen=True)
class Reader:
    """The language and time zone that values are written for."""

    language: str
    time_zone: str

    def moment(self, at: float) -> datetime:
        """Return a time (s since the epoch) on the reader's clock."""
        return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(self.time_zone))

    def day(self, at: float) -> str:
        """Date, such as "24 novembre 2026"."""
        return format_day(self.moment(at).date(), "long", _LOCALES[self.language])

    def weekday(self, at: float) -> str:
        """Date with the day of the week, such as "mardi 24 novembre 2026"."""
        return format_day(self.moment(at).date(), "full", _LOCALES[self.language])

    def day_of_week(self, at: float) -> str:
        """Name of the day, such as "mardi"."""
        return format_day(self.moment(at).date(), "EEEE", _LOCALES[self.language])

    def clock(self, at: float) -> str:
        """Time of the day, such as "14:05"."""
        moment = self.moment(at)
        return format_time(moment, "short", moment.tzinfo, _LOCALES[self.language])

    def zone(self, at: float | None) -> str:
        """Time zone by city and distance from UTC at a moment: "Paris, UTC+1".

        None for what repeats, winter and summer: the town alone, if there is one.
        """
        town = time_zones.city_name(self.time_zone, _LOCALES[self.language])
        if at is None and town:
            return town
        offset = time_zones.utc_offset(self.time_zone, at or 0.0)
        return f"{town}, {offset}" if town else offset

    def length(self, seconds: float) -> str:
        """Duration in one or two units, such as "1 h 12 min" or "2 min 30 s"."""
        minutes, rest = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        units = [(hours, "hour"), (minutes, "minute"), (rest, "second")]
        while len(units) > 1 and units[0][0] == 0:
            del units[0]
        shown = [unit for unit in units[:2] if unit[0]] or units[:1]
        return " ".join(self._unit(count, f"duration-{name}") for count, name in shown)

    def size(self, count: int) -> str:
        """Size of a file of `count` bytes, such as "23,4 Mo" or "40 ko"."""
        if count < 1e6:
            return self._unit(max(1, round(count / 1e3)), "digital-kilobyte")
        return self._unit(round(count / 1e6, 1), "digital-megabyte")

    def _unit(self, count: float, unit: str) -> str:
        # CLDR has narrow no-break spaces before some units only; here there is one kind.
        return format_unit(count, unit, "short", locale=_LOCALES[self.language]).replace("\u202f", "\u00a0")
