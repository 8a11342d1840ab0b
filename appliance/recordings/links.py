"""Links to recordings for people without an account: the token is the permission to listen (R33)."""

from __future__ import annotations

import hashlib
import re
import secrets

from appliance.errors import RefusedError
from appliance.journal import audit_log
from appliance.models import Recording, RecordingLink
from appliance.models.transaction import atomic
from appliance.recordings import lifecycle
from appliance.system.config import Config

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""As secrets.token_urlsafe() makes one of 256 bits."""


def make(recording: Recording, now: float, expires_at: float) -> str:
    """Make a link that works until `expires_at` (s since the epoch); return the token, which is not kept."""
    token = secrets.token_urlsafe(32)
    RecordingLink.create(
        recording=recording, token_hash=_hashed(token), created_at=now, expires_at=expires_at
    )
    return token


def find(token: str, now: float) -> RecordingLink | None:
    """Return the link with this token if it works, else None.

    It is looked up by its hash, so that the time reveals nothing about existing tokens.
    """
    if not _TOKEN.fullmatch(token):
        return None
    found: RecordingLink | None = RecordingLink.get_or_none(RecordingLink.token_hash == _hashed(token))
    return found if found is not None and is_good(found, now) else None


def is_good(link: RecordingLink, now: float) -> bool:
    """Return whether the link works; while the customer's service is off it does not (R1)."""
    customer = link.recording.conference.bridge.user.customer
    served = customer is not None and customer.service_enabled
    return served and link.revoked_at is None and bool(now < link.expires_at)


@atomic
def revoke(link: RecordingLink, now: float, *, actor: str) -> None:
    """Revoke a link before it expires."""
    link = RecordingLink.get_by_id(link.id)
    if not is_good(link, now):
        raise RefusedError("this link no longer works: nothing to withdraw")
    link.revoked_at = now
    link.save()
    audit_log.record(actor, "recording.link.revoke", lifecycle.describe(link.recording), f"link {link.id}")


def url(config: Config, token: str) -> str:
    """Return the address of the page that a link opens."""
    return f"{config.web_url}/r/{token}"


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()
