"""A room that is announced in."""

from __future__ import annotations

import pytest

from agi.room import Room
from appliance.models import Announcement, ConferenceRole
from appliance.system.config import Config
from tests.agi.rooms import Clock, ScriptedAmi, come
from tests.appliance.people import add_bridge, add_user


@pytest.fixture
def room(db: Config, ami: ScriptedAmi, clock: Clock) -> Room:
    """A room in English of an administrator 1.1 and the users 1.2 and 1.3; nothing is to be said yet."""
    del clock
    bridge = add_bridge(add_user().email, language="en")
    room = Room(bridge.id, ami, db, lambda _: [])  # type: ignore[arg-type]
    for number, role in ((1, ConferenceRole.ADMIN), (2, ConferenceRole.USER), (3, ConferenceRole.USER)):
        come(room, number, role)
    Announcement.delete().execute()
    return room
