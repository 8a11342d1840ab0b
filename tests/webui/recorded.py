"""Conferences that were, and what was recorded of them, on bridges of people of tests/webui/conftest.py."""

from __future__ import annotations

from appliance.conferences.presence import Person, record_join, record_leave
from appliance.models import AuditEntry, Bridge, Conference, ConferenceRole, Recording, User
from appliance.recordings.files import mp3_file
from appliance.system.config import Config
from tests.appliance.people import add_bridge

NOON = 1_795_521_900.0
"""24 November 2026, 13:05 in Paris."""
SOUND = b"ID3" + bytes(range(256)) * 40


def bridge_of(user: User) -> Bridge:
    """A user's bridge, given if need be; its short number is 600 and their id."""
    found = Bridge.get_or_none(Bridge.user == user)
    return found or add_bridge(user.email, str(600 + user.id))


def hold(user: User, start: float = NOON, minutes: float = 32, **people: Person) -> Conference:
    """A conference of an administrator and whoever is given, which everybody leaves in the end."""
    bridge = bridge_of(user)
    opener = Person(f"{user.id}.{start}", ConferenceRole.ADMIN, "101", user.full_name, None)
    for number, person in enumerate((opener, *people.values())):
        record_join(bridge.id, person, start + number)
    conference = Conference.running(bridge)
    assert conference is not None
    for person in (opener, *people.values()):
        record_leave(person.channel_id, start + minutes * 60)
    return Conference.get_by_id(conference.id)


def record(config: Config, conference: Conference, **values: object) -> Recording:
    """What was recorded of a conference that is over, sent unless `values` say otherwise."""
    row: Recording = Recording.create(
        **{
            "conference": conference,
            "started_at": conference.started_at,
            "ended_at": conference.ended_at,
            "state": "mailed",
            "seconds": 1920.0,
            "size": len(SOUND),
            **values,
        }
    )
    if row.state in ("ready", "mailed"):
        mp3_file(config, row.id).write_bytes(SOUND)
    return row


def entries(action: str) -> list[tuple[str, str]]:
    """Who did this to what, by the audit log."""
    rows = AuditEntry.select().where(AuditEntry.action == action).order_by(AuditEntry.id)
    return [(row.actor, row.subject) for row in rows]
