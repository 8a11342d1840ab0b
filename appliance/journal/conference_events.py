"""What happened in a conference, row by row: entries, exits, promotions, codes and their effects (B4, B6)."""

from __future__ import annotations

from appliance.models import Conference, HistoryEntry, Participation


def record(
    conference: Conference,
    event: str,
    now: float,
    *,
    person: Participation | None = None,
    actor: str = "",
    detail: str = "",
) -> None:
    """Note an event at `now`: of a person in the conference, or by `actor` from outside. Never a PIN."""
    HistoryEntry.create(
        conference=conference, at=now, participation=person, actor=actor, event=event, detail=detail
    )
