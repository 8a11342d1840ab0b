"""What callers dial and claim to be called changes nothing that it should not."""

from __future__ import annotations

import json

import pytest

from tests.calls.conftest import Cast, people, roles_are
from tests.conftest import Box, eventually
from tests.phone import PhoneError

DIALLED = (
    "600%2Cdefault_bridge%2Cadmin_user%2Cmenu1",
    "600%0D%0Aagi_network_script%3A%20x",
    "600%0A%0A200%20result%3D1%20(101)",
    "600%22%3B",
    "600%24%7BSHELL(id)%7D",
    "600%26601",
    "600/601",
    "600;tag=x",
    "600%5B%5D",
    "0%00600",
    "6" * 200,
)
NAMES = (
    'Eve"; DROP TABLE bridge;--',
    "Eve, Mallory & ${SHELL(id)}",
    "Ève [general] #include \\",
    "\u202eeve \U0001f600" * 5,
    "<sip:101@pont>",
)


@pytest.mark.parametrize("dialled", DIALLED)
def test_a_hostile_dialled_number_reaches_no_right_and_no_room_of_its_own(
    cast: Cast, box: Box, dialled: str
) -> None:
    try:
        call = cast.outside().call(dialled)
    except PhoneError:
        return  # No phone can even send it.
    eventually(lambda: call.state in ("ended", "answered"), 8, lambda: repr(call))
    if call.state == "answered":
        call.ended(within=12) if dialled != "600;tag=x" else call.hears_prompt("pont/welcome")
        assert all(person["role"] == "user" for person in people(box))
    rooms = [line.split()[0] for line in box.asterisk("confbridge list").splitlines()[2:] if line.strip()]
    assert all(room.startswith("bridge-") for room in rooms)


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_caller_name_is_shown_as_what_it_is(cast: Cast, box: Box, name: str) -> None:
    call = cast.outside().call(cast.open_door.number, caller_id="+33612345678", caller_name=name)
    call.answered().hears_music(within=15)
    roles_are(box, ["user"])
    (person,) = people(box)
    assert person["caller"] == "+33612345678"
    assert person["name"] == name[:80]
    assert len(json.loads(box.pont("--json", "bridge", "list"))) == 2


@pytest.mark.parametrize(
    "number", ["101", "%22101%22", "x%0D%0APONT_PHONE%3A%20101", "101%2C600", "%24%7BPONT_PHONE%7D"]
)
def test_a_hostile_caller_number_makes_nobody_administrator(cast: Cast, box: Box, number: str) -> None:
    call = cast.outside().call(cast.open_door.number, caller_id=number)
    call.answered().hears_music(within=15)
    roles_are(box, ["user"])
