#!/bin/bash
# phonenumbers names a time zone that no time zone database has, for numbers that it holds valid.
#
# Packages: phonenumbers 9.0.43, tzdata 2026.6, Python 3.11.
# Expected: `phonenumbers.timezone.time_zones_for_number` returns names for `zoneinfo.ZoneInfo`, and an empty tuple where
#   it knows none.
# Instead: what it does not know is `("Etc/Unknown",)`, an identifier of CLDR that tz does not define: ZoneInfo raises
#   ZoneInfoNotFoundError. Valid numbers get it, such as an international freephone number (+800). A number that may
#   be anywhere in North America gets all of the zones there.
# What it means: "the first zone of the caller's number" fails with an international number, and is Alaska's
#   for each toll-free number of the United States. Compare with `timezone.UNKNOWN_TIMEZONE`; trust only a single zone.
#
# Seen: is valid, number of zones, the first one, ZoneInfo
#   +33970000600: (True, 1, 'Europe/Paris', 'found')
#   +80012345678: (True, 1, 'Etc/Unknown', 'No time zone found with key Etc/Unknown')
#   +883510001234567: (True, 1, 'Etc/Unknown', 'No time zone found with key Etc/Unknown')
#   +18005550199: (True, 42, 'America/Adak', 'found')

. "$(dirname "$0")/common.inc"

python_install phonenumbers==9.0.43 tzdata==2026.6

python - << 'END'
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from expect import expect
from phonenumbers import timezone


def zones(text: str) -> tuple[bool, int, str, str]:
    number = phonenumbers.parse(text)
    names = timezone.time_zones_for_number(number)
    try:
        ZoneInfo(names[0])
        outcome = "found"
    except ZoneInfoNotFoundError as error:
        outcome = error.args[0]
    return phonenumbers.is_valid_number(number), len(names), names[0], outcome


UNKNOWN = "Etc/Unknown", "No time zone found with key Etc/Unknown"
expect("+33970000600", zones("+33970000600"), (True, 1, "Europe/Paris", "found"))
expect("+80012345678", zones("+80012345678"), (True, 1, *UNKNOWN))
expect("+883510001234567", zones("+883510001234567"), (True, 1, *UNKNOWN))
expect("+18005550199", zones("+18005550199"), (True, 42, "America/Adak", "found"))
END
