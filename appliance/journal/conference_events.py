"""What happened in a conference, row by row: entries, exits, promotions, codes and their effects (B4, B6)."""

from __future__ import annotations

from appliance.models import (
    Conference,
    HistoryEffect,
    HistoryEntry,
    HistoryEvent,
    Participation,
    RecordingReason,
)


def record(
    conference: Conference,
    event: HistoryEvent,
    now: float,
    *,
    person: Participation | None = None,
    actor: str = "",
    code: str = "",
    effect: HistoryEffect | None = None,
    reason: RecordingReason | None = None,
) -> None:
    """Record an event at `now`: of a person in the conference, or by `actor` from outside. Never a PIN."""
    HistoryEntry.create(
        conference=conference,
        at=now,
        participation=person,
        actor=actor,
        event=event,
        code=code,
        effect=effect or "",
        reason=reason or "",
    )
