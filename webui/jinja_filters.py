"""Jinja filters for lengths, sizes, times and callers, in the viewer's language and time zone."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

from flask import Flask
from flask_babel import format_time
from flask_babel import gettext as _

from appliance.access_codes.lockout import CallerIdentity
from appliance.formats.phone_numbers import to_e164, written_at_home
from appliance.formats.reader import Reader
from appliance.models import EXTENSION_PATTERN, Participation
from webui.context import site
from webui.language import date_as, language, local, moment

LATELY = 3600.0
"""Seconds for which people think of what happened as so long ago, and not as of a time of day."""


def install(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        duration=duration,
        elapsed=elapsed,
        lately=lately,
        size=size,
        datetime_short=datetime_short,
        date=date,
        day=day,
        clock=clock,
        caller=caller,
        person=person,
        lockout_subject=lockout_subject,
    )


def duration(seconds: float) -> str:
    """Duration, such as "1 h 12 min"."""
    return Reader(language(), "UTC").length(seconds)


def elapsed(since: float) -> str:
    """How long something has been going on, to the minute, such as "1 h 12 min" or "less than a minute"."""
    minutes = int((time.time() - since) // 60)
    return duration(minutes * 60) if minutes > 0 else _("less than a minute")


def lately(at: float) -> str:
    """When something happened: "2 min ago" within the last hour, else as datetime_short()."""
    ago = time.time() - at
    if not 0 <= ago < LATELY:
        return datetime_short(at)
    return _("%(length)s ago", length=duration(ago // 60 * 60)) if ago >= 60 else _("just now")


def size(count: int) -> str:
    """Size of so many bytes, such as "23,4 Mo"."""
    return Reader(language(), "UTC").size(count)


def datetime_short(at: float) -> str:
    """Date and time of day without seconds, such as "24 nov. 2026, 14:05"."""
    return f"{date(at)}, {format_time(datetime.fromtimestamp(at, UTC), 'short')}"


def date(at: float) -> str:
    """Date, such as "24 nov. 2026"."""
    return date_as(at, "medium")


def day(at: float) -> str:
    """Date with the day of the week."""
    return date_as(at, "full")


def clock(at: float, start: float) -> str:
    """Time of day to the second, with its date if that is another than that of `start`."""
    if local(at).date() == local(start).date():
        return format_time(datetime.fromtimestamp(at, UTC), "medium")
    return moment(at)


def caller(number: str) -> str:
    """Return a claimed number (any text, or "") as people write numbers."""
    if re.fullmatch(EXTENSION_PATTERN, number, re.ASCII):
        return number
    region = site().config.region
    e164 = to_e164(number, region)
    return written_at_home(e164, region) if e164 is not None else number or _("hidden number")


def lockout_subject(identity: CallerIdentity) -> str:
    """Return under whom wrong codes are counted: a phone by its account, or a claimed number.

    A claimed text that is not a number is quoted, so that it is never taken for a phone.
    """
    if identity.phone:
        return _("phone %(number)s", number=identity.phone)
    if identity.is_text:
        return _("“%(claimed)s”", claimed=identity.number)
    return caller(identity.number)


def person(row: Participation) -> str:
    """Return the name of somebody who was in a conference, else their number."""
    return row.name or caller(row.caller)
