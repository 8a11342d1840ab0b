"""When a conference takes place: times on the clocks of a zone, and the days on which it repeats. Pure."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import MONTHLY, WEEKLY, rrule

from appliance.errors import RefusedError

MAX_OCCURRENCES = 104
"""Times that a conference takes place: weekly for two years."""
MAX_SPAN = timedelta(days=731)
"""From the first day to the last: two years."""


class Repeats(StrEnum):
    """How often."""

    NONE = "none"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    """On the same day of each month that has it (RFC 5545, 3.3.10)."""


_FREQUENCIES = {Repeats.WEEKLY: WEEKLY, Repeats.MONTHLY: MONTHLY}


@dataclass(frozen=True)
class Recurrence:
    """How often, and `count` times in all or `until` a day, that day included."""

    repeats: Repeats = Repeats.NONE
    count: int | None = None
    until: date | None = None


def instant(local: datetime, zone: str) -> datetime:
    """Return the moment (UTC) at which clocks in `zone` show `local`, the first one of two.

    One that clocks skip is taken as if they had not changed yet (RFC 5545, 3.3.5).
    """
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def local(at: float, zone: str) -> datetime:
    """Return what clocks in `zone` show at a moment (s since the epoch)."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def moment(shown: datetime, zone: str) -> float:
    """Return the moment (s since the epoch) of a local time; RefusedError if clocks never show it."""
    if not 2000 <= shown.year < 3000:
        raise RefusedError("the year %(year)s cannot be right: correct the date", year=shown.year)
    at = instant(shown, zone).timestamp()
    if local(at, zone) != shown:
        raise RefusedError(
            "clocks in %(zone)s are put forward and never show %(time)s on %(day)s: choose another time",
            zone=zone,
            time=f"{shown:%H:%M}",
            day=f"{shown:%Y-%m-%d}",
        )
    return at


@lru_cache(maxsize=20_000)
def days(first: date, recurrence: Recurrence) -> tuple[date, ...]:
    """Return the days of the series; RefusedError if they are too many, or if its end is missing."""
    if recurrence.repeats == Repeats.NONE:
        return (first,)
    # A month that does not have the day is left out (RFC 5545, 3.3.10), by dateutil as by calendars.
    begin, end = (datetime.combine(day, time()) for day in (first, _last(first, recurrence)))
    found = [moment.date() for moment in rrule(_FREQUENCIES[recurrence.repeats], begin, until=end)]
    if recurrence.count is not None and len(found) < recurrence.count:
        raise RefusedError("a conference repeats for two years at most: lower the number of times")
    return tuple(found[: recurrence.count])


def over_at(begins_at: float, ends_at: float, zone: str, recurrence: Recurrence) -> float:
    """Return when the last occurrence ends; `begins_at`, `ends_at` are the first (s since the epoch)."""
    first = local(begins_at, zone)
    return _begins_on(days(first.date(), recurrence)[-1], first, zone) + ends_at - begins_at


def next_at(begins_at: float, ends_at: float, zone: str, recurrence: Recurrence, now: float) -> float:
    """Return when the next occurrence begins, or the current one began; the last one if all are over."""
    if recurrence.repeats == Repeats.NONE or ends_at >= now:
        return begins_at
    first = local(begins_at, zone)
    all_days = days(first.date(), recurrence)
    # A day before, as clocks may have been changed since.
    earliest = first.date() + timedelta(days=-1, seconds=now - ends_at)
    at = begins_at
    for day in all_days[min(bisect_left(all_days, earliest), len(all_days) - 1) :]:
        at = _begins_on(day, first, zone)
        if at + ends_at - begins_at >= now:
            break
    return at


def _begins_on(day: date, first: datetime, zone: str) -> float:
    return instant(datetime.combine(day, first.time()), zone).timestamp()


def _last(first: date, recurrence: Recurrence) -> date:
    """Return the last possible day of the series."""
    if (recurrence.count is None) == (recurrence.until is None):
        raise RefusedError("say how many times the conference takes place, or until which day")
    if recurrence.count is not None and not 1 <= recurrence.count <= MAX_OCCURRENCES:
        raise RefusedError(
            "a conference repeats 1 to %(most)s times: change the number of times", most=MAX_OCCURRENCES
        )
    last = first + MAX_SPAN if recurrence.until is None else recurrence.until
    if last < first:
        raise RefusedError("the last day is before the first one: correct it")
    if last > first + MAX_SPAN:
        raise RefusedError("a conference repeats for two years at most: choose an earlier last day")
    return last
