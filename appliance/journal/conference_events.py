"""Writes the history of a conference: entries, exits, promotions, codes and their effects (B4, B6)."""

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
    """Record an event at `now` (s since the epoch). Never pass a PIN.

    `person`: the participant that did it; else `actor` did, from outside the conference.
    """
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
