"""Calendars that know nothing of time zones but what an event says of its own show the right time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import tz

from appliance.invitations import zones

HOUR = timedelta(hours=1)
USUAL = [
    "Europe/Paris", "America/New_York", "Europe/London", "Australia/Sydney", "Australia/Lord_Howe",
    "America/St_Johns", "Asia/Kathmandu", "Asia/Tokyo", "UTC", "Etc/GMT+5",
]  # fmt: skip
WITHOUT_RULE = ["Africa/Casablanca", "Asia/Jerusalem", "America/Santiago", "America/Nuuk", "Africa/Cairo"]
"""Where clocks change on days that no rule of the common calendars says."""


@lru_cache
def text(name: str, year: int = 2026) -> str:
    """The zone as it stands in an event."""
    ical: bytes = zones.described(name, year, year + 2).to_ical()
    return f"BEGIN:VCALENDAR\r\n{ical.decode()}END:VCALENDAR\r\n"


def differences(name: str, begin: datetime, end: datetime, step: timedelta, year: int = 2026) -> list[str]:
    """Times between (UTC), as clocks show them, that are other moments by the event's zone."""
    theirs: Any = tz.tzical(StringIO(text(name, year))).get()
    wrong = []
    moment = begin
    while moment < end:
        shown = moment.astimezone(ZoneInfo(name)).replace(tzinfo=None)
        meant = shown.replace(tzinfo=ZoneInfo(name)).astimezone(UTC)
        if shown.replace(tzinfo=theirs).astimezone(UTC) != meant:
            wrong.append(f"{name} {shown}")
        moment += step
    return wrong


@pytest.mark.parametrize("name", USUAL + WITHOUT_RULE)
def test_times_are_right_for_years(name: str) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    assert differences(name, begin, begin + timedelta(days=3 * 365), 37 * HOUR) == []


@pytest.mark.parametrize(
    ("name", "day"),
    [("Europe/Paris", "2026-03-29"), ("Europe/Paris", "2026-10-25"), ("Europe/Paris", "2028-03-26"),
     ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"),
     ("America/New_York", "2027-11-07"),
     ("Africa/Casablanca", "2027-03-14"), ("America/Santiago", "2026-09-06")],
)  # fmt: skip
def test_times_are_right_in_each_quarter_of_an_hour_around_a_change(name: str, day: str) -> None:
    change = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert differences(name, change - 24 * HOUR, change + 48 * HOUR, HOUR / 4) == []


def test_clocks_are_changed_at_the_moment_at_which_they_are() -> None:
    lines = text("Europe/Paris").splitlines()
    begin = lines.index("BEGIN:DAYLIGHT")
    assert lines[begin : begin + 6] == [
        "BEGIN:DAYLIGHT", "DTSTART:20250330T020000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "TZNAME:CEST",
        "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
    ]  # fmt: skip


@pytest.mark.parametrize("name", USUAL)
def test_what_follows_a_rule_is_written_as_one(name: str) -> None:
    """Outlook reads no lists of days here: it shows half of the year an hour off."""
    assert "RDATE" not in text(name)
    assert text(name).count("RRULE") == text(name).count("BEGIN:DAYLIGHT") * 2


def test_a_fourth_sunday_is_no_last_one() -> None:
    assert "BYDAY=-1SU;BYMONTH=10" in text("Europe/London")
    assert "BYDAY=2SU;BYMONTH=3" in text("America/New_York")
    assert "BYDAY=1SU;BYMONTH=4" in text("Australia/Sydney")


@pytest.mark.long
@pytest.mark.parametrize("year", [2026, 2031])
def test_times_are_right_in_every_zone_of_the_world(year: int) -> None:
    begin = datetime(year, 1, 1, tzinfo=UTC)
    wrong = [
        difference
        for name in sorted(available_timezones() - {"localtime"})
        for difference in differences(name, begin, begin + timedelta(days=730), 13 * HOUR, year)
    ]
    assert wrong == []
