"""What was sent: invitations, those that come first, and what became of each mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Case, fn

from appliance.formats import text_search
from appliance.invitations import access, details, times
from appliance.invitations.times import Recurrence, Repeats
from appliance.models import (
    Bridge,
    Customer,
    Invitation,
    InvitationState,
    Invitee,
    OutgoingMail,
    User,
    database,
)


@dataclass(frozen=True)
class Told:
    """Somebody who was sent mails, and the latest of them: its state, and why it waits or failed."""

    address: str
    name: str
    mail: OutgoingMail | None


def matching(text: str, now: float, *, customer: Customer | None = None, bridge: Bridge | None = None) -> Any:
    """Query of invitations, with organiser and bridge, whose subject or organiser holds these words.

    Those that come stand first, the next at the top; then those that are over or cancelled, the latest first.
    """
    done = (Invitation.state == InvitationState.CANCELLED) | (Invitation.over_at < now)
    following = Case(
        None,
        [(Invitation.repeats == "none", Invitation.begins_at)],
        fn.following(
            Invitation.begins_at, Invitation.ends_at, Invitation.time_zone,
            Invitation.repeats, Invitation.repeat_count, Invitation.repeat_until, now,
        ),
    )  # fmt: skip
    query = (
        Invitation.select(Invitation, User, Bridge)
        .join(User)
        .switch(Invitation)
        .join(Bridge)
        .order_by(done, Case(None, [(done, Invitation.over_at * -1)], following), Invitation.id)
    )
    if customer is not None:
        query = query.where(User.customer == customer)
    if bridge is not None:
        query = query.where(Invitation.bridge == bridge)
    return text_search.holding(query, text, Invitation.subject, User.first_name, User.last_name)


def is_done(invitation: Invitation, now: float) -> bool:
    """Whether there is nothing to come of it."""
    return bool(invitation.state == InvitationState.CANCELLED or invitation.over_at < now)


def next_at(invitation: Invitation, now: float) -> float:
    """When it begins next, or began if it is on (s since the epoch); the last time if it is over."""
    recurrence = details.recurrence(invitation)
    return times.next_at(invitation.begins_at, invitation.ends_at, invitation.time_zone, recurrence, now)


def states(invitations: Sequence[Invitation]) -> dict[int, Counter[str]]:
    """How many of each invitation's mails, that to the organiser too, are in which state."""
    found: dict[int, Counter[str]] = {invitation.id: Counter() for invitation in invitations}
    wanted = list(found)
    for table, column in ((Invitation, Invitation.id), (Invitee, Invitee.invitation)):
        counted: Any = (
            table.select(column, OutgoingMail.state, fn.COUNT(table.id))
            .join(OutgoingMail)
            .where(column.in_(wanted))
            .group_by(column, OutgoingMail.state)
            .tuples()
        )
        for row_id, state, count in counted:
            found[row_id][state] += count
    return found


def people(invitation: Invitation) -> list[Told]:
    """Everybody who was told of it: the organiser, then the invitees, each with the latest mail to them."""
    organiser = invitation.organiser
    invitees = details.listed(invitation)
    return [
        Told(organiser.email, organiser.full_name, invitation.mail),
        *(Told(row.address, row.name, row.mail) for row in invitees),
    ]


def outdated(invitation: Invitation, now: float) -> bool:
    """Whether one does not get in any more, or not only, as the last mails say: an update is due."""
    if is_done(invitation, now):
        return False
    dial_in = access.of(invitation.bridge)
    return bool(invitation.access_fingerprint != access.fingerprint(invitation.organiser, dial_in))


def _following(
    begins: float, ends: float, zone: str, repeats: str, count: int | None, until: str | None, now: float
) -> float:
    """SQL's view of next_at()."""
    last = date.fromisoformat(until) if until else None
    return times.next_at(begins, ends, zone, Recurrence(Repeats(repeats), count, last), now)


database.register_function(_following, "following", 7)
