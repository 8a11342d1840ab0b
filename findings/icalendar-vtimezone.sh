#!/bin/bash
# The VTIMEZONE that icalendar adds puts the clocks forward an hour late, holds no rule, and ends in 2038.
#
# Packages: icalendar 7.3.0, python-dateutil 4.0.0 (six 1.17.0), tzdata 2026.6, Python 3.11.
# Expected: `Calendar.add_missing_timezones()` describes Europe/Paris as calendars do: "last Sunday of March, 02:00,
#   from +01:00 to +02:00" and the like for October, each a rule (RRULE) without an end.
# Instead: it lists days (RDATE), up to 2037. DTSTART and RDATE say what clocks show *after* the change in spring
#   (03:00), where RFC 5545 (3.6.5) wants the time in the offset before it (02:00). So a reader changes an hour late.
# What it means: on the day of the change another library shows a wrong hour, here one that no clock in Paris shows.
#   A series that goes on past 2037 is an hour off in summer. A calendar that reads only rules gets no summer time.
#   Software that sends invitations has to write its VTIMEZONE itself, with rules.
#
# Seen:
#   rules in the VTIMEZONE: 0
#   changes in spring of 2026 and 2037: ['20260329T030000', '20370329T030000']
#   offset that they are in: '+0100'
#   29 March 2026, 01:30 UTC, in Paris: '03:30'
#   the same by dateutil and this VTIMEZONE: '02:30'
#   1 July 2038, 07:00 UTC, in Paris: '09:00'
#   the same by dateutil and this VTIMEZONE: '08:00'

. "$(dirname "$0")/common.inc"

python_install icalendar==7.3.0 python-dateutil==4.0.0 six==1.17.0 tzdata==2026.6

python - << 'END'
import re
from datetime import UTC, datetime, timedelta, tzinfo
from io import StringIO
from zoneinfo import ZoneInfo

from dateutil.tz import tzical
from expect import expect
from icalendar import Calendar, Event

PARIS = ZoneInfo("Europe/Paris")
event = Event()
event.add("UID", "1")
event.start = datetime(2026, 7, 1, 9, tzinfo=PARIS)
event.end = event.start + timedelta(hours=1)
calendar = Calendar()
calendar.add_component(event)
calendar.add_missing_timezones()

text = calendar.walk("VTIMEZONE")[0].to_ical().decode().replace("\r\n ", "").replace("\r\n", "\n")
spring = text[text.index("BEGIN:DAYLIGHT") : text.index("END:DAYLIGHT")]
days = re.findall(r"20(?:26|37)\d{4}T\d{6}", spring)
expect("rules in the VTIMEZONE", text.count("RRULE"), 0)
expect("changes in spring of 2026 and 2037", days, ["20260329T030000", "20370329T030000"])
expect("offset that they are in", re.findall("TZOFFSETFROM:(.*)", spring)[0], "+0100")

reader = tzical(StringIO(text)).get("Europe/Paris")


def shown(zone: tzinfo, *moment: int) -> str:
    return f"{datetime(*moment, tzinfo=UTC).astimezone(zone):%H:%M}"


expect("29 March 2026, 01:30 UTC, in Paris", shown(PARIS, 2026, 3, 29, 1, 30), "03:30")
expect("the same by dateutil and this VTIMEZONE", shown(reader, 2026, 3, 29, 1, 30), "02:30")
expect("1 July 2038, 07:00 UTC, in Paris", shown(PARIS, 2038, 7, 1, 7), "09:00")
expect("the same by dateutil and this VTIMEZONE", shown(reader, 2038, 7, 1, 7), "08:00")
END
