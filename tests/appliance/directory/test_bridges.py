"""Bridges: their PIN and password, how they are dialled, and when they may go."""

from __future__ import annotations

from typing import Any

import pytest

from appliance.access_codes.pins import matches
from appliance.directory import bridges, numbers
from appliance.directory.bridges import find_dialled
from appliance.errors import RefusedError
from appliance.models import (
    TABLES,
    AuditEntry,
    Bridge,
    Conference,
    Participation,
    Recording,
)
from tests.appliance.asterisk_config.test_rendering import HOSTILE
from tests.appliance.people import KEY, add_bridge, add_user

pytestmark = pytest.mark.usefixtures("db")


def contents() -> list[list[Any]]:
    return [list(table.select().tuples()) for table in TABLES]


def test_a_bridge_comes_with_a_pin_that_only_its_hash_is_kept_of() -> None:
    bridge, pin = bridges.add(add_user().email, extension="600", pin_key=KEY, actor="test")
    stored = Bridge.get()
    assert matches(KEY, bridge.id, pin, stored.pin_hash)
    assert pin not in str(contents())
    assert stored.language == "fr"


def test_a_user_has_one_bridge() -> None:
    alice = add_user()
    add_bridge(alice.email)
    with pytest.raises(RefusedError, match="has a bridge already"):
        add_bridge(alice.email, "601")


def test_pin_and_password_differ_whichever_is_set_last() -> None:
    bridge = add_bridge(add_user().email, password="4711")
    with pytest.raises(RefusedError, match="must differ"):
        bridges.set_pin(bridge, "4711", pin_key=KEY, actor="test")
    bridges.set_pin(bridge, "8086", pin_key=KEY, actor="test")
    with pytest.raises(RefusedError, match="must differ"):
        bridges.change(bridge, password="8086", pin_key=KEY, actor="test")
    for wrong in ("123", "12ab", "12345678901", "1234\n"):
        with pytest.raises(RefusedError, match="4 to 10 digits"):
            bridges.change(bridge, password=wrong, pin_key=KEY, actor="test")
    assert Bridge.get().password == "4711"


def test_a_pin_is_not_the_bridges_own_number() -> None:
    bridge = add_bridge(add_user().email, "4600")
    numbers.add("+33970000682", bridge=bridge, region="FR", actor="test")
    for pin in ("4600", "0682", "1234"):
        with pytest.raises(RefusedError, match="choose another PIN"):
            bridges.set_pin(bridge, pin, pin_key=KEY, actor="test")


@pytest.mark.parametrize("dialled", ["600", "0970000600", "+33970000600", "0033970000600", "33970000600"])
def test_a_bridge_is_found_however_it_is_dialled(dialled: str) -> None:
    bridge = add_bridge(add_user().email)
    numbers.add("09 70 00 06 00", bridge=bridge, region="FR", actor="test")
    assert find_dialled(dialled, "FR") == bridge


@pytest.mark.parametrize("dialled", [*HOSTILE, "", "6000", "0970000601", "600;", "600\n", "%", "60_", "٦٠٠"])
def test_what_belongs_to_nobody_finds_nothing(dialled: str) -> None:
    add_bridge(add_user().email)
    numbers.add("0970000601", bridge=None, region="FR", actor="test")
    assert find_dialled(dialled, "FR") is None


def test_a_bridge_in_conference_stays_and_past_ones_go_with_it() -> None:
    bridge = add_bridge(add_user().email)
    conference = Conference.create(bridge=bridge, started_at=1.0)
    Participation.create(
        conference=conference, channel="1.1", role="user", caller="", name="", entered_at=1.0
    )
    with pytest.raises(RefusedError, match="a conference is running"):
        bridges.remove(bridge, actor="test")
    conference.ended_at = 2.0
    conference.save()
    bridges.remove(bridge, actor="test")
    assert not Participation.select().exists()
    assert AuditEntry.get(AuditEntry.action == "bridge.remove").detail == "past conferences: 1"


def test_a_bridge_with_recordings_is_not_removed() -> None:
    bridge = add_bridge(add_user().email)
    conference = Conference.create(bridge=bridge, started_at=1.0, ended_at=2.0)
    Recording.create(conference=conference, started_at=1.0, ended_at=2.0, state="waiting")
    with pytest.raises(RefusedError, match="recordings"):
        bridges.remove(bridge, actor="test")
    assert Bridge.get_by_id(bridge.id) == bridge
