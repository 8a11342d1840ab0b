"""What was sent: one invitation or a page of them, with what became of each mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from appliance.directory import Refused
from appliance.invitations import access, details
from appliance.models import Bridge, Invitation, Invitee, OutgoingMail, User

PAGE = 20
"""Invitations on one page."""


@dataclass(frozen=True)
class Told:
    """Somebody who was sent mails, and the latest of them: its state, and why it waits or failed."""

    address: str
    name: str
    mail: OutgoingMail | None


@dataclass(frozen=True)
class Shown:
    """An invitation, and everybody who was told of it: the organiser, then the invitees."""

    invitation: Invitation
    people: tuple[Told, ...]
    over_at: float
    """When the conference ends for the last time (s since the epoch)."""


def get(bridge: Bridge, invitation_id: int) -> Shown:
    """Find an invitation to this bridge; Refused if there is none, or only to another one."""
    found = _shown(list(_of(bridge).where(Invitation.id == invitation_id)))
    if not found:
        raise Refused(f"there is no invitation {invitation_id} to this bridge: look at the list again")
    return found[0]


def overview(bridge: Bridge, page: int = 1) -> tuple[list[Shown], int]:
    """Return a page (from 1) of the invitations to a bridge, newest first, and how many there are in all."""
    rows = _of(bridge).order_by(Invitation.id.desc()).paginate(page, PAGE)
    return _shown(list(rows)), Invitation.select().where(Invitation.bridge == bridge).count()


def outdated(invitation: Invitation, now: float) -> bool:
    """Whether one does not get in any more, or not only, as the last mails say: an update is due."""
    if invitation.state == "cancelled" or details.over_at(invitation) < now:
        return False
    bridge = invitation.bridge
    return bool(invitation.told != access.fingerprint(bridge, access.of(bridge)))


def _of(bridge: Bridge) -> Any:
    """Query of a bridge's invitations, each with its organiser and the mail to him."""
    query = Invitation.select(Invitation, User, OutgoingMail).join(User).switch(Invitation)
    return query.join(OutgoingMail, JOIN.LEFT_OUTER).where(Invitation.bridge == bridge)


def _shown(invitations: Sequence[Invitation]) -> list[Shown]:
    rows = Invitee.select(Invitee, OutgoingMail).join(OutgoingMail, JOIN.LEFT_OUTER)
    people: dict[int, list[Told]] = {invitation.id: [_organiser(invitation)] for invitation in invitations}
    for row in rows.where(Invitee.invitation.in_(list(people))).order_by(Invitee.id):
        people[row.invitation_id].append(Told(row.address, row.name, row.mail))
    return [
        Shown(invitation, tuple(people[invitation.id]), details.over_at(invitation))
        for invitation in invitations
    ]


def _organiser(invitation: Invitation) -> Told:
    return Told(invitation.organiser.email, invitation.organiser.full_name, invitation.mail)
