#!/bin/bash
# icalendar and vobject keep the first definition of a time zone for the life of the process.
#
# Packages: icalendar 7.3.0, vobject 0.9.9 (python-dateutil 4.0.0, pytz 2026.6, six 1.17.0), tzdata 2026.6, Python 3.11.
# Expected: a TZID means what the VTIMEZONE of its own calendar says (RFC 5545, 3.2.19). Two calendars from two companies
#   may both call their zone "Office".
# Instead: both libraries keep zones by name in a table of the module. The second "Office" has the offset of the first.
#   What a reader sees depends on what another user opened before. With a name of the tz database the two disagree:
#   icalendar always takes the database, vobject always the first VTIMEZONE, even a wrong one.
# What it means: a server that reads calendars of others reads each in a process of its own, or checks times against
#   the VTIMEZONE. A test of one calendar passes.
#
# Seen: offset in July, as the VTIMEZONE says, by icalendar, by vobject
#   Office, first calendar: ('+0100', '+01:00', '+01:00')
#   Office, second calendar: ('+0500', '+01:00', '+01:00')
#   Europe/Paris, first calendar: ('+0100', '+02:00', '+01:00')
#   Europe/Paris, second calendar: ('+0500', '+02:00', '+01:00')

. "$(dirname "$0")/common.inc"

python_install icalendar==7.3.0 vobject==0.9.9 python-dateutil==4.0.0 pytz==2026.6 six==1.17.0 tzdata==2026.6

python - << 'END'
from icalendar import Calendar
from expect import expect
import vobject

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example.com//finding//EN
BEGIN:VTIMEZONE
TZID:{zone}
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART;TZID={zone}:20260701T090000
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def offsets(zone: str, offset: str) -> tuple[str, str, str]:
    text = CALENDAR.format(zone=zone, offset=offset)
    starts = Calendar.from_ical(text).events[0].start, vobject.readOne(text).vevent.dtstart.value
    return offset, *(start.isoformat()[-6:] for start in starts)


expect("Office, first calendar", offsets("Office", "+0100"), ("+0100", "+01:00", "+01:00"))
expect("Office, second calendar", offsets("Office", "+0500"), ("+0500", "+01:00", "+01:00"))
expect("Europe/Paris, first calendar", offsets("Europe/Paris", "+0100"), ("+0100", "+02:00", "+01:00"))
expect("Europe/Paris, second calendar", offsets("Europe/Paris", "+0500"), ("+0500", "+02:00", "+01:00"))
END
