"""Entering a conference: what each caller meets (R1, R3 to R6, R8 to R12)."""

from __future__ import annotations

import pytest

from tests.calls.conftest import Cast, people, roles_are
from tests.conftest import Box


def test_r5_r8_the_organisers_phone_enters_with_no_pin_and_hears_music_alone(cast: Cast, box: Box) -> None:
    alice = cast.phone("101").call("600").answered()
    alice.hears_music()
    roles_are(box, ["admin"])


def test_r4_r9_a_participant_waits_with_music_until_the_organiser_comes_then_they_talk(cast: Cast) -> None:
    guest = cast.outside().call(cast.open_door.number).answered()
    guest.hears_prompt("pont/welcome")
    guest.hears_prompt("conf-waitforleader", within=12)
    guest.plays(1000)
    guest.hears_music(within=12)
    alice = cast.phone("101").call("600").answered()
    alice.plays(440)
    alice.hears(1000)
    guest.hears(440)


def test_r9_participants_who_wait_do_not_hear_each_other(cast: Cast) -> None:
    first = cast.outside("+33611111111").call(cast.open_door.number).answered()
    second = cast.outside("+33622222222").call(cast.open_door.number).answered()
    first.plays(1300)
    second.plays(2100)
    for call in (first, second):
        call.hears_music(within=15)
    first.hears_not(2100)
    second.hears_not(1300)


def test_r8_whoever_is_left_alone_hears_music_again(cast: Cast) -> None:
    alice = cast.phone("101").call("600").answered()
    guest = cast.outside().call(cast.open_door.number).answered()
    guest.plays(1000)
    alice.hears(1000, within=12)
    guest.hang_up()
    alice.hears_music()


def test_r9_an_administrator_who_drops_out_does_not_stop_the_conference(cast: Cast) -> None:
    alice = cast.phone("101").call("600").answered()
    guests = [cast.outside(f"+3361111111{n}").call(cast.open_door.number).answered() for n in range(2)]
    guests[0].plays(1000)
    guests[1].hears(1000, within=12)
    alice.hang_up()
    guests[1].forget()
    guests[1].hears(1000)


def test_r6_the_pin_from_outside_makes_an_administrator_who_opens_the_conference(
    cast: Cast, box: Box
) -> None:
    guest = cast.outside().call(cast.open_door.number).answered()
    guest.hears_prompt("conf-waitforleader", within=12)
    organiser = cast.outside("+33699999999").call(cast.open_door.number).answered()
    organiser.hears_prompt("pont/welcome")
    organiser.dtmf(f"{cast.open_door.pin}#")
    organiser.plays(440)
    guest.hears(440, within=8)
    roles_are(box, ["user", "admin"])
    roles = sorted((person["caller"], person["role"]) for person in people(box))
    assert roles == [("+33612345678", "user"), ("+33699999999", "admin")]


@pytest.mark.parametrize("gap", [0.0, 2.0], ids=["in one go", "2 s between keys"])
def test_r6_the_pin_is_taken_at_any_speed(cast: Cast, box: Box, gap: float) -> None:
    call = cast.outside().call(cast.open_door.number).answered()
    call.hears_prompt("pont/welcome")
    call.dtmf(f"{cast.open_door.pin}#", gap=gap)
    roles_are(box, ["admin"])


def test_r9_a_bridge_with_a_password_asks_for_it(cast: Cast, box: Box) -> None:
    call = cast.outside().call(cast.with_password.number).answered()
    call.hears_prompt("pont/enter-code")
    call.dtmf(f"{cast.with_password.password}#")
    call.hears_prompt("conf-waitforleader")
    call.hears_music(within=12)
    roles_are(box, ["user"])


def test_r6_the_pin_opens_a_bridge_with_a_password_too(cast: Cast, box: Box) -> None:
    call = cast.outside().call(cast.with_password.number).answered()
    call.hears_prompt("pont/enter-code")
    call.dtmf(f"{cast.with_password.pin}#")
    call.hears_music(within=12)
    roles_are(box, ["admin"])


def test_r9_nothing_keyed_three_times_where_a_password_is_needed_ends_the_call(cast: Cast) -> None:
    call = cast.outside().call(cast.with_password.number).answered()
    for _ in range(3):
        call.hears_prompt("pont/enter-code", within=12)
        call.forget()
        call.dtmf("#")
    call.hears_prompt("goodbye")
    call.ended(within=8)


@pytest.mark.parametrize("which", ["open_door", "with_password"])
def test_r10_a_wrong_code_is_told_three_times_then_goodbye(cast: Cast, which: str) -> None:
    bridge = getattr(cast, which)
    call = cast.outside().call(bridge.number).answered()
    call.hears_prompt("pont/enter-code" if bridge.password else "pont/welcome")
    for _ in range(3):
        call.forget()
        call.dtmf(f"{bridge.wrong_code}#")
        call.hears_prompt("conf-invalidpin")
    call.hears_prompt("goodbye")
    call.ended(within=8)


def test_r10_the_right_pin_after_a_wrong_one_still_works(cast: Cast, box: Box) -> None:
    call = cast.outside().call(cast.open_door.number).answered()
    call.hears_prompt("pont/welcome")
    call.dtmf(f"{cast.open_door.wrong_code}#")
    call.hears_prompt("conf-invalidpin")
    call.dtmf(f"{cast.open_door.pin}#")
    roles_are(box, ["admin"])


def test_r3_the_called_number_in_any_usual_form_finds_the_bridge(cast: Cast, box: Box) -> None:
    for dialled in ("0970000600", "+33970000600", "0033970000600", "33970000600", "600"):
        cast.phone("101").call(dialled).answered()
    roles_are(box, ["admin"] * 5)


def test_r3_an_unknown_number_says_so_and_hangs_up(cast: Cast) -> None:
    dialled = ("0970000699", "+33970000699", "699", "112", "1920", "00")
    calls = [cast.outside().call(number).answered() for number in dialled]
    for call in calls:
        call.hears_prompt("ss-noservice")
    for call in calls:
        call.ended(within=12)


def test_r3_an_unassigned_number_says_so_and_hangs_up(cast: Cast, box: Box) -> None:
    box.pont("number", "add", "+33970000650")
    try:
        call = cast.outside().call("0970000650").answered()
        call.hears_prompt("ss-noservice")
        call.ended(within=12)
    finally:
        box.pont("number", "remove", "+33970000650")


def test_r1_service_off_is_told_and_on_again_all_is_as_before(cast: Cast, box: Box) -> None:
    alice = cast.phone("101")
    box.pont("customer", "change", "Démo SARL", "--service", "off")
    try:
        call = alice.call("600").answered()
        call.hears_prompt("pont/service-off")
        call.ended(within=12)
    finally:
        box.pont("customer", "change", "Démo SARL", "--service", "on")
    alice.call("600").answered().hears_music()


def test_r5_a_caller_id_from_outside_proves_nothing(cast: Cast, box: Box) -> None:
    for claimed in ("101", "+33970000600", "600"):
        cast.outside(claimed, name="Alice Martin").call(cast.open_door.number).answered()
    roles_are(box, ["user"] * 3, within=20)


def test_r5_another_phone_of_the_box_is_a_participant(cast: Cast, box: Box) -> None:
    cast.phone("102").call("600").answered().hears_music(within=15)
    roles_are(box, ["user"])


def test_r12_a_co_organisers_phone_opens_the_bridge(cast: Cast, box: Box) -> None:
    box.pont("bridge", "organiser", "add", "600", "103")
    try:
        cast.phone("103").call("600").answered().hears_music()
        roles_are(box, ["admin"])
    finally:
        box.pont("bridge", "organiser", "remove", "600", "103")


def test_r9_a_bridge_open_for_anyone_needs_no_organiser(cast: Cast, box: Box) -> None:
    box.pont("bridge", "change", "600", "--open-for-anyone")
    try:
        first = cast.outside("+33611111111").call(cast.open_door.number).answered()
        second = cast.outside("+33622222222").call(cast.open_door.number).answered()
        first.plays(1000)
        second.hears(1000, within=12)
    finally:
        box.pont("bridge", "change", "600", "--open-for-admins")


def test_prompts_are_in_the_bridges_language(cast: Cast, box: Box) -> None:
    box.pont("bridge", "change", "601", "--language", "en")
    try:
        call = cast.outside().call(cast.with_password.number).answered()
        call.hears_prompt("pont/enter-code", language="en")
        call.dtmf(f"{cast.with_password.wrong_code}#")
        call.hears_prompt("conf-invalidpin", language="en")
    finally:
        box.pont("bridge", "change", "601", "--language", "fr")


def test_wideband_phones_hear_wideband(cast: Cast) -> None:
    alice = cast.phone("101", codecs=["G722"]).call("600").answered()
    bruno = cast.phone("102", codecs=["G722"]).call("600").answered()
    bruno.plays(5500)
    alice.hears(5500, within=12)
