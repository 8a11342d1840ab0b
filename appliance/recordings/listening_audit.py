"""Who hears a recording: noted in the audit log before anything of it is handed out (B6, R33)."""

from __future__ import annotations

from appliance.journal import audit_log
from appliance.models import AuditEntry, Recording, RecordingLink
from appliance.recordings.lifecycle import describe

DEDUP_WINDOW_S = 3600.0
"""Seconds for which the use of a link from one address is not noted again: a player asks many times."""


def log_playback(recording: Recording, *, actor: str) -> None:
    """Note that somebody with an account listens to a recording."""
    audit_log.record(actor, "recording.listen", describe(recording))


def log_download(recording: Recording, *, actor: str) -> None:
    """Note that somebody with an account takes a recording with him."""
    audit_log.record(actor, "recording.download", describe(recording))


def log_link_use(link: RecordingLink, address: str, now: float) -> None:
    """Note that a link was used from a network address."""
    actor, detail = f"link {link.id}", f"address: {address}"
    lately = (AuditEntry.at > now - DEDUP_WINDOW_S) & (AuditEntry.action == "recording.link")
    same = lately & (AuditEntry.actor == actor) & (AuditEntry.detail == detail)
    if not AuditEntry.select().where(same).exists():
        audit_log.record(actor, "recording.link", describe(link.recording), detail)
