"""The first page: each role finds what it is there for, and what is to be done next."""

from __future__ import annotations

from appliance.directory import customers, numbers, trunk, users
from appliance.models import User
from tests.appliance.people import add_bridge, add_phone
from tests.webui.browser import Browser


def test_an_installer_is_led_from_trunk_to_number(ines: Browser) -> None:
    assert "Calls from outside need a trunk" in ines.text("/")
    trunk.set_trunk(username="trunk", authenticate="digest", realm="pont", actor="test")
    assert "Add the first number" in ines.text("/")
    numbers.add("0970000600", bridge=None, region="FR", actor="test")
    said = ines.text("/")
    assert "Add the first number" not in said
    assert "Free: 1." in said


def test_an_empty_box_begins_with_a_customer(ines: Browser, people: dict[str, User]) -> None:
    for name in ("marc", "alice", "zoe", "yann"):
        users.remove(people[name].email, actor="test")
    for name in ("Démo SARL", "Autre SA"):
        customers.remove(name, actor="test")
    assert "Add the first customer" in ines.text("/")


def test_a_user_finds_what_to_dial_and_how_to_open_it(alice: Browser, people: dict[str, User]) -> None:
    assert "An administrator gives it to you" in alice.text("/")
    bridge = add_bridge(people["alice"].email)
    numbers.add("0970000600", bridge=bridge, region="FR", actor="test")
    assert "you open it with your creation PIN, from any phone" in alice.text("/")
    add_phone(people["alice"].email, "101")
    said = alice.text("/")
    assert "09 70 00 06 00 600 from a phone of this system" in said
    assert "You open it without a PIN from your phone: 101" in said


def test_an_administrator_without_bridge_may_give_themselves_one(
    marc: Browser, people: dict[str, User]
) -> None:
    page = marc.get("/").get_data(as_text=True)
    assert f'href="/users/{people["marc"].id}/bridge/add"' in page
