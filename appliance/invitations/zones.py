"""Time zones as calendars want them (VTIMEZONE, RFC 5545, 3.6.5), from the tz database.

icalendar makes them as lists of days, which Outlook does not read: it shows half of the year an hour off. So
changes that follow a rule ("last Sunday in March") are written as one, as most zones' do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

BEFORE, AFTER = 1, 6
"""Years around a conference that are looked at: enough to tell a fourth Sunday from a last one."""
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class _Kind:
    """What changes of clocks have in common."""

    before: timedelta
    after: timedelta
    name: str


@lru_cache(maxsize=64)
def described(name: str, first_year: int, last_year: int) -> Timezone:
    """Return the zone `name`, good for conferences in these years. Not to be changed: it is kept."""
    years = range(first_year - BEFORE, last_year + AFTER)
    zone = ZoneInfo(name)
    begin = datetime(years[0], 1, 1, tzinfo=UTC)
    changes = sorted(_changes(zone, begin, datetime(years[-1] + 1, 1, 1, tzinfo=UTC)))
    groups = [(kind, [at for _, at in pairs]) for kind, pairs in groupby(changes, lambda pair: pair[0])]
    rules = {kind: _rule(onsets, years) for kind, onsets in groups}
    timezone = Timezone()
    timezone.add("TZID", name)
    if not rules or not all(rules.values()):
        # What holds before the first change; rules have a change a year before.
        local = begin.astimezone(zone)
        offset = local.utcoffset() or timedelta()
        kind = _Kind(offset, offset, local.tzname() or name)
        timezone.add_component(_component(kind, [local.replace(tzinfo=None)], None))
    for kind, onsets in groups:
        timezone.add_component(_component(kind, onsets, rules[kind]))
    return timezone


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[_Kind, datetime]]:
    """Return each change of clocks with the local time at which it came; rules are made of these."""
    at = begin
    while at < end:
        later = at + _DAY
        before, after = (moment.astimezone(zone) for moment in (at, later))
        if before.utcoffset() != after.utcoffset():
            change = _between(zone, at, later)
            offset = before.utcoffset() or timedelta()
            kind = _Kind(offset, after.utcoffset() or timedelta(), after.tzname() or "")
            yield kind, (change + offset).replace(tzinfo=None)
        at = later


def _between(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """Return the first second at which the offset differs from that at `early`."""
    offset = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late


def _rule(onsets: list[datetime], years: range) -> dict[str, str | int] | None:
    """Return the rule of the change in each of these years, if all calendars support it."""
    if [onset.year for onset in onsets] != list(years):
        return None
    if len({(onset.month, onset.weekday(), onset.time()) for onset in onsets}) > 1:
        return None
    weeks = {(onset.day - 1) // 7 + 1 for onset in onsets}
    if all((onset + 7 * _DAY).month != onset.month for onset in onsets):
        weeks = {-1}
    if len(weeks) > 1:
        return None
    first = onsets[0]
    return {"FREQ": "YEARLY", "BYMONTH": first.month, "BYDAY": f"{weeks.pop()}{_WEEKDAYS[first.weekday()]}"}


def _component(
    kind: _Kind, onsets: list[datetime], rule: dict[str, str | int] | None
) -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if kind.after > kind.before else TimezoneStandard()
    component.add("DTSTART", onsets[0])
    component.add("TZOFFSETFROM", kind.before)
    component.add("TZOFFSETTO", kind.after)
    component.add("TZNAME", kind.name)
    if rule is not None:
        component.add("RRULE", rule)
    elif onsets[1:]:
        component.add("RDATE", onsets[1:])
    return component
