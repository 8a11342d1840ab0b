"""Users on the web (R2): added, invited, changed, removed, and given the conference service."""

from __future__ import annotations

import re

import pytest

from appliance.access_codes.pins import matches
from appliance.directory import phones, users
from appliance.models import Bridge, OutgoingMail, User
from tests.appliance.people import KEY
from tests.webui.browser import Browser, read

NEW = {"first_name": "Chloé", "last_name": "Durand", "email": "chloe@demo.example"}


def test_a_new_user_gets_a_link_and_has_the_boxs_language(marc: Browser) -> None:
    response = marc.fill("/customers/1/users/add", **NEW)
    assert "Chloé Durand was added." in marc.text(response.location)
    chloe = User.get(User.email == NEW["email"])
    assert (chloe.language, chloe.time_zone, chloe.role, chloe.customer_id) == (
        "fr",
        "Europe/Paris",
        "user",
        1,
    )
    assert "Time zone Paris" in marc.text(f"/users/{chloe.id}")
    assert [(mail.kind, mail.to) for mail in OutgoingMail.select()] == [("account-welcome", chloe.email)]


def test_a_user_may_be_added_without_a_link(marc: Browser) -> None:
    marc.fill("/customers/1/users/add", invite=None, **NEW)
    assert OutgoingMail.select().count() == 0
    page = marc.text(f"/users/{User.get(User.email == NEW['email']).id}")
    assert "No password is set yet" in page


def test_an_installer_is_added_by_installers_only(ines: Browser, marc: Browser) -> None:
    ines.fill("/users/add", **NEW)
    assert User.get(User.email == NEW["email"]).role == "installer"
    form = {**NEW, "email": "x@demo.example", "role": "installer"}
    assert "Not a valid choice" in read(marc.fill("/customers/1/users/add", **form))


def test_an_administrator_makes_others_administrators_and_not_themselves_less(
    marc: Browser, people: dict[str, User]
) -> None:
    marc.fill(f"/users/{people['alice'].id}/change", role="customer_admin")
    assert User.get_by_id(people["alice"].id).role == "customer_admin"
    marc.fill(f"/users/{people['marc'].id}/change", role="user")
    assert User.get_by_id(people["marc"].id).role == "customer_admin"


def test_nobody_removes_themselves(marc: Browser, people: dict[str, User]) -> None:
    assert "You cannot remove your own account" in read(marc.fill(f"/users/{people['marc'].id}/remove"))


def test_the_pin_of_a_new_bridge_is_shown_once(marc: Browser, people: dict[str, User]) -> None:
    said = read(marc.fill(f"/users/{people['alice'].id}/bridge/add", extension="600"))
    pin = re.search(r"\b\d{6}\b", said)
    assert pin is not None
    assert matches(KEY, 1, pin[0], Bridge.get().pin_hash)
    for path in ("/", f"/users/{people['alice'].id}"):
        assert pin[0] not in marc.text(path)


def test_a_bridge_needs_no_setting_at_all(marc: Browser, alice: Browser, people: dict[str, User]) -> None:
    marc.fill(f"/users/{people['alice'].id}/bridge/add")
    assert "Nobody can call this bridge yet" in alice.text("/")
    assert Bridge.get().user_id == people["alice"].id


def test_an_extension_that_is_taken_is_refused_and_tells_nothing_of_others(
    marc: Browser, people: dict[str, User]
) -> None:
    phones.add(people["yann"].email, extension="600", realm="pont", actor="test")
    said = read(marc.fill(f"/users/{people['alice'].id}/bridge/add", extension="600"))
    assert "Extension 600 is already used by a phone" in said
    assert "yann" not in said
    assert "Use 2 to 6 digits" in read(marc.fill(f"/users/{people['alice'].id}/bridge/add", extension="6a"))


def test_the_service_is_taken_away(marc: Browser, people: dict[str, User]) -> None:
    marc.fill(f"/users/{people['alice'].id}/bridge/add", extension="600")
    assert marc.fill("/bridges/1/remove").location == f"/users/{people['alice'].id}"
    assert Bridge.select().count() == 0


def test_a_user_with_a_bridge_is_not_removed(marc: Browser, people: dict[str, User]) -> None:
    marc.fill(f"/users/{people['alice'].id}/bridge/add", extension="600")
    said = read(marc.fill(f"/users/{people['alice'].id}/remove"))
    assert "alice@demo.example still has a bridge: remove it first" in said


def test_a_link_is_sent_again(marc: Browser, people: dict[str, User]) -> None:
    path = f"/users/{people['alice'].id}"
    assert marc.press(path, f"{path}/invite").location == path
    assert "on its way to alice@demo.example" in marc.text(path)
    assert OutgoingMail.get().to == people["alice"].email


def test_everybody_is_found_by_name_address_or_customer(ines: Browser) -> None:
    for words in ("yann", "autre ya", "YANN@demo"):
        found = ines.text(f"/users?q={words}")
        assert "Yann Martin" in found
        assert "Alice Martin" not in found


def test_names_are_shown_as_what_they_are(marc: Browser, people: dict[str, User]) -> None:
    path = f"/users/{people['alice'].id}"
    marc.fill(f"{path}/change", first_name="<script>alert(1)</script>", last_name="{{ 7*7 }}")
    page = marc.get(path).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page


@pytest.mark.parametrize("other", [False, True])
def test_an_account_is_not_taken_over_by_its_address_in_an_open_session(
    ines: Browser, marc: Browser, people: dict[str, User], other: bool
) -> None:
    mine, browser = (people["ines"], ines) if other else (people["marc"], marc)
    if other:
        names = {"first_name": "Luc", "last_name": "Roy", "email": "luc@demo.example"}
        mine = users.add(
            None, **names, role="installer", language="fr", time_zone="Europe/Paris", actor="test"
        )
    path = f"/users/{mine.id}/change"
    assert 'name="email"' not in browser.get(path).get_data(as_text=True)
    browser.fill(path, email="attacker@evil.example", first_name="Max")
    again = User.get_by_id(mine.id)
    assert (again.email, again.first_name) == (mine.email, "Max")


def test_links_are_sent_a_few_times_an_hour(marc: Browser, people: dict[str, User]) -> None:
    path = f"/users/{people['alice'].id}"
    for _ in range(4):
        marc.press(path, f"{path}/invite")
    assert "received 3 links within the last hour: wait" in marc.text(path)
    assert OutgoingMail.select().where(OutgoingMail.to == people["alice"].email).count() == 3
