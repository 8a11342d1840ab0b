"""The mails of an invitation: words in the organiser's language, an event for the reader's calendar (R31)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from appliance.formats.reader import Reader
from appliance.invitations import details, event, times
from appliance.invitations.access import Access
from appliance.invitations.addresses import Address
from appliance.invitations.event import Method
from appliance.invitations.times import Repeats
from appliance.mail import outbox, wording
from appliance.mail.message import Event, Mail
from appliance.mail.outbox import PreparedMail
from appliance.mail.wording import Words
from appliance.models import Invitation
from appliance.system.config import Config


class Kind(StrEnum):
    """What a mail tells its reader."""

    INVITATION = "invitation"
    UPDATE = "invitation-update"
    CANCEL = "invitation-cancel"
    REMOVAL = "invitation-removal"
    """One person is no longer invited."""

    @property
    def is_end(self) -> bool:
        """Nobody gets in who reads this: it says nothing of how to."""
        return self in (Kind.CANCEL, Kind.REMOVAL)


class Letters:
    """Writes the mails of one invitation as it is now; what several read is made once."""

    def __init__(
        self, config: Config, invitation: Invitation, invitees: Sequence[Address], access: Access, now: float
    ) -> None:
        self._config = config
        self._invitation = invitation
        self._invitees = invitees
        self._access = access
        self._now = now
        self._organiser = invitation.organiser
        self._language = self._organiser.language
        self._worded: dict[tuple[Kind, bool], tuple[Words, str]] = {}
        self._events: dict[tuple[Kind, tuple[Address, ...]], bytes] = {}

    def to_organiser(self, kind: Kind) -> PreparedMail:
        """Write to the organiser, who sees the list of invitees."""
        method = Method.CANCEL if kind.is_end else Method.PUBLISH
        return self._write(self._organiser.email, kind, method, ())

    def to_invitee(self, kind: Kind, invitee: Address) -> PreparedMail:
        """Write to somebody who was invited, who sees the others only if that is wanted."""
        method = Method.CANCEL if kind.is_end else Method.REQUEST
        shown = self._invitees if self._shows_people(kind) else (invitee,)
        return self._write(invitee.address, kind, method, shown)

    def _shows_people(self, kind: Kind) -> bool:
        return bool(self._invitation.show_participants) and not kind.is_end

    def _write(self, to: str, kind: Kind, method: Method, attendees: Sequence[Address]) -> PreparedMail:
        words, description = self._words(kind, to_organiser=not attendees)
        key = (kind, tuple(attendees))
        if key not in self._events:
            self._events[key] = event.render(
                self._invitation,
                method,
                attendees=attendees,
                description=description,
                access=None if kind.is_end else self._access,
                now=self._now,
            )
        mail = Mail(
            to,
            words.subject,
            words.text,
            words.html,
            self._organiser.email,
            event=Event(method, self._events[key]),
        )
        return outbox.prepare(self._config, mail, self._now)

    def _words(self, kind: Kind, *, to_organiser: bool) -> tuple[Words, str]:
        """Return the mail's words, and those that a calendar shows."""
        if (kind, to_organiser) not in self._worded:
            values = self._values(kind, to_organiser)
            intro = wording.phrase("invitation-intro", self._language, **values)
            self._worded[kind, to_organiser] = (
                wording.write("invitation", self._language, intro=intro, **values),
                wording.phrase("invitation-facts", self._language, **values),
            )
        return self._worded[kind, to_organiser]

    def _values(self, kind: Kind, to_organiser: bool) -> dict[str, Any]:
        invitation, access = self._invitation, self._access
        reader = Reader(self._language, invitation.time_zone)
        shows_people = to_organiser or self._shows_people(kind)
        return {
            "kind": kind,
            "to_organiser": to_organiser,
            "first_name": self._organiser.first_name,
            "organiser": self._organiser.full_name,
            "subject": invitation.subject,
            "message": "" if kind.is_end else invitation.message,
            "begin_day": reader.weekday(invitation.begins_at),
            "begin": reader.clock(invitation.begins_at),
            "end_day": reader.weekday(invitation.ends_at),
            "end": reader.clock(invitation.ends_at),
            "same_day": reader.day(invitation.begins_at) == reader.day(invitation.ends_at),
            "zone": reader.zone(None if invitation.repeats != Repeats.NONE else invitation.begins_at),
            "length": reader.length(invitation.ends_at - invitation.begins_at),
            "recurrence": repeats(invitation, self._language),
            "numbers": () if kind.is_end else access.for_guests(self._config.region),
            "is_number": bool(access.numbers),
            "password": "" if kind.is_end else access.password,
            "link": "" if kind.is_end else access.link,
            "people": [_shown(invitee) for invitee in self._invitees] if shows_people else [],
            "web_url": self._config.web_url,
        }


def repeats(invitation: Invitation, language: str) -> str:
    """How its conference repeats, in words, "" if it does not."""
    recurrence = details.recurrence(invitation)
    if recurrence.repeats == Repeats.NONE:
        return ""
    reader = Reader(language, invitation.time_zone)
    until = ""
    if recurrence.until is not None:
        noon = datetime.combine(recurrence.until, time(12))
        until = reader.day(times.instant(noon, reader.time_zone).timestamp())
    return wording.phrase(
        "recurrence",
        language,
        repeats=recurrence.repeats,
        weekday=reader.day_of_week(invitation.begins_at),
        day=reader.moment(invitation.begins_at).day,
        count=recurrence.count,
        until=until,
    )


def _shown(invitee: Address) -> str:
    return f"{invitee.name} <{invitee.address}>" if invitee.name else invitee.address
