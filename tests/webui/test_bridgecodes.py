"""Who opens a bridge, and by what: its PIN (R23), its password (R24), its co-organisers (R12)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from appliance.access_codes.pins import matches
from appliance.directory import bridges, participant_password
from appliance.models import Bridge, Number, User, organiser_phones
from tests.appliance.people import KEY, add_phone
from tests.webui.browser import Browser, read, sent
from tests.webui.test_forms import values

PATH = "/bridges/1"


def test_a_random_pin_is_shown_in_the_answer_and_never_again(alice: Browser, bridge: Bridge) -> None:
    response = alice.fill(f"{PATH}/pin")
    pin = re.search(r"\b\d{6}\b", read(response))
    assert pin is not None
    assert response.headers["Cache-Control"] == "no-store"
    assert matches(KEY, bridge.id, pin[0], Bridge.get().pin_hash)
    for path in ("/", PATH, f"{PATH}/pin", f"{PATH}/card"):
        assert pin[0] not in alice.text(path)


def test_a_pin_of_ones_own_choice_keeps_the_rules(alice: Browser, bridge: Bridge) -> None:
    participant_password.set_password(bridge, "48151623", pin_key=KEY, actor="test")
    before = Bridge.get().pin_hash
    for wrong, said in (
        ("1234", "too easy to guess"), ("48151623", "must differ"), ("0600", "end of its number"),
        ("12a4", "4 to 10 digits"), ("", "Type it here"),
    ):  # fmt: skip
        assert said in read(alice.fill(f"{PATH}/pin", choice="own", code=wrong)), wrong
    assert Bridge.get().pin_hash == before
    assert "8086" in read(alice.fill(f"{PATH}/pin", choice="own", code="8086"))
    assert matches(KEY, bridge.id, "8086", Bridge.get().pin_hash)


@pytest.mark.usefixtures("bridge")
def test_a_password_is_chosen_drawn_or_taken_away(alice: Browser) -> None:
    path = f"{PATH}/password"
    assert "None: everybody who knows the number may enter." in alice.text(PATH)
    alice.fill(path, choice="own", code="4711")
    assert "4711 #" in alice.text(PATH)
    alice.fill(path, choice="random")
    assert re.fullmatch(r"\d{6}", Bridge.get().password)
    alice.fill(path, choice="none")
    assert Bridge.get().password == ""
    assert "4 to 10 digits" in read(alice.fill(path, choice="own", code="12"))
    assert "Type it here" in read(alice.fill(path, choice="own", code=""))


@pytest.mark.usefixtures("bridge")
def test_a_code_that_is_typed_and_not_chosen_is_not_left_out_without_a_word(alice: Browser) -> None:
    before = Bridge.get().pin_hash
    for page in ("pin", "password"):
        for choice in ("random",) if page == "pin" else ("random", "none"):
            said = read(alice.fill(f"{PATH}/{page}", choice=choice, code="4711"))
            assert "Choose above that it is to be this one, or leave it empty." in said
    assert (Bridge.get().pin_hash, Bridge.get().password) == (before, "")


@pytest.mark.usefixtures("bridge")
def test_two_who_set_the_password_at_the_same_time_are_told(alice: Browser, marc: Browser) -> None:
    form = values(alice, f"{PATH}/password")
    marc.fill(f"{PATH}/password", choice="own", code="4711")
    said = read(alice.post(f"{PATH}/password", sent(form, {"choice": "own", "code": "8086"})))
    assert "Somebody else saved: 4711" in said
    assert Bridge.get().password == "4711"


def test_co_organisers_are_phones_of_the_same_customer(
    alice: Browser, people: dict[str, User], bridge: Bridge
) -> None:
    add_phone(people["marc"].email, "102")
    add_phone(people["yann"].email, "109")
    path = f"{PATH}/organisers/add"
    page = alice.get(path).get_data(as_text=True)
    assert re.findall(r'<option[^>]*value="(\d+)"', page) == ["102"]
    assert "Not a valid choice" in read(alice.fill(path, phone="109"))
    assert alice.fill(path, phone="102").location == PATH
    assert organiser_phones(bridge) == {"101", "102"}
    assert "102 · Marc Martin" in alice.text(PATH)
    assert "It is the phone of Marc Martin" in alice.text("/organisers/1/remove")
    assert alice.fill("/organisers/1/remove").location == PATH
    assert organiser_phones(bridge) == {"101"}


def test_a_bridge_that_was_removed_meanwhile_gets_no_co_organiser(
    alice: Browser, people: dict[str, User], bridge: Bridge
) -> None:
    add_phone(people["marc"].email, "102")
    form = values(alice, f"{PATH}/organisers/add")
    Number.delete().execute()
    bridges.remove(bridge, actor="test")
    assert alice.post(f"{PATH}/organisers/add", form).status_code == 404


@pytest.mark.usefixtures("bridge")
def test_with_nobody_else_to_choose_one_is_told(alice: Browser) -> None:
    assert "There is no other phone of Démo SARL" in alice.text(f"{PATH}/organisers/add")


def test_another_ones_co_organisers_are_not_found(
    signed_in: Callable[[str], Browser], people: dict[str, User], bridge: Bridge
) -> None:
    add_phone(people["marc"].email, "102")
    signed_in("alice").fill(f"{PATH}/organisers/add", phone="102")
    assert signed_in("yann").get("/organisers/1/remove").status_code == 404
    assert organiser_phones(bridge) == {"101", "102"}
