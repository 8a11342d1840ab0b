"""Numbers (R3): added, assigned, taken away, removed, and seen by those whom they call."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from appliance.directory import bridges, numbers
from appliance.models import AuditEntry, Bridge, Number, User
from tests.appliance.people import add_bridge
from tests.webui.browser import Browser, read, sent
from tests.webui.test_forms import values


@pytest.fixture
def owners(people: dict[str, User]) -> list[Bridge]:
    """The bridges of Alice (600) and of Yann (601), who belongs to another customer."""
    return [add_bridge(people["alice"].email), add_bridge(people["yann"].email, "601")]


def add(written: str, bridge: Bridge | None = None) -> Number:
    return numbers.add(written, bridge=bridge, region="FR", actor="test")


def test_a_number_is_added_and_assigned_step_by_step(ines: Browser, owners: list[Bridge]) -> None:
    assert "No numbers yet" in ines.text("/numbers")
    response = ines.fill("/numbers/add", number="09 70 00 06 00")
    assert response.location == "/numbers/1/assign"
    assert "09 70 00 06 00 was added. Now assign it to a bridge." in ines.text(response.location)
    found = ines.get("/numbers/1/assign?q=alice").get_data(as_text=True)
    assert 'href="/numbers/1/assign/1"' in found
    assert 'href="/numbers/1/assign/2"' not in found
    assert ines.fill("/numbers/1/assign/1").location == "/numbers/1"
    assert Number.get().bridge_id == owners[0].id
    entry = AuditEntry.get(AuditEntry.action == "number.change")
    assert (entry.actor, entry.detail) == ("ines@demo.example", "bridge: none -> alice@demo.example")


def test_a_number_that_is_none_or_there_already_is_refused(ines: Browser) -> None:
    add("0970000600")
    assert "is not a valid telephone number" in read(ines.fill("/numbers/add", number="<b>"))
    assert "is there already" in read(ines.fill("/numbers/add", number="+33970000600"))
    assert Number.select().count() == 1


def test_a_bridge_is_given_a_free_or_a_new_number(ines: Browser, owners: list[Bridge]) -> None:
    add("0970000600")
    add("0970000601", owners[1])
    path = "/bridges/1/numbers/add"
    assert "Free numbers 09 70 00 06 00" in ines.text(path)
    for written in ("0970000600", "0970000602"):
        assert ines.fill(path, number=written).location == "/bridges/1"
    assert "remove it there first" in read(ines.fill(path, number="0970000601"))
    assert [number.e164 for number in owners[0].numbers] == ["+33970000600", "+33970000602"]


def test_whom_a_number_is_taken_from_is_said_first(ines: Browser, owners: list[Bridge]) -> None:
    add("0970000600", owners[0])
    assert "It now calls the bridge of Alice Martin" in ines.text("/numbers/1/assign/2")
    ines.fill("/numbers/1/assign/2")
    assert "Yann Martin" in ines.text("/numbers/1")
    assert ines.fill("/numbers/1/free").location == "/numbers/1"
    assert Number.get().bridge_id is None
    assert "It is free" in ines.text("/numbers/1")


def test_who_would_overwrite_another_ones_assignment_is_told(
    ines: Browser, signed_in: Callable[[str], Browser], owners: list[Bridge]
) -> None:
    add("0970000600")
    form = values(ines, "/numbers/1/assign/1")
    signed_in("ines").fill("/numbers/1/assign/2")
    said = read(ines.post("/numbers/1/assign/1", form))
    assert "Somebody else has changed this" in said
    assert "It now calls the bridge of Yann Martin" in said
    assert Number.get().bridge_id == owners[1].id


def test_a_bridge_that_was_removed_meanwhile_gets_no_number(ines: Browser, owners: list[Bridge]) -> None:
    add("0970000600")
    form = values(ines, "/numbers/1/assign/1")
    bridges.remove(owners[0], actor="test")
    assert ines.post("/numbers/1/assign/1", sent(form, {})).status_code == 404
    assert Number.get().bridge_id is None


def test_only_a_free_number_is_removed_and_the_way_is_shown(ines: Browser, owners: list[Bridge]) -> None:
    add("0970000600", owners[0])
    assert 'href="/numbers/1/free"' in ines.get("/numbers/1/remove").get_data(as_text=True)
    assert "belongs to bridge 600: remove it there first" in read(ines.fill("/numbers/1/remove"))
    ines.fill("/numbers/1/free")
    assert ines.fill("/numbers/1/remove").location == "/numbers"
    assert Number.select().count() == 0


def test_a_number_is_found_by_its_digits_or_its_owner(ines: Browser, owners: list[Bridge]) -> None:
    add("0970000600", owners[0])
    add("0970000711", owners[1])
    for words in ("09 70 00 06", "%2B339700006", "alice", "DEMO sarl", "600"):
        found = ines.text(f"/numbers?q={words}")
        assert "06 00" in found, words
        assert "07 11" not in found, words
    assert "Nothing found" in ines.text("/numbers?q=0123456789")


def test_an_administrator_sees_their_customers_numbers_and_changes_none(
    marc: Browser, owners: list[Bridge]
) -> None:
    add("0970000600", owners[0])
    add("0970000601", owners[1])
    add("0970000602")
    said = marc.text("/numbers")
    assert "09 70 00 06 00 Alice Martin" in said
    assert "06 01" not in said
    assert "06 02" not in said
    for path in ("/numbers/add", "/numbers/1", "/numbers/1/assign", "/numbers/1/assign/1", "/numbers/1/free",
                 "/numbers/1/remove", "/bridges/1/numbers/add"):  # fmt: skip
        assert marc.get(path).status_code == 403
