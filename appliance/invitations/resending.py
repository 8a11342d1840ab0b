"""What was sent about an invitation: seen, and sent to one person once more, who did not get it."""

from __future__ import annotations

from dataclasses import replace

from appliance.errors import RefusedError
from appliance.invitations import access, details
from appliance.invitations.mails import Kind
from appliance.invitations.saving import ORGANISER, InvitationChange
from appliance.journal import audit_log
from appliance.mail import outbox, queue_admin
from appliance.models import Invitation, InvitationState, MailState, OutgoingMail
from appliance.system.config import Config

MAX_PER_HOUR = 5
"""Messages to one person on behalf of one organiser, after which none is sent again by hand."""


def as_sent(config: Config, invitation: Invitation, now: float) -> InvitationChange:
    """Prepare the latest mail to each once more; it says how one gets in today."""
    usual = Kind.CANCEL if invitation.state == InvitationState.CANCELLED else Kind.INVITATION
    kinds = {ORGANISER: Kind(invitation.mail.kind) if invitation.mail else usual}
    people = details.people(invitation)
    for key, mail in _latest(invitation).items():
        kinds[key] = Kind(mail.kind) if mail is not None else usual
    dial_in = access.of(invitation.bridge)
    return InvitationChange(config, invitation, people, dial_in, kinds, now, invitation.version)


def send_again(
    config: Config, invitation: Invitation, key: str, now: float, *, mail_id: int | None, actor: str
) -> None:
    """Write the latest mail to one person anew and send it; one that waits is tried at once.

    `key`: the address in small letters, ORGANISER for the organiser. `mail_id`: the mail that was seen: who
    asks twice sends once.
    """
    if invitation.over_at < now:
        raise RefusedError("this conference is over: create a new invitation")
    if invitation.state != InvitationState.CANCELLED:
        access.open_to(invitation.bridge)
    mail = (_latest(invitation) | {ORGANISER: invitation.mail}).get(key)
    if mail is not None and mail.id == mail_id and mail.state == MailState.WAITING:
        queue_admin.retry(mail.id, now, actor=actor)
        return
    saving = as_sent(config, invitation, now)
    if key not in saving.kinds:
        raise RefusedError("%(address)s is no longer invited: look at the list again", address=key)
    address = invitation.organiser.email if key == ORGANISER else key
    if outbox.count(now - 3600.0, user=invitation.organiser, to=address) >= MAX_PER_HOUR:
        raise RefusedError(
            "%(address)s received %(most)s messages within the last hour: wait",
            address=address,
            most=MAX_PER_HOUR,
        )
    saving = replace(saving, kinds={key: saving.kinds[key]}, replaces=mail_id)
    with saving.transaction() as (subject, detail):
        audit_log.record(actor, "invitation.resend", subject, detail)


def _latest(invitation: Invitation) -> dict[str, OutgoingMail | None]:
    """The latest mail to each invitee, by address in small letters."""
    return {row.address.casefold(): row.mail for row in details.listed(invitation)}
