"""Conferences that run: who is in, in which role, and whether people hear each other (R4, R8, R9).

The database is the state; agi/listener.py reports what Asterisk does and carries out what is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from appliance.admission import Role
from appliance.models import Bridge, Conference, Participation, Phone, database

ROOM_PREFIX = "bridge-"


@dataclass(frozen=True)
class Person:
    """Somebody in a conference, as Asterisk and his channel's variables show him."""

    channel_id: str
    """Asterisk's Uniqueid of his channel."""
    role: Role
    number: str
    name: str
    phone: str | None
    """SIP account, None from a trunk."""


def room_name(bridge_id: int) -> str:
    """Name of the conference and of its bridge profile in Asterisk."""
    return f"{ROOM_PREFIX}{bridge_id}"


def bridge_of_room(room: str) -> int | None:
    """Id of the bridge whose conference has this name, None for a name that is not ours."""
    number = room.removeprefix(ROOM_PREFIX)
    return int(number) if number != room and number.isascii() and number.isdigit() else None


def anchor_wanted(opened: bool, people: int) -> bool:
    """Whether people are to hear each other; else each hears music (R8 alone, R9 before the opening)."""
    return opened and people >= 2


def joined(bridge_id: int, person: Person, now: float) -> None:
    """Note that somebody has entered at `now`; an administrator opens the conference (R9)."""
    with database.atomic("IMMEDIATE"):
        bridge = Bridge.get_or_none(Bridge.id == bridge_id)
        # A channel comes once: one that is known and still listed is on its way out.
        known = Participation.select().where(Participation.channel == person.channel_id)
        if bridge is None or known.exists():
            return
        conference = Conference.running(bridge) or Conference.create(bridge=bridge, started_at=now)
        if conference.opened_at is None and (person.role is Role.ADMIN or bridge.open_for_anyone):
            conference.opened_at = now
            conference.save()
        Participation.create(
            conference=conference,
            channel=person.channel_id,
            role=person.role,
            caller=person.number,
            name=person.name,
            phone=Phone.get_or_none(Phone.username == person.phone) if person.phone else None,
            entered_at=now,
        )


def left(channel_id: str, now: float) -> None:
    """Note that somebody has left; the last one ends the conference."""
    with database.atomic("IMMEDIATE"):
        row = Participation.get_or_none(
            (Participation.channel == channel_id) & Participation.left_at.is_null()
        )
        if row is None:
            return
        row.left_at = now
        row.save()
        _end_if_empty(row.conference, now)


def in_step(present: Mapping[int, Mapping[str, Person]], now: float) -> None:
    """Make the database agree with `present`: people by channel id, by bridge, as Asterisk lists them.

    Heals what was missed while nobody listened: a restart of either side, a cut.
    """
    with database.atomic("IMMEDIATE"):
        for row in Participation.select().where(Participation.left_at.is_null()):
            if row.channel not in present.get(row.conference.bridge_id, {}):
                row.left_at = now
                row.save()
        # Also where others are in by now: theirs is another session, which its organiser has to open.
        for conference in Conference.select().where(Conference.ended_at.is_null()):
            _end_if_empty(conference, now)
    for bridge_id, people in present.items():
        for person in people.values():
            joined(bridge_id, person, now)


def wants_anchor(bridge_id: int) -> bool:
    """Whether the bridge's conference needs its anchor now."""
    conference = Conference.running(bridge_id)
    if conference is None:
        return False
    return anchor_wanted(conference.opened_at is not None, conference.people().count())


def _end_if_empty(conference: Conference, now: float) -> None:
    if not conference.people().exists():
        conference.ended_at = now
        conference.save()
