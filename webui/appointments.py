"""When a conference takes place, in words, on the clocks of a time zone."""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask_babel import format_time
from flask_babel import gettext as _

from appliance.formats import time_zones
from appliance.formats.reader import Reader
from appliance.invitations import details, mails, times
from appliance.invitations.times import Repeats
from appliance.models import Invitation
from webui.language import date_as, language


def shortly(at: float) -> str:
    """Begin of a conference on the viewer's clock, such as "Tue 24 Nov 2026, 14:00"."""
    return f"{date_as(at, 'EEE d MMM y')}, {format_time(datetime.fromtimestamp(at, UTC), 'HH:mm')}"


def when(invitation: Invitation, zone: str) -> str:
    """Return its (first) day, beginning and end in a time zone."""
    reader = Reader(language(), zone)
    begins, ends = invitation.begins_at, invitation.ends_at
    values = {
        "day": reader.weekday(begins),
        "begin": reader.clock(begins),
        "end_day": reader.weekday(ends),
        "end": reader.clock(ends),
        "zone": reader.zone(begins),
    }
    if values["day"] == values["end_day"]:
        return _("%(day)s, %(begin)s to %(end)s (%(zone)s)", **values)
    return _("%(day)s, %(begin)s, to %(end_day)s, %(end)s (%(zone)s)", **values)


def elsewhere(invitation: Invitation, zone: str) -> str:
    """The same in another zone, "" if clocks show the same there."""
    at = invitation.begins_at
    if time_zones.utc_offset(zone, at) == time_zones.utc_offset(invitation.time_zone, at):
        return ""
    return when(invitation, zone)


def length(invitation: Invitation) -> str:
    """How long it takes, such as "1 h 30 min"."""
    return Reader(language(), "UTC").length(invitation.ends_at - invitation.begins_at)


def repeats(invitation: Invitation) -> str:
    """How it repeats, "" if it does not; it begins with a capital."""
    words = mails.repeats(invitation, language())
    return words[:1].upper() + words[1:]


def days(invitation: Invitation) -> list[str]:
    """Every day on which it begins, if it repeats."""
    recurrence = details.recurrence(invitation)
    if recurrence.repeats == Repeats.NONE:
        return []
    reader = Reader(language(), "UTC")
    first = times.local(invitation.begins_at, invitation.time_zone).date()
    return [
        reader.weekday(datetime.combine(day, time(12), UTC).timestamp())
        for day in times.days(first, recurrence)
    ]
