#!/bin/bash
# vobject names a zone by its abbreviation: after a meeting in Dublin, one in Kolkata is written in Irish time.
#
# Packages: vobject 0.9.9 (python-dateutil 4.0.0, pytz 2026.6, six 1.17.0), icalendar 7.3.0, tzdata 2026.6, Python 3.11.
# Expected: an event at 09:00 in ZoneInfo("Asia/Kolkata") is written with a TZID and a VTIMEZONE of Kolkata (+05:30).
# Instead: the TZID is the zone's abbreviation, here IST, as it is Ireland's (Irish Standard Time). The VTIMEZONE comes
#   from a table of the process with one entry a name. In a process that wrote a calendar for Dublin before, Kolkata's
#   event carries the VTIMEZONE of Dublin and takes place 4.5 hours late. CST is Chicago's and Shanghai's.
# What it means: give vobject moments in UTC only, or zones of pytz, whose full names it takes. For UTC it refuses
#   `datetime.timezone.utc`: use ZoneInfo("UTC").
#
# Seen: the event is at 03:30 UTC
#   Kolkata, written first: ('IST', '03:30')
#   Kolkata, written after Dublin: ('IST', '08:00')
#   Kolkata of pytz, after Dublin: ('Asia/Kolkata', '03:30')
#   Shanghai (01:00 UTC), written after Chicago: ('CST', '14:00')
#   datetime.timezone.utc: 'Unable to guess TZID for tzinfo UTC'

. "$(dirname "$0")/common.inc"

python_install icalendar==7.3.0 vobject==0.9.9 python-dateutil==4.0.0 pytz==2026.6 six==1.17.0 tzdata==2026.6

cat > "$work/write.py" << 'END'
"""Write an event for 09:00 in each zone named, with vobject; say how icalendar reads the last one."""

import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytz
import vobject
from icalendar import Calendar


def nine(name: str) -> datetime:
    if name.startswith("pytz:"):
        return pytz.timezone(name.removeprefix("pytz:")).localize(datetime(2026, 7, 1, 9))
    return datetime(2026, 7, 1, 9, tzinfo=ZoneInfo(name))


for name in sys.argv[1:]:
    calendar = vobject.iCalendar()
    calendar.add("vevent").add("dtstart").value = nine(name)
    text = calendar.serialize()
start = Calendar.from_ical(text).events[0]["DTSTART"]
print(start.params["TZID"], f"{start.dt.astimezone(UTC):%H:%M}")
END

python - "$work/write.py" << 'END'
import subprocess
import sys
from datetime import datetime, timezone

import vobject
from expect import expect


def last(*zones: str) -> tuple[str, ...]:
    command = [sys.executable, sys.argv[1], *zones]
    return tuple(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


expect("Kolkata, written first", last("Asia/Kolkata"), ("IST", "03:30"))
expect("Kolkata, written after Dublin", last("Europe/Dublin", "Asia/Kolkata"), ("IST", "08:00"))
expect("Kolkata of pytz, after Dublin", last("Europe/Dublin", "pytz:Asia/Kolkata"), ("Asia/Kolkata", "03:30"))
expect("Shanghai (01:00 UTC), written after Chicago", last("America/Chicago", "Asia/Shanghai"), ("CST", "14:00"))

calendar = vobject.iCalendar()
calendar.add("vevent").add("dtstart").value = datetime(2026, 7, 1, 9, tzinfo=timezone.utc)
try:
    seen = calendar.serialize()
except vobject.base.VObjectError as error:
    seen = str(error).strip("'")
expect("datetime.timezone.utc", seen, "Unable to guess TZID for tzinfo UTC")
END
