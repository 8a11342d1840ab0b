"""What people look for, and what may be chosen: lists of bridges, phones, numbers and co-organisers."""

from __future__ import annotations

from typing import Any

import pytest

from appliance.access_codes.pins import matches
from appliance.directory import bridges, numbers, organisers, participant_password, phones
from appliance.errors import RefusedError
from appliance.models import AuditEntry, Bridge, Number
from tests.appliance.people import KEY, add_bridge, add_phone, add_user

pytestmark = pytest.mark.usefixtures("db")


def add_number(written: str, bridge: Bridge | None = None) -> Number:
    return numbers.add(written, bridge=bridge, region="FR", actor="test")


def found(query: Any) -> list[str]:
    return [row.e164 for row in query]


@pytest.mark.parametrize(
    "text",
    [
        "0970000600",
        "09 70 00 06 00",
        "+33 9.70.00.06.00",
        "0033970000600",
        "0006",
        "600",
        "martin",
        "démo al",
    ],
)
def test_a_number_is_found_however_it_is_written_or_by_who_has_it(text: str) -> None:
    bridge = add_bridge(add_user().email)
    add_number("+33970000600", bridge)
    add_number("+33970000711")
    assert found(numbers.matching(text)) == ["+33970000600"]


def test_numbers_of_a_customer_are_those_of_its_bridges() -> None:
    alice, eve = add_user(), add_user("Eve", "Autre SA")
    add_number("+33970000600", add_bridge(alice.email))
    add_number("+33970000601", add_bridge(eve.email, "601"))
    add_number("+33970000602")
    assert found(numbers.matching("", alice.customer)) == ["+33970000600"]
    assert len(found(numbers.matching(""))) == 3
    assert found(numbers.matching("%_")) == []


def test_phones_are_those_of_everybody_of_a_customer_or_of_a_user() -> None:
    alice, bruno, eve = add_user(), add_user("Bruno"), add_user("Eve", "Autre SA")
    for user, extension in ((alice, "101"), (bruno, "102"), (eve, "109")):
        add_phone(user.email, extension)
    assert [row.extension for row in phones.matching("")] == ["101", "102", "109"]
    assert [row.extension for row in phones.matching("", customer=alice.customer)] == ["101", "102"]
    assert [row.extension for row in phones.matching("", user=bruno)] == ["102"]
    assert [row.extension for row in phones.matching("autre EVE")] == ["109"]


def test_bridges_are_found_by_user_customer_or_extension() -> None:
    add_bridge(add_user().email)
    add_bridge(add_user("Eve", "Autre SA").email, "601")
    for text, extension in (
        ("alice", "600"),
        ("autre", "601"),
        ("601", "601"),
        ("demo.example ALICE", "600"),
    ):
        assert [row.extension for row in bridges.matching(text)] == [extension], text


def test_a_bridge_with_nothing_to_dial_is_unreachable() -> None:
    alice, bruno, eve = add_user(), add_user("Bruno"), add_user("Eve", "Autre SA")
    add_bridge(alice.email)
    without = [bridges.add(user.email, extension=None, pin_key=KEY, actor="test")[0] for user in (bruno, eve)]
    assert list(bridges.unreachable()) == without
    assert list(bridges.unreachable(eve.customer)) == without[1:]
    add_number("+33970000600", without[0])
    assert list(bridges.unreachable()) == without[1:]


def test_co_organisers_are_chosen_among_the_other_phones_of_the_customer() -> None:
    alice, bruno, eve = add_user(), add_user("Bruno"), add_user("Eve", "Autre SA")
    for user, extension in ((alice, "101"), (bruno, "102"), (bruno, "103"), (eve, "109")):
        add_phone(user.email, extension)
    bridge = add_bridge(alice.email)
    organisers.add(bridge, "103", actor="test")
    assert [phone.extension for phone in organisers.candidates(bridge)] == ["102"]
    assert [row.phone.extension for row in organisers.of(bridge)] == ["103"]
    assert [list(organisers.opened_by(phones.get(extension))) for extension in ("102", "103")] == [
        [],
        [bridge],
    ]


def test_a_bridge_is_given_a_number_that_is_new_or_free_and_not_another_ones() -> None:
    alice, bruno = add_user(), add_user("Bruno")
    bridge, other = add_bridge(alice.email), add_bridge(bruno.email, "601")
    free = add_number("+33970000600")
    for written in ("09 70 00 06 00", "0970000601"):
        numbers.give(bridge, written, region="FR", actor="test")
    assert [number.e164 for number in bridge.numbers] == ["+33970000600", "+33970000601"]
    assert Number.get_by_id(free.id).bridge_id == bridge.id
    for taken in ("0970000600", "0970000601"):
        with pytest.raises(RefusedError, match="belongs to bridge 600: remove it there first"):
            numbers.give(other, taken, region="FR", actor="test")
    with pytest.raises(RefusedError, match="not a valid telephone number"):
        numbers.give(other, "601", region="FR", actor="test")


def test_a_random_password_is_never_the_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = add_bridge(add_user().email)
    bridges.set_pin(bridge, "480486", pin_key=KEY, actor="test")
    drawn = iter(("480486", "712938"))
    monkeypatch.setattr("appliance.access_codes.pins.random_pin", lambda **_: next(drawn))
    assert participant_password.set_password(bridge, None, pin_key=KEY, actor="test") == "712938"
    assert Bridge.get().password == "712938"
    assert not matches(KEY, bridge.id, "712938", bridge.pin_hash)
    assert (
        participant_password.set_password(bridge, "", pin_key=KEY, actor="test")
        == Bridge.get().password
        == ""
    )


def test_the_log_knows_that_a_password_was_set_and_not_which() -> None:
    bridge = add_bridge(add_user().email)
    password = participant_password.set_password(bridge, None, pin_key=KEY, actor="test")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.detail) == ("bridge.change", "password")
    assert password not in entry.subject + entry.detail


def test_a_bridge_that_never_had_an_extension_may_go_on_without() -> None:
    bridge, _ = bridges.add(add_user().email, extension=None, pin_key=KEY, actor="test")
    bridges.change(bridge, extension="", announce=False, pin_key=KEY, actor="test")
    bridges.change(bridge, extension="600", pin_key=KEY, actor="test")
    with pytest.raises(RefusedError, match="nobody could call it"):
        bridges.change(bridge, extension="", pin_key=KEY, actor="test")
