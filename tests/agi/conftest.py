"""A room in a scripted Asterisk, at a time that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agi.room import Room
from appliance.admission import Role
from appliance.config import Config
from appliance.models import Bridge, Customer, User
from tests.agi.rooms import Clock, ScriptedAmi, anchor, come
from tests.appliance.support import empty_database, example_config


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
def config(tmp_path: Path) -> Config:
    """With a place for recordings."""
    config = example_config(tmp_path)
    config.paths.recordings.mkdir(parents=True)
    return config


@pytest.fixture
def room(
    tmp_path: Path, config: Config, ami: ScriptedAmi, clock: Clock, on_their_way: list[str]
) -> Iterator[Room]:
    """A room with its anchor, an administrator 1.1 and a user 1.2; nobody is announced."""
    del clock
    with empty_database(tmp_path):
        customer = Customer.create(name="Démo SARL")
        user = User.create(
            customer=customer, first_name="Alice", last_name="M", email="a@demo.example",
            language="fr", time_zone="Europe/Paris", role="user",
        )  # fmt: skip
        bridge = Bridge.create(user=user, extension="600", pin_hash="x", language="fr", announce=False)
        room = Room(
            bridge.id,
            ami,  # type: ignore[arg-type]
            config,
            lambda bridge_id: on_their_way if bridge_id == bridge.id else [],
        )
        come(room, 1, Role.ADMIN)
        come(room, 2)
        room.take_technical({"Channel": anchor(room)})
        yield room
