"""A conference on bridge 600: who comes, what is switched, what was noted."""

from __future__ import annotations

from pathlib import Path

from appliance.conferences import presence
from appliance.conferences.presence import Person
from appliance.models import Bridge, Conference, ConferenceRole, HistoryEntry, Participation
from tests.appliance.box import FakeAsterisk

NOW = 1_700_000_000.0
SWITCHES = {
    "lock": "locked", "mute-all": "muted_all", "pause": "paused", "announce": "announcing",
    "record": "recording",
}  # fmt: skip
"""Words of `pont conference`, and what each switches."""


class ListeningAsterisk(FakeAsterisk):
    """Remembers the user events that it was sent."""

    def __init__(self, generated: Path) -> None:
        super().__init__(generated)
        self.user_events: list[tuple[str, str]] = []

    def action(self, name: str, **headers: str) -> dict[str, str]:
        answer = super().action(name, **headers)
        if name == "UserEvent":
            self.user_events.append((headers["UserEvent"], headers["Bridge"]))
        return answer


def come(number: int, role: ConferenceRole = ConferenceRole.USER, phone: str | None = None) -> Participation:
    person = Person(f"1.{number}", role, f"+3361{number}", f"Caller {number}", phone)
    presence.record_join(Bridge.get(Bridge.extension == "600").id, person, NOW)
    return somebody(number)


def somebody(number: int) -> Participation:
    row: Participation = Participation.get(Participation.channel == f"1.{number}")
    return row


def identity(person: Participation) -> str:
    """Their ID on the command line."""
    return f"p{person.id}"


def switches() -> dict[str, bool]:
    conference = Conference.get()
    plain = {name: getattr(conference, name) for name in SWITCHES.values() if name != "recording"}
    return plain | {"recording": conference.recording() is not None}


def noted(event: str) -> list[tuple[str, str, str | None]]:
    """History of an event: actor, detail, channel of the person."""
    rows = HistoryEntry.select().where(HistoryEntry.event == event).order_by(HistoryEntry.id)
    return [
        (row.actor.partition(" (")[0], row.effect, row.participation.channel if row.participation else None)
        for row in rows
    ]
