"""A conference as a calendar event: RFC 5545 (iCalendar), 5546 (REQUEST, CANCEL, PUBLISH)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from icalendar import Alarm, Calendar, Conference, vCalAddress
from icalendar import Event as Component

from appliance.invitations import details, times, zones
from appliance.invitations.access import Access
from appliance.invitations.addresses import Address
from appliance.invitations.times import Repeats
from appliance.models import Invitation, InvitationState

PRODUCT = "-//Pont//Conference bridge//EN"
REMINDER = timedelta(minutes=10)
"""Before it begins."""
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Method(StrEnum):
    """What the receiving calendar is to do."""

    REQUEST = "REQUEST"
    """Enter or change the event, and ask the attendee whether they come."""
    PUBLISH = "PUBLISH"
    """Enter the event. For the organiser: given a REQUEST for an event of their own, Outlook looks for
    the event in their calendar, and does not enter it."""
    CANCEL = "CANCEL"


def render(
    invitation: Invitation,
    method: Method,
    *,
    attendees: Sequence[Address],
    description: str,
    access: Access | None,
    now: float,
) -> bytes:
    """Write the event as of `now`.

    `attendees`: those that the reader may see, the reader included; `access`: the dial-in, None to leave it
    out.
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    begin = times.local(invitation.begins_at, invitation.time_zone)
    calendar.add_component(zones.described(invitation.time_zone, begin.year, begin.year + 2))
    event = Component()
    _say_which(event, invitation, method, now)
    _say_when(event, invitation)
    event.add("SUMMARY", invitation.subject)
    event.add("DESCRIPTION", description)
    if access is not None:
        event.add("LOCATION", access.readable[0])
        if access.link:
            event.conferences = [Conference(access.link, feature=["PHONE"], label=access.readable[0])]
    event.add("ORGANIZER", _person(Address(invitation.organiser.email, invitation.organiser.full_name)))
    for attendee in attendees:
        event.add("ATTENDEE", _attendee(attendee))
    if method != Method.CANCEL:
        event.add_component(_alarm(invitation.subject))
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _say_which(event: Component, invitation: Invitation, method: Method, now: float) -> None:
    event.add("UID", invitation.uid)
    event.add("SEQUENCE", invitation.sequence)
    event.add("DTSTAMP", _utc(now))
    event.add("CREATED", _utc(invitation.created_at))
    event.add("LAST-MODIFIED", _utc(invitation.changed_at))
    # A person removed from the list gets a CANCEL without one (RFC 5546, 3.2.5).
    if invitation.state == InvitationState.CANCELLED:
        event.add("STATUS", "CANCELLED")
    elif method != Method.CANCEL:
        event.add("STATUS", "CONFIRMED")


def _say_when(event: Component, invitation: Invitation) -> None:
    begin = times.local(invitation.begins_at, invitation.time_zone)
    where = {"TZID": invitation.time_zone}
    event.add("DTSTART", begin, parameters=where)
    event.add("DTEND", times.local(invitation.ends_at, invitation.time_zone), parameters=where)
    recurrence = details.recurrence(invitation)
    if recurrence.repeats == Repeats.NONE:
        return
    rule: dict[str, object] = {"FREQ": recurrence.repeats.upper()}
    if recurrence.repeats == Repeats.WEEKLY:
        rule["BYDAY"] = _WEEKDAYS[begin.weekday()]
    else:
        rule["BYMONTHDAY"] = begin.day
    if recurrence.count is not None:
        rule["COUNT"] = recurrence.count
    else:
        # In UTC where the beginning has a zone, and of the last time itself (RFC 5545, 3.3.10).
        last = datetime.combine(times.days(begin.date(), recurrence)[-1], begin.time())
        rule["UNTIL"] = times.instant(last, invitation.time_zone)
    event.add("RRULE", rule)


def _attendee(address: Address) -> vCalAddress:
    person = _person(address)
    person.params.update(
        {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    )
    return person


def _person(address: Address) -> vCalAddress:
    """A `mailto:` (RFC 6068) with a name, which is in place of none the address."""
    person = vCalAddress("mailto:" + quote(address.address, safe="@!$'*+/=~"))
    person.params["CN"] = address.name or address.address
    return person


def _alarm(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", text)
    alarm.add("TRIGGER", -REMINDER)
    return alarm


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).replace(microsecond=0)
