"""Names and announcements of who comes and goes (R7, R25), by real phones that say them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.calls.conftest import IN_BOTH_LANGUAGES, Cast, people, roles_are
from tests.conftest import Box, eventually
from tests.phone.call import Call

pytestmark = [pytest.mark.usefixtures("announced"), IN_BOTH_LANGUAGES]
NAMES = "/var/lib/pont-media/names"


def names(box: Box) -> list[str]:
    """Files of names that are left."""
    return box.run(["ls", NAMES]).split()


def says_his_name(call: Call, tone: float) -> None:
    """Say a name, and end it with #: a tone of 3 s, of which enough is whole though a packet is late."""
    call.hears_prompt("pont/say-name", within=15)
    call.hears_prompt("beep")
    call.plays(tone)
    call.pause(3)
    call.dtmf("#")
    call.plays(None)


def skips_his_name(call: Call) -> None:
    """# at once."""
    call.hears_prompt("pont/say-name", within=15)
    call.dtmf("#")


def test_r7_the_others_hear_who_joins_and_leaves_by_the_name_they_said(cast: Cast, box: Box) -> None:
    alice = cast.phone("101").call("600").answered()
    skips_his_name(alice)
    alice.hears_music()
    bruno = cast.phone("102").call("600").answered()
    says_his_name(bruno, 1000)
    alice.hears(1000, within=8)
    alice.hears_prompt("conf-hasjoin")
    assert len(names(box)) == 1
    # Back from the same phone, they need not say it again.
    bruno.hang_up()
    alice.forget()
    alice.hears(1000)
    alice.hears_prompt("conf-hasleft")
    alice.hears_music()
    alice.forget()
    again = cast.phone("102").call("600").answered()
    alice.hears(1000, within=15)
    alice.hears_prompt("conf-hasjoin")
    assert "pont/say-name" not in again.heard_prompts()
    again.hang_up()
    alice.hang_up()
    eventually(lambda: names(box) == [], 8, lambda: f"left behind: {names(box)}")


def test_r7_who_skips_their_name_is_announced_as_a_participant(cast: Cast, box: Box) -> None:
    alice = cast.phone("101").call("600").answered()
    alice.hears_prompt("pont/say-name", within=12)
    alice.dtmf("#")
    alice.hears_music()
    bruno = cast.phone("102").call("600").answered()
    bruno.hears_prompt("pont/say-name", within=12)
    bruno.dtmf("#")
    alice.hears_prompt("pont/somebody")
    alice.hears_prompt("conf-hasjoin")
    assert names(box) == []


@pytest.mark.long
def test_r7_who_says_nothing_enters_all_the_same(cast: Cast, box: Box) -> None:
    cast.phone("101").call("600").answered()
    roles_are(box, ["admin"], within=20)
    eventually(lambda: names(box) == [], 8, lambda: f"left behind: {names(box)}")


@pytest.mark.long
def test_r7_several_who_join_at_once_are_announced_one_after_the_other(cast: Cast, box: Box) -> None:
    alice = cast.phone("101").call("600").answered()
    skips_his_name(alice)
    alice.hears_music()
    others = [cast.phone("102").call("600").answered() for _ in range(3)]
    for call in others:
        call.hears_prompt("pont/say-name", within=15)
    alice.forget()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda call: call.dtmf("#"), others))
    roles_are(box, ["admin", "user", "user", "user"], within=3)

    def announced() -> int:
        return sum(prompt == "conf-hasjoin" for prompt in alice.heard_prompts())

    eventually(lambda: announced() == 3, 20, lambda: f"not 3 are announced: {alice.heard_prompts()}")


@pytest.mark.long
def test_r7_nobody_is_announced_during_a_pause_but_after_it(cast: Cast) -> None:
    alice = cast.phone("101").call("600").answered()
    bruno = cast.phone("102").call("600").answered()
    for call in (alice, bruno):
        skips_his_name(call)
    alice.hears_prompt("conf-hasjoin", within=10)
    alice.dtmf("*4")
    alice.hears_prompt("pont/paused")
    bruno.hears_music()
    bruno.forget()
    late = cast.outside().call(cast.open_door.number).answered()
    skips_his_name(late)
    late.hears_music(within=10)
    assert "conf-hasjoin" not in bruno.heard_prompts()
    alice.dtmf("*4")
    bruno.hears_prompt("pont/resumed")
    bruno.hears_prompt("conf-hasjoin", within=10)


@pytest.mark.parametrize("moment", [pytest.param("question", marks=pytest.mark.long), "recording"])
def test_r7_who_drops_while_they_name_themselves_leaves_nothing(cast: Cast, box: Box, moment: str) -> None:
    call = cast.phone("102").call("600").answered()
    call.plays(1000)
    call.hears_prompt("pont/say-name", within=15)
    if moment == "recording":
        eventually(lambda: names(box) != [], 10, lambda: "no name is recorded")
    call.hang_up()
    eventually(lambda: names(box) == [], 12, lambda: f"left behind: {names(box)}")
    assert people(box) == []
