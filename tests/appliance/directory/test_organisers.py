"""Whose phones open a bridge (R5, R12)."""

from __future__ import annotations

import pytest

from appliance.directory import organisers, phones
from appliance.errors import RefusedError
from appliance.models import (
    BridgeOrganiser,
    organiser_phones,
)
from tests.appliance.people import add_bridge, add_phone, add_user

pytestmark = pytest.mark.usefixtures("db")


def test_organisers_are_the_owners_phones_and_those_given_the_right() -> None:
    alice, bruno = add_user(), add_user("Bruno")
    for email, extension in ((alice.email, "101"), (bruno.email, "102"), (bruno.email, "103")):
        add_phone(email, extension)
    add_phone(add_user("Eve", "Autre SA").email, "109")
    bridge = add_bridge(alice.email)
    organisers.add(bridge, "102", actor="test")
    assert organiser_phones(bridge) == {"101", "102"}
    for extension, says in (
        ("101", "owner"),
        ("102", "already"),
        ("109", "another customer"),
        ("199", "no phone"),
    ):
        with pytest.raises(RefusedError, match=says):
            organisers.add(bridge, extension, actor="test")
    phones.remove("102", actor="test")
    assert not BridgeOrganiser.select().exists()
    with pytest.raises(RefusedError, match="not a co-organiser"):
        organisers.remove(bridge, "103", actor="test")
