"""Two bridges, of which one has a conference, and an Asterisk that hears what the listener is told."""

from __future__ import annotations

import pytest

from appliance.models import Announcement, ConferenceRole
from appliance.system.config import Config
from tests.appliance.cli.conference.held import NOW, ListeningAsterisk, come
from tests.appliance.cli.running import Pont
from tests.appliance.people import add_bridge, add_phone, add_user


@pytest.fixture
def asterisk(config: Config) -> ListeningAsterisk:
    return ListeningAsterisk(config.paths.generated)


@pytest.fixture
def call(call: Pont, monkeypatch: pytest.MonkeyPatch) -> Pont:
    """Run `pont conference`: she, on phone 101, and a caller are on alice's bridge 600; none on bruno's."""
    monkeypatch.setattr("time.time", lambda: NOW + 60)
    for first, extension in (("Alice", "600"), ("Bruno", "601")):
        add_bridge(add_user(first).email, extension)
    add_phone("alice@demo.example", "101")
    come(1, ConferenceRole.ADMIN, "101")
    come(2)
    Announcement.delete().execute()
    return lambda *words: call("conference", *words)
