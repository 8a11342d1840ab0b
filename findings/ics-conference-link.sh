#!/bin/bash
# vobject cuts the password off a dial-in link, and icalendar writes a list of features as one feature.
#
# Packages: icalendar 7.3.0, vobject 0.9.9 (python-dateutil 4.0.0, pytz 2026.6, six 1.17.0), tzdata 2026.6, Python 3.11.
# Expected: CONFERENCE (RFC 7986, 5.11) holds one URI, and `tel:+33970000600,,482913%23` (two pauses, then the password
#   and #) comes back whole. Its FEATURE is a list: `FEATURE=PHONE,MODERATOR`.
# Instead: vobject takes a property that it does not know for a list of texts and keeps the first: the password is
#   gone, and gone from what it writes. icalendar quotes a list of features: FEATURE="PHONE,MODERATOR" is one feature,
#   of that name, to a reader that follows the RFC, vobject among them, and to icalendar itself.
# What it means: do not pass calendars with dial-in links through vobject. Give icalendar one feature only. Write the
#   password into DESCRIPTION or LOCATION as well, where commas are escaped.
#
# Seen:
#   by icalendar, read again: 'tel:+33970000600,,482913%23'
#   by icalendar, read by vobject: 'tel:+33970000600'
#   written by vobject: 'tel:+33970000600'
#   FEATURE, as written: 'FEATURE="PHONE,MODERATOR"'
#   FEATURE, read by vobject: ['PHONE,MODERATOR']
#   FEATURE=PHONE,MODERATOR, read by vobject: ['PHONE', 'MODERATOR']
#   LOCATION, read by vobject: '+33 9 70 00 06 00, password 482913'

. "$(dirname "$0")/common.inc"

python_install icalendar==7.3.0 vobject==0.9.9 python-dateutil==4.0.0 pytz==2026.6 six==1.17.0 tzdata==2026.6

python - << 'END'
import re
from datetime import UTC, datetime, timedelta

import vobject
from expect import expect
from icalendar import Calendar, Conference, Event

LINK = "tel:+33970000600,,482913%23"
event = Event()
event.add("UID", "1")
event.add("LOCATION", "+33 9 70 00 06 00, password 482913")
event.start = datetime(2026, 7, 1, 9, tzinfo=UTC)
event.end = event.start + timedelta(hours=1)
event.conferences = [Conference(LINK, feature=["PHONE", "MODERATOR"])]
calendar = Calendar()
calendar.add_component(event)
text = calendar.to_ical().decode()

expect("by icalendar, read again", str(Calendar.from_ical(text).events[0].conferences[0].uri), LINK)
read = vobject.readOne(text)
expect("by icalendar, read by vobject", read.vevent.conference.value, "tel:+33970000600")
again = read.serialize(validate=False).replace("\r\n ", "")
expect("written by vobject", re.findall("CONFERENCE.*?:(.*?)\r", again)[0], "tel:+33970000600")

expect("FEATURE, as written", re.findall("FEATURE=[^;:]*", text)[0], 'FEATURE="PHONE,MODERATOR"')
expect("FEATURE, read by vobject", read.vevent.conference.params["FEATURE"], ["PHONE,MODERATOR"])
plain = vobject.readOne(text.replace('"', "")).vevent.conference.params["FEATURE"]
expect("FEATURE=PHONE,MODERATOR, read by vobject", plain, ["PHONE", "MODERATOR"])
expect("LOCATION, read by vobject", read.vevent.location.value, "+33 9 70 00 06 00, password 482913")
END
