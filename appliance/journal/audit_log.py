"""The audit log: who changed what, when."""

from __future__ import annotations

import time

from appliance.models import AuditEntry


def record(actor: str, action: str, subject: str, detail: str = "") -> None:
    """Note a change in the transaction that makes it; never with a PIN, password or digest in it."""
    AuditEntry.create(at=time.time(), actor=actor, action=action, subject=subject, detail=detail)


def changes(before: dict[str, object], after: dict[str, object]) -> str:
    """Describe which values became which, a line each: "language: fr -> en". No value has two lines."""
    return "\n".join(f"{key}: {before[key]} -> {after[key]}" for key in after if before[key] != after[key])
