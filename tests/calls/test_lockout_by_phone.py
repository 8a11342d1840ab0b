"""Guessing across calls and lines (B2), by phone."""

from __future__ import annotations

import json

from tests.calls.conftest import Cast
from tests.conftest import Box


def guess(cast: Cast, callers: list[str]) -> None:
    """As many calls at once, each of which keys a wrong code and is told so."""
    calls = [cast.outside(number).call(cast.with_password.number).answered() for number in callers]
    for call in calls:
        call.hears_prompt("pont/enter-code")
        call.dtmf(f"{cast.with_password.wrong_code}#", wait=False)
    for call in calls:
        call.hears_prompt("conf-invalidpin", within=20)
        call.hang_up()


def test_b2_a_caller_who_guesses_is_locked_out_across_calls_until_the_command_lifts_it(
    cast: Cast, box: Box
) -> None:
    guess(cast, ["+33666000001"] * 6)
    locked = cast.outside("+33666000001").call(cast.with_password.number).answered()
    locked.hears_prompt("pont/locked-out")
    locked.ended(within=12)
    assert [row["bridge"] for row in json.loads(box.pont("--json", "lockout", "list"))] == ["601"]
    box.pont("lockout", "lift", "601")
    call = cast.outside("+33666000001").call(cast.with_password.number).answered()
    call.hears_prompt("pont/enter-code")
    call.dtmf(f"{cast.with_password.password}#")
    call.hears_prompt("conf-waitforleader")


def test_b2_ten_guesses_lock_the_bridge_whatever_caller_ids_are_claimed_but_not_its_organiser(
    cast: Cast,
) -> None:
    guess(cast, [f"+336660001{line:02}" for line in range(10)])
    locked = cast.outside("+33666000999").call(cast.with_password.number).answered()
    locked.hears_prompt("pont/locked-out")
    cast.phone("102").call("601").answered().hears_music()
    cast.outside("+33666000999").call(cast.open_door.number).answered().hears_prompt("pont/welcome")
