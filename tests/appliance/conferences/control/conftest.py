"""Alice's bridge, an administrator and a user."""

from __future__ import annotations

import pytest

from appliance.access_codes import pins
from appliance.models import Bridge, ConferenceRole, Participation
from appliance.system.config import Config
from tests.appliance.conferences.control.conference import PIN, enter
from tests.appliance.people import KEY, add_bridge, add_user


@pytest.fixture
def bridge(db: Config) -> Bridge:
    """Alice's bridge 600, which announces nothing by itself."""
    del db
    add_user()
    bridge = add_bridge("alice@demo.example")
    bridge.pin_hash, bridge.announce = pins.hash_pin(KEY, bridge.id, PIN), False
    bridge.save()
    return bridge


@pytest.fixture
def admin(bridge: Bridge) -> Participation:
    """An administrator, first in the conference."""
    return enter(bridge, 1, ConferenceRole.ADMIN)


@pytest.fixture
def user(bridge: Bridge, admin: Participation) -> Participation:
    """A user in the administrator's conference."""
    del admin
    return enter(bridge, 2)
