"""The use cases that send mail: an invitation is created, changed, cancelled (R28 to R31).

plan_create() and plan_update() return what can be shown before it is saved and sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from appliance.errors import RefusedError
from appliance.invitations import access, details
from appliance.invitations.addresses import Address
from appliance.invitations.details import Details
from appliance.invitations.mails import Kind
from appliance.invitations.saving import ORGANISER, InvitationChange, stale
from appliance.journal import audit_log
from appliance.mail import outbox
from appliance.models import Bridge, Invitation, InvitationDraft, InvitationState
from appliance.system.config import Config


def plan_create(
    config: Config, bridge: Bridge, filled: Details, now: float, draft: InvitationDraft | None = None
) -> InvitationChange:
    """Prepare to invite: one mail to each invitee, and one to the organiser (R29)."""
    dial_in = access.open_to(bridge)
    columns = details.checked(filled, bridge.user)
    details.check_not_past(columns["begins_at"], now)
    people = details.invitees(filled, bridge.user)
    invitation = Invitation(
        bridge=bridge,
        organiser=bridge.user,
        uid=f"{uuid.uuid4()}@{outbox.domain(config)}",
        access_fingerprint=access.fingerprint(bridge.user, dial_in),
        created_at=now,
        changed_at=now,
        **columns,
    )
    kinds = dict.fromkeys([ORGANISER, *people], Kind.INVITATION)
    return InvitationChange(config, invitation, people, dial_in, kinds, now, draft=draft)


def create(
    config: Config,
    bridge: Bridge,
    filled: Details,
    now: float,
    *,
    draft: InvitationDraft | None = None,
    actor: str,
) -> Invitation:
    """Invite to a conference; RefusedError if this draft was sent already."""
    saving = plan_create(config, bridge, filled, now, draft)
    with saving.transaction() as (subject, detail):
        audit_log.record(actor, "invitation.create", subject, detail)
    return saving.invitation


def plan_update(
    config: Config,
    invitation: Invitation,
    filled: Details,
    now: float,
    *,
    version: int,
    draft: InvitationDraft | None = None,
) -> InvitationChange:
    """Prepare to change an invitation that was seen in its `version`; invitees with new details get a mail.

    Today's dial-in counts as well: unchanged details are an update when the dial-in is outdated.
    """
    invitation = changeable(invitation, version, now)
    bridge = invitation.bridge
    dial_in = access.open_to(bridge)
    columns = details.checked(filled, bridge.user) | {
        "access_fingerprint": access.fingerprint(bridge.user, dial_in)
    }
    if columns["begins_at"] != invitation.begins_at:
        details.check_not_past(columns["begins_at"], now)
    before, after = details.people(invitation), details.invitees(filled, bridge.user)
    is_new = any(getattr(invitation, name) != value for name, value in columns.items())
    kinds: dict[str, Kind] = {}
    if is_new or before != after:
        kinds = who_is_told(before, after, everybody=is_new or invitation.show_participants)
        for name, value in columns.items():
            setattr(invitation, name, value)
        _count(invitation, now)
    return InvitationChange(config, invitation, after, dial_in, kinds, now, version, before, draft=draft)


def change(
    config: Config,
    invitation: Invitation,
    filled: Details,
    now: float,
    *,
    version: int,
    draft: InvitationDraft | None = None,
    actor: str,
) -> Invitation:
    """Change an invitation; nothing is sent if nothing is new."""
    saving = plan_update(config, invitation, filled, now, version=version, draft=draft)
    if saving.kinds:
        with saving.transaction() as (subject, detail):
            audit_log.record(actor, "invitation.change", subject, detail)
    return saving.invitation


def cancel(config: Config, invitation: Invitation, now: float, *, version: int, actor: str) -> Invitation:
    """Cancel a conference with all its occurrences; everybody gets a mail."""
    invitation = changeable(invitation, version, now)
    invitation.state = InvitationState.CANCELLED
    _count(invitation, now)
    people = details.people(invitation)
    kinds = dict.fromkeys([ORGANISER, *people], Kind.CANCEL)
    saving = InvitationChange(config, invitation, people, access.of(invitation.bridge), kinds, now, version)
    with saving.transaction() as (subject, detail):
        audit_log.record(actor, "invitation.cancel", subject, detail)
    return invitation


def who_is_told(
    before: Mapping[str, Address], after: Mapping[str, Address], *, everybody: bool
) -> dict[str, Kind]:
    """Return who gets which mail when invitees change; `everybody`: those who stay have new details too."""
    kinds = {ORGANISER: Kind.UPDATE}
    for key in after:
        if key not in before:
            kinds[key] = Kind.INVITATION
        elif everybody:
            kinds[key] = Kind.UPDATE
    return kinds | {key: Kind.REMOVAL for key in before if key not in after}


def changeable(invitation: Invitation, version: int, now: float) -> Invitation:
    """Read an invitation again; RefusedError if it is not what was seen, or can no longer be changed."""
    current: Invitation | None = Invitation.get_or_none(Invitation.id == invitation.id)
    if current is None or current.version != version:
        raise stale()
    if current.state == InvitationState.CANCELLED:
        raise RefusedError("this conference is cancelled: create a new invitation")
    if current.over_at < now:
        raise RefusedError("this conference is over: create a new invitation")
    return current


def _count(invitation: Invitation, now: float) -> None:
    invitation.sequence += 1
    invitation.version += 1
    invitation.changed_at = now
