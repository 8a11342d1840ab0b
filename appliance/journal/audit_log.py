"""Writes the audit log: the actor, action, subject and time of each change."""

from __future__ import annotations

import time

from appliance.models import AuditEntry


def record(actor: str, action: str, subject: str, detail: str = "") -> None:
    """Record a change, in the transaction that makes it; never pass a PIN, password or digest."""
    AuditEntry.create(at=time.time(), actor=actor, action=action, subject=subject, detail=detail)


def changes(before: dict[str, object], after: dict[str, object]) -> str:
    """Describe the values that differ, one line each: "language: fr -> en". No value holds a line break."""
    return "\n".join(f"{key}: {before[key]} -> {after[key]}" for key in after if before[key] != after[key])
