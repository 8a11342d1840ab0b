"""Details of a conference that an organiser invites to (R28 to R30): validated, and as they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from appliance.errors import RefusedError
from appliance.formats import validation
from appliance.invitations import times
from appliance.invitations.addresses import MAX_ADDRESSES, Address
from appliance.invitations.times import Recurrence, Repeats
from appliance.mail import wording
from appliance.mail.message import one_line, readable
from appliance.models import MESSAGE_LENGTH, SUBJECT_LENGTH, Invitation, Invitee, OutgoingMail, User

MAX_LENGTH_S = 86_400.0
"""Seconds that a conference lasts at most."""
LATE = 600.0
"""Seconds after its beginning in which people may still be invited to a conference."""
ONCE = Recurrence()


@dataclass(frozen=True)
class Details:
    """A conference as it is filled in; times are local times in `time_zone`."""

    begins: datetime
    ends: datetime
    time_zone: str
    subject: str = ""
    """"" for one in the organiser's language."""
    message: str = ""
    recurrence: Recurrence = ONCE
    invitees: tuple[Address, ...] = ()
    """Besides the organiser, who always gets a mail (R29)."""
    show_participants: bool = False


def checked(details: Details, organiser: User) -> dict[str, Any]:
    """Return the columns of an invitation as they are stored; RefusedError if they are not consistent."""
    zone = validation.time_zone(details.time_zone)
    begins, ends = (shown.replace(second=0, microsecond=0) for shown in (details.begins, details.ends))
    begins_at, ends_at = times.moment(begins, zone), times.moment(ends, zone)
    if ends_at <= begins_at:
        raise RefusedError("the end is not after the beginning: correct the times")
    if ends_at - begins_at > MAX_LENGTH_S:
        raise RefusedError("a conference lasts 24 hours at most: correct the times")
    repeats = details.recurrence.repeats
    return {
        "subject": _subject(details.subject, organiser),
        "message": _message(details.message),
        "begins_at": begins_at,
        "ends_at": ends_at,
        "time_zone": zone,
        "repeats": repeats.value,
        "repeat_count": details.recurrence.count if repeats != Repeats.NONE else None,
        "repeat_until": details.recurrence.until if repeats != Repeats.NONE else None,
        "over_at": times.over_at(begins_at, ends_at, zone, details.recurrence),
        "show_participants": details.show_participants,
    }


def check_not_past(begins_at: float, now: float) -> None:
    """Refuse a conference that has begun."""
    if begins_at < now - LATE:
        raise RefusedError("the beginning is in the past: correct the date or the time")


def invitees(details: Details, organiser: User) -> dict[str, Address]:
    """Return who is invited besides the organiser, each once, by address in small letters."""
    found: dict[str, Address] = {}
    for invitee in details.invitees:
        small = invitee.address.casefold()
        if small != organiser.email.casefold():
            found.setdefault(small, invitee)
    if len(found) > MAX_ADDRESSES:
        raise RefusedError(
            "there are %(count)s addresses: invite %(most)s at most, and the rest separately",
            count=len(found),
            most=MAX_ADDRESSES,
        )
    return found


def recurrence(invitation: Invitation) -> Recurrence:
    """How an invitation's conference repeats."""
    return Recurrence(Repeats(invitation.repeats), invitation.repeat_count, invitation.repeat_until)


def listed(invitation: Invitation) -> list[Invitee]:
    """Who is invited besides the organiser, in the order in which they were, with the latest mail to each."""
    rows = Invitee.select(Invitee, OutgoingMail).join(OutgoingMail, JOIN.LEFT_OUTER)
    return list(rows.where(Invitee.invitation == invitation).order_by(Invitee.id))


def people(invitation: Invitation) -> dict[str, Address]:
    """Who is invited, by address in small letters."""
    return {row.address.casefold(): Address(row.address, row.name) for row in listed(invitation)}


def filled_in(invitation: Invitation) -> Details:
    """Return an invitation as it was filled in, to be changed."""
    zone = invitation.time_zone
    return Details(
        begins=times.local(invitation.begins_at, zone),
        ends=times.local(invitation.ends_at, zone),
        time_zone=zone,
        subject=invitation.subject,
        message=invitation.message,
        recurrence=recurrence(invitation),
        invitees=tuple(people(invitation).values()),
        show_participants=invitation.show_participants,
    )


def _subject(text: str, organiser: User) -> str:
    subject = one_line(text)
    if not subject:
        subject = wording.phrase("invitation-subject", organiser.language, organiser=organiser.full_name)
    if len(subject) > SUBJECT_LENGTH:
        raise RefusedError(
            "the subject has %(length)s characters: shorten it to at most %(most)s",
            length=len(subject),
            most=SUBJECT_LENGTH,
        )
    return subject


def _message(text: str) -> str:
    message = readable("\n".join(text.splitlines())).strip()
    if len(message) > MESSAGE_LENGTH:
        raise RefusedError(
            "the message has %(length)s characters: shorten it to at most %(most)s",
            length=len(message),
            most=MESSAGE_LENGTH,
        )
    return message
