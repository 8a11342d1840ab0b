#!/bin/bash
# In Ireland winter is the daylight saving time: dst() is minus one hour then, and Babel names both halves wrongly.
#
# Packages: tzdata 2026.6, Babel 2.18.0, icalendar 7.3.0 (python-dateutil 4.0.0, six 1.17.0), Python 3.11.
# Expected: `dst()` is an hour in July and nothing in January, as in London, whose clocks always show the same; Babel
#   calls July "Irish Standard Time" and January "Greenwich Mean Time".
# Instead: by Irish law the standard time is that of summer, and the tz database says so since 2018: winter is "daylight"
#   time of minus one hour. CLDR, where Babel's names are from, keeps the older view. Babel takes a `dst()` that is not
#   zero for summer: January becomes "Irish Standard Time" and July "Greenwich Mean Time". icalendar writes the winter
#   as DAYLIGHT, the summer as STANDARD.
# What it means: `if moment.dst()` does not ask whether it is summer. Compare offsets. Do not print Babel's names of
#   zones to people in Ireland: show the offset, or a city.
#
# Seen:
#   dst() in London, January and July: ('0:00:00', '1:00:00')
#   dst() in Dublin, January and July: ('-1 day, 23:00:00', '0:00:00')
#   clocks in Dublin and London differ: False
#   Babel, January in Dublin: 'Irish Standard Time'
#   Babel, January in Dublin, in French: 'heure d’été irlandaise'
#   Babel, July in Dublin: 'Greenwich Mean Time'
#   Babel, July in London: 'British Summer Time'
#   icalendar, Dublin: [('DAYLIGHT', 'GMT'), ('STANDARD', 'IST'), ('DAYLIGHT', 'GMT')]

. "$(dirname "$0")/common.inc"

python_install tzdata==2026.6 babel==2.18.0 icalendar==7.3.0 python-dateutil==4.0.0 six==1.17.0

python - << 'END'
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name
from expect import expect
from icalendar import Timezone


def noon(month: int, zone: str) -> datetime:
    return datetime(2026, month, 15, 12, tzinfo=ZoneInfo(zone))


def dst(zone: str) -> tuple[str, ...]:
    return tuple(str(noon(month, zone).dst()) for month in (1, 7))


DUBLIN, LONDON = "Europe/Dublin", "Europe/London"
expect("dst() in London, January and July", dst(LONDON), ("0:00:00", "1:00:00"))
expect("dst() in Dublin, January and July", dst(DUBLIN), ("-1 day, 23:00:00", "0:00:00"))
differ = any(noon(month, DUBLIN) != noon(month, LONDON) for month in range(1, 13))
expect("clocks in Dublin and London differ", differ, False)

expect("Babel, January in Dublin", get_timezone_name(noon(1, DUBLIN), locale="en"), "Irish Standard Time")
expect("Babel, January in Dublin, in French", get_timezone_name(noon(1, DUBLIN), locale="fr"), "heure d’été irlandaise")
expect("Babel, July in Dublin", get_timezone_name(noon(7, DUBLIN), locale="en"), "Greenwich Mean Time")
expect("Babel, July in London", get_timezone_name(noon(7, LONDON), locale="en"), "British Summer Time")

written = Timezone.from_tzid(DUBLIN, first_date=date(2026, 1, 1), last_date=date(2027, 1, 1))
parts = [(part.name, str(part["TZNAME"])) for part in written.subcomponents]
expect("icalendar, Dublin", parts, [("DAYLIGHT", "GMT"), ("STANDARD", "IST"), ("DAYLIGHT", "GMT")])
END
