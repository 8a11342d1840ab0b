"""Drafts of invitations: from the form to what can be sent."""

from __future__ import annotations

import hashlib
import json
import time

from appliance.invitations import changes, drafts
from appliance.invitations.addresses import Problem, parse
from appliance.invitations.saving import InvitationChange
from appliance.models import Bridge, Invitation, InvitationDraft
from webui.access import viewer
from webui.context import site
from webui.forms import Values, reload
from webui.invitation_form import InvitationForm, conference, values_of


def read(draft: InvitationDraft) -> dict[str, object]:
    """What was typed."""
    typed: dict[str, object] = json.loads(draft.content)
    return typed


def problems(draft: InvitationDraft) -> list[Problem]:
    """Return the entries that are left out of the list of addresses."""
    return parse(str(read(draft)["addresses"])).problems


def prepared(draft: InvitationDraft) -> InvitationChange:
    """Prepare what it would send; RefusedError if it cannot be sent any more."""
    return _prepared(draft.bridge, draft.invitation, draft.version, read(draft))


def seen(draft: InvitationDraft, saving: InvitationChange) -> str:
    """Return a fingerprint of the preview; the button sends it back, so that only what was seen is sent."""
    shown = json.dumps(
        [draft.id, draft.content, draft.changed_at, draft.version, saving.invitation.access_fingerprint]
    )
    return hashlib.sha256(shown.encode()).hexdigest()


def keep(form: InvitationForm, bridge: Bridge, draft: InvitationDraft | None = None) -> InvitationDraft:
    """Save the draft of a new invitation that could be sent as it is."""
    _prepared(bridge, None, None, form.typed())
    return _kept(form.typed(), bridge, draft)


def keep_change(
    form: InvitationForm, invitation: Invitation, draft: InvitationDraft | None = None
) -> InvitationDraft | None:
    """Save the draft of a change; None if nothing is different."""
    current = reload(invitation)
    if not _prepared(current.bridge, current, current.version, form.typed()).kinds:
        return None
    return _kept(form.typed(), current.bridge, draft, current)


def keep_update(invitation: Invitation) -> InvitationDraft:
    """Save a draft that sends everybody the same again, with today's dial-in."""
    return _kept(values_of(invitation), invitation.bridge, None, invitation)


def send(draft: InvitationDraft) -> Invitation:
    """Send it; RefusedError if it was sent."""
    config, details, now, actor = site().config, conference(read(draft)), time.time(), viewer().email
    if draft.invitation is None:
        return changes.create(config, draft.bridge, details, now, draft=draft, actor=actor)
    return changes.change(
        config, draft.invitation, details, now, version=draft.version or 0, draft=draft, actor=actor
    )


def _prepared(
    bridge: Bridge, invitation: Invitation | None, version: int | None, typed: Values
) -> InvitationChange:
    details, now = conference(typed), time.time()
    if invitation is None:
        return changes.plan_create(site().config, bridge, details, now)
    return changes.plan_update(site().config, invitation, details, now, version=version or 0)


def _kept(
    typed: Values, bridge: Bridge, draft: InvitationDraft | None, invitation: Invitation | None = None
) -> InvitationDraft:
    content, now = json.dumps(typed), time.time()
    version = invitation.version if invitation is not None else None
    if draft is None:
        return drafts.keep(viewer(), bridge, content, now, invitation=invitation, version=version)
    drafts.change(draft, content, now, version=version)
    return draft
