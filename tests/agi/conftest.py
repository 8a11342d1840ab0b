"""A room in a scripted Asterisk, at a time that stands still."""

from __future__ import annotations

import pytest

from agi.room import Room
from appliance.models import Bridge, ConferenceRole
from appliance.system.config import Config
from tests.agi.rooms import Clock, ScriptedAmi, anchor, come
from tests.appliance.people import add_bridge, add_user


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock)
    return clock


@pytest.fixture
def ami() -> ScriptedAmi:
    return ScriptedAmi()


@pytest.fixture
def on_their_way() -> list[str]:
    """Channels of callers who are not in yet."""
    return []


@pytest.fixture
def bridge(db: Config) -> Bridge:  # noqa: ARG001
    """Alice's bridge 600, where nobody is announced."""
    return add_bridge(add_user().email, announce=False)


@pytest.fixture
def room(bridge: Bridge, config: Config, ami: ScriptedAmi, clock: Clock, on_their_way: list[str]) -> Room:
    """A room with its anchor, an administrator 1.1 and a user 1.2; nobody is announced."""
    del clock
    room = Room(
        bridge.id,
        ami,  # type: ignore[arg-type]
        config,
        lambda bridge_id: on_their_way if bridge_id == bridge.id else [],
    )
    come(room, 1, ConferenceRole.ADMIN)
    come(room, 2)
    room.register_channel({"Channel": anchor(room)})
    return room
