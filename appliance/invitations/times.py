"""When a conference takes place: times on the clocks of a zone, and the days on which it repeats. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count, takewhile
from zoneinfo import ZoneInfo

from appliance.directory import Refused

MOST_TIMES = 104
"""Times that a conference takes place: weekly for two years."""
LONGEST = timedelta(days=731)
"""From the first day to the last: two years."""


class Repeats(StrEnum):
    """How often."""

    NONE = "none"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    """On the same day of each month that has it (RFC 5545, 3.3.10)."""


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
    """Return the moment (s since the epoch) that somebody means; Refused if clocks never show it."""
    if not 2000 <= shown.year < 3000:
        raise Refused(f"the year {shown.year} cannot be right: correct the date")
    at = instant(shown, zone).timestamp()
    if local(at, zone) != shown:
        raise Refused(
            f"clocks in {zone} are put forward and never show {shown:%H:%M} on {shown:%Y-%m-%d}:"
            " choose another time"
        )
    return at


def days(first: date, recurrence: Recurrence) -> list[date]:
    """Return the days on which it takes place; Refused if there are too many, or it is not said how many."""
    if recurrence.repeats == Repeats.NONE:
        return [first]
    last = _last(first, recurrence)
    found = list(takewhile(lambda day: day <= last, _all_days(first, recurrence.repeats)))
    if recurrence.count is not None and len(found) < recurrence.count:
        raise Refused("a conference repeats for two years at most: lower the number of times")
    return found[: recurrence.count]


def _all_days(first: date, repeats: Repeats) -> Iterator[date]:
    """Every day of one that repeats without end."""
    for number in count():
        if repeats == Repeats.WEEKLY:
            yield first + timedelta(weeks=number)
            continue
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        with suppress(ValueError):  # A month without that day is left out.
            yield first.replace(year=year, month=month + 1)


def _last(first: date, recurrence: Recurrence) -> date:
    """The last day that may be one."""
    if (recurrence.count is None) == (recurrence.until is None):
        raise Refused("say how many times the conference takes place, or until which day")
    if recurrence.count is not None and not 1 <= recurrence.count <= MOST_TIMES:
        raise Refused(f"a conference repeats 1 to {MOST_TIMES} times: change the number of times")
    last = first + LONGEST if recurrence.until is None else recurrence.until
    if last < first:
        raise Refused("the last day is before the first one: correct it")
    if last > first + LONGEST:
        raise Refused("a conference repeats for two years at most: choose an earlier last day")
    return last
