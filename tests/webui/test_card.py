"""The code card (Annexe 1): everything that is pressed, and nothing that is secret to participants."""

from __future__ import annotations

from appliance.conferences.service_codes import FOR_USERS, Code
from appliance.directory import numbers, participant_password
from appliance.models import User
from tests.appliance.people import KEY, add_bridge
from tests.webui.browser import Browser
from webui import codes

SEED = {
    "* 1": "COUNT", "* 2": "MUTE", "* 3": "MUTE ALL", "* 4": "PAUSE MODE", "* 5": "ANNONCER", "* 6": "LOCK",
    "* 7": "RECORD", "* 9 PIN #": "ADMIN MODE", "* 0": "EXIT",
}  # fmt: skip
"""Names of the codes as organisers know them from the operator's list."""


def test_every_code_is_on_it_under_its_name(alice: Browser, people: dict[str, User]) -> None:
    add_bridge(people["alice"].email)
    alice.fill("/account", language="fr")
    said = alice.text("/bridges/1/card")
    for keys, name in SEED.items():
        assert f"{keys} {name} –" in said
    assert "* * AIDE –" in said


def test_codes_stand_with_those_who_may_press_them() -> None:
    assert set(codes.EVERYBODY) == FOR_USERS
    assert set(codes.EVERYBODY) | set(codes.ADMINISTRATORS) == set(Code) == set(codes.EFFECTS)


def test_it_says_what_to_dial_and_the_password_or_leaves_room_for_it(
    alice: Browser, people: dict[str, User]
) -> None:
    bridge = add_bridge(people["alice"].email)
    for written in ("0970000600", "0970000601"):
        numbers.add(written, bridge=bridge, region="FR", actor="test")
    said = alice.text("/bridges/1/card")
    assert "09 70 00 06 00 09 70 00 06 01 600" in said
    assert "# (none today: enter nothing)" in said
    participant_password.set_password(bridge, "482913", pin_key=KEY, actor="test")
    assert "482913 #" in alice.text("/bridges/1/card")


def test_it_may_be_printed_before_there_is_a_number(alice: Browser, people: dict[str, User]) -> None:
    bridge = add_bridge(people["alice"].email)
    bridge.extension = None
    bridge.save()
    assert "No number yet" in alice.text("/bridges/1/card")


def test_no_code_breaks_over_two_lines() -> None:
    assert [key for code in Code if " " in (key := codes.keys(code))] == []
    assert codes.keys(Code.ADMIN).split() == ["*", "9", "PIN", "#"]
