"""What callers dial and claim to be called changes nothing that it should not."""

from __future__ import annotations

import contextlib
from functools import partial

from tests.calls.conftest import Cast, people, roles_are
from tests.conftest import Box, eventually
from tests.phone import PhoneError
from tests.phone.call import Call

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


NUMBERS = ("101", "%22101%22", "x%0D%0APONT_PHONE%3A%20101", "101%2C600", "%24%7BPONT_PHONE%7D")


def has_ended(call: Call) -> bool:
    return call.state == "ended"


def test_a_hostile_dialled_number_reaches_no_right_and_no_room_of_its_own(cast: Cast, box: Box) -> None:
    calls = {}
    for dialled in DIALLED:
        with contextlib.suppress(PhoneError):  # Some, no phone can even send.
            calls[dialled] = cast.outside().call(dialled)
    assert len(calls) >= 8
    for call in calls.values():
        eventually(partial(has_ended, call), 20, partial(repr, call))
    assert all(person["role"] == "user" for person in people(box))
    rooms = [line.split()[0] for line in box.asterisk("confbridge list").splitlines()[2:] if line.strip()]
    assert all(room.startswith("bridge-") for room in rooms)


def test_a_hostile_caller_name_is_shown_as_what_it_is(cast: Cast, box: Box) -> None:
    before = box.pont("bridge", "list")
    for name in NAMES:
        cast.outside().call(cast.open_door.number, caller_id="+33612345678", caller_name=name).answered()
    roles_are(box, ["user"] * len(NAMES), within=20)
    assert {person["caller"] for person in people(box)} == {"+33612345678"}
    # PJSIP keeps the backslashes with which SIP quotes a name (RFC 3261, quoted-pair).
    shown = sorted(person["name"].replace("\\", "") for person in people(box))
    assert shown == sorted(name.replace("\\", "") for name in NAMES)
    assert box.pont("bridge", "list") == before


def test_a_hostile_caller_number_makes_nobody_administrator(cast: Cast, box: Box) -> None:
    for number in NUMBERS:
        cast.outside().call(cast.open_door.number, caller_id=number).answered()
    roles_are(box, ["user"] * len(NUMBERS), within=20)
