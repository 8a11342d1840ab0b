"""The audit log: who changed what, when."""

from __future__ import annotations

import time
from typing import Any

from appliance.directory import search
from appliance.models import AuditEntry


def record(actor: str, action: str, subject: str, detail: str = "") -> None:
    """Note a change in the transaction that makes it; never with a PIN, password or digest in it."""
    AuditEntry.create(at=time.time(), actor=actor, action=action, subject=subject, detail=detail)


def changes(before: dict[str, object], after: dict[str, object]) -> str:
    """Describe which values became which: "name: A -> B, language: fr -> en"."""
    return ", ".join(f"{key}: {before[key]} -> {after[key]}" for key in after if before[key] != after[key])


def matching(text: str, before: int | None = None) -> Any:
    """Query of the entries that hold these words, the newest first; older than the entry `before`."""
    query = AuditEntry.select().order_by(AuditEntry.id.desc())
    if before is not None:
        query = query.where(AuditEntry.id < before)
    fields = (AuditEntry.actor, AuditEntry.action, AuditEntry.subject, AuditEntry.detail)
    return search.holding(query, text, *fields)
