"""Audit of listening: recorded in the audit log before any part of a recording is sent (B6, R33)."""

from __future__ import annotations

from appliance.journal import audit_log
from appliance.models import AuditEntry, Recording, RecordingLink
from appliance.recordings.lifecycle import describe

DEDUP_WINDOW_S = 3600.0
"""Seconds in which further requests for a link from one address are not logged: a player sends many."""


def log_playback(recording: Recording, *, actor: str) -> None:
    """Log that a user listens to a recording."""
    audit_log.record(actor, "recording.listen", describe(recording))


def log_download(recording: Recording, *, actor: str) -> None:
    """Log that a user downloads a recording."""
    audit_log.record(actor, "recording.download", describe(recording))


def log_link_use(link: RecordingLink, address: str, now: float) -> None:
    """Log that a link was used from a network address."""
    actor, detail = f"link {link.id}", f"address: {address}"
    lately = (AuditEntry.at > now - DEDUP_WINDOW_S) & (AuditEntry.action == "recording.link")
    same = lately & (AuditEntry.actor == actor) & (AuditEntry.detail == detail)
    if not AuditEntry.select().where(same).exists():
        audit_log.record(actor, "recording.link", describe(link.recording), detail)
