"""A conference on Alice's bridge that people enter and leave, and what is then wanted and said."""

from __future__ import annotations

from appliance.conferences import control, presence
from appliance.conferences.control import By
from appliance.conferences.presence import DesiredState, Person
from appliance.conferences.service_codes import Switch
from appliance.models import (
    Announcement,
    Bridge,
    Conference,
    ConferenceRole,
    Participation,
    Recording,
)

NOW = 1_700_000_000.0
OUTSIDE = By(actor="command line (root)")


def somebody(
    number: int, role: ConferenceRole = ConferenceRole.USER, phone: str | None = None, name: str = ""
) -> Person:
    return Person(f"1.{number}", role, f"+3361{number}", f"Caller {number}", phone, name)


def enter(bridge: Bridge, number: int, role: ConferenceRole = ConferenceRole.USER) -> Participation:
    presence.record_join(bridge.id, somebody(number, role), NOW)
    row: Participation = Participation.get(Participation.channel == f"1.{number}")
    return row


def leave(number: int, now: float = NOW + 1) -> None:
    presence.record_leave(f"1.{number}", now)


def running(bridge: Bridge) -> Conference:
    conference = Conference.running(bridge)
    assert conference is not None
    return conference


def turn(bridge: Bridge, switch: Switch, on: bool = True) -> None:
    """Switch something without a word about it."""
    control.turn(running(bridge), switch, on, OUTSIDE, NOW)
    Announcement.delete().where(Announcement.prompt.not_in(list(presence.ABOUT_PEOPLE))).execute()


def announced(bridge: Bridge) -> list[tuple[str, str | None]]:
    return [
        (row.prompt, row.about.channel if row.about else None)
        for row in presence.announcements(running(bridge).id)
    ]


def wanted(bridge: Bridge) -> DesiredState:
    found = presence.desired_state(bridge.id)
    assert found is not None
    return found


def recording(bridge: Bridge) -> Recording:
    row = running(bridge).recording()
    assert row is not None
    return row


def heard(bridge: Bridge) -> None:
    """What was to be said has been said."""
    del bridge
    Announcement.delete().execute()
