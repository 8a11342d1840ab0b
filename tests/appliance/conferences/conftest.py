"""Alice's bridge."""

from __future__ import annotations

import pytest

from appliance.models import (
    Bridge,
)
from appliance.system.config import Config
from tests.appliance.people import add_bridge, add_user


@pytest.fixture
def bridge(db: Config) -> Bridge:
    """Alice's bridge 600, on which arrivals and departures are announced (R25)."""
    del db
    add_user()
    return add_bridge("alice@demo.example")
