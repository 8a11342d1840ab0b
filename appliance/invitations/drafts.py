"""Drafts of invitations: saved for the preview, and sent once.

Only its author sees a draft, and it sends nothing, so the audit log does not record it.
"""

from __future__ import annotations

from typing import Any

from appliance.errors import RefusedError
from appliance.models import Bridge, Invitation, InvitationDraft, User
from appliance.models.transaction import atomic

KEPT = 30 * 86_400.0
"""Seconds for which a draft is kept, sent or not."""
MAX_DRAFTS = 50
"""Unsent drafts that are kept of one person."""


@atomic
def keep(
    user: User,
    bridge: Bridge,
    content: str,
    now: float,
    *,
    invitation: Invitation | None = None,
    version: int | None = None,
) -> InvitationDraft:
    """Save a filled-in form: a new invitation, or a change of one in its `version`."""
    InvitationDraft.delete().where(InvitationDraft.changed_at < now - KEPT).execute()
    draft: InvitationDraft = InvitationDraft.create(
        user=user, bridge=bridge, invitation=invitation, version=version, content=content, changed_at=now
    )
    too_old = unsent(user).columns(InvitationDraft.id).offset(MAX_DRAFTS).limit(-1)
    InvitationDraft.delete().where(InvitationDraft.id.in_([row.id for row in too_old])).execute()
    return draft


@atomic
def change(draft: InvitationDraft, content: str, now: float, *, version: int | None = None) -> None:
    """Replace the content of a draft; RefusedError if it was already sent or removed."""
    values = {"content": content, "version": version, "changed_at": now}
    if not InvitationDraft.update(values).where(_unsent(draft)).execute():
        raise _gone()


@atomic
def remove(draft: InvitationDraft) -> None:
    """Remove a draft that was not sent."""
    InvitationDraft.delete().where(_unsent(draft)).execute()


def unsent(user: User, bridge: Bridge | None = None) -> Any:
    """Query of the unsent drafts of a user, for a bridge or for all, the newest first."""
    query = InvitationDraft.select().where((InvitationDraft.user == user) & InvitationDraft.sent_at.is_null())
    if bridge is not None:
        query = query.where(InvitationDraft.bridge == bridge)
    return query.order_by(InvitationDraft.changed_at.desc(), InvitationDraft.id.desc())


def claim(draft: InvitationDraft, now: float) -> None:
    """Claim a draft in the transaction that sends it; RefusedError if it was sent already."""
    if not InvitationDraft.update(sent_at=now).where(_unsent(draft)).execute():
        raise _gone()


def became(draft: InvitationDraft, invitation: Invitation) -> None:
    """Record, in the same transaction, the invitation that it became."""
    InvitationDraft.update(invitation=invitation).where(InvitationDraft.id == draft.id).execute()


def _unsent(draft: InvitationDraft) -> Any:
    return (InvitationDraft.id == draft.id) & InvitationDraft.sent_at.is_null()


def _gone() -> RefusedError:
    return RefusedError("this draft was already sent or removed: look at the list of invitations")
