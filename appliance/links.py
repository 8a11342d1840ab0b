"""Links to recordings, for who has no account: the token in one is the right to hear it (R33)."""

from __future__ import annotations

import hashlib
import re
import secrets

from appliance.config import Config
from appliance.models import Recording, RecordingLink

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""As secrets.token_urlsafe() makes one of 256 bits."""


def make(recording: Recording, now: float, expires_at: float) -> str:
    """Make a link, good until `expires_at` (s since the epoch); return its token, which is not kept."""
    token = secrets.token_urlsafe(32)
    RecordingLink.create(
        recording=recording, token_hash=_hashed(token), created_at=now, expires_at=expires_at
    )
    return token


def find(token: str, now: float) -> Recording | None:
    """Return the recording that a token gives a right to; None for any text that gives none.

    It is looked up by its hash: how long that takes tells nothing of the tokens there are.
    """
    if not _TOKEN.fullmatch(token):
        return None
    good = (
        (RecordingLink.token_hash == _hashed(token))
        & (RecordingLink.expires_at > now)
        & RecordingLink.revoked_at.is_null()
    )
    found: Recording | None = Recording.select().join(RecordingLink).where(good).first()
    return found


def revoke(recording: Recording, now: float) -> int:
    """End all links to a recording; return how many were good."""
    good = (RecordingLink.recording == recording) & RecordingLink.revoked_at.is_null()
    return int(RecordingLink.update(revoked_at=now).where(good & (RecordingLink.expires_at > now)).execute())


def url(config: Config, token: str) -> str:
    """Address of the page that a link leads to."""
    return f"{config.web_url}/r/{token}"


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()
