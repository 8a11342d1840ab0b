"""Database and Asterisk say the same of a conference, whatever is pressed, killed or cut."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.calls.conftest import Cast, nobody_is_left, people, roles_are
from tests.calls.talk import ALICE, BRUNO, becomes, state, talk
from tests.conftest import Box, eventually
from tests.phone import Phone
from tests.phone.call import Call

SEED = 20261123


def differences(box: Box) -> list[str]:
    """What `confbridge list` says otherwise than the database, of people, mutes, anchor and recorder."""
    lines = box.asterisk("confbridge list bridge-1").splitlines()
    inside = {line.split()[0]: line for line in lines if re.match(r"(PJSIP|Local)/", line)}
    persons = [line for channel, line in inside.items() if channel.startswith("PJSIP/")]
    muted = [line for line in persons if "m" in line.split()[1]]
    members = people(box)
    found = [] if len(persons) == len(members) else [f"{len(persons)} in Asterisk, {len(members)} noted"]
    if not members:
        return [*found, *([f"left: {list(inside)}"] if inside else [])]
    now = state(box)
    talking = now["opened"] and not now["paused"] and len(members) > 1
    wanted = {
        "muted": sum(person["muted"] for person in members),
        "pont-anchor": int(talking),
        "pont-recorder": int(talking and now["recording"]),
    }
    actual = {
        "muted": len(muted),
        **{name: sum(name in channel for channel in inside) for name in ("pont-anchor", "pont-recorder")},
    }
    return [
        *found,
        *(f"{key}: {actual[key]}, wanted {wanted[key]}" for key in wanted if actual[key] != wanted[key]),
    ]


def in_step(box: Box, within: float = 5.0) -> None:
    """Wait until there is no difference."""
    eventually(lambda: differences(box) == [], within, lambda: f"{differences(box)}\n{state(box)}")


def crowd(cast: Cast, box: Box, admins: int, users: int) -> list[Call]:
    """So many administrators and users in 600, from alice's and bruno's phones."""
    calls: list[Call] = []
    for extension, count in (("101", admins), ("102", users)):
        device: Phone | None = None
        for number in range(count):
            device = cast.phone(extension) if device is None or number % 4 == 0 else device
            calls.append(device.call("600").answered())
    for call in calls[admins:]:
        call.hears_prompt("pont/welcome")
        call.dtmf("#", wait=False)
    eventually(lambda: len(people(box)) == admins + users, 15, lambda: str(people(box)))
    return calls


def test_two_administrators_at_the_same_instant_leave_a_consistent_state(cast: Cast, box: Box) -> None:
    calls = crowd(cast, box, admins=2, users=2)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: pair[0].dtmf(pair[1]), zip(calls, ("*3", "*6"), strict=False)))
    becomes(box, muted_all=True, locked=True)
    in_step(box)
    assert [person["muted"] for person in people(box)] == [False, False, True, True]


@pytest.mark.long
def test_a_storm_of_codes_from_ten_phones_leaves_both_sides_equal(cast: Cast, box: Box) -> None:
    calls = crowd(cast, box, admins=5, users=5)
    seconds = 60
    until = time.monotonic() + seconds

    def storm(number: int) -> int:
        chance, pressed = random.Random(SEED + number), 0
        while time.monotonic() < until:
            calls[number].dtmf(f"*{chance.choice('1234567*')}")
            calls[number].pause(0.3)  # pjsua2 keeps 32 keys at most that are not sent yet.
            pressed += 1
        return pressed

    with ThreadPoolExecutor(len(calls)) as pool:
        assert sum(pool.map(storm, range(len(calls)))) >= seconds * 8
    assert len(people(box)) == 10
    in_step(box, within=10)


def test_pont_agi_killed_amid_pause_and_mute_all_loses_nobody_and_no_state(cast: Cast, box: Box) -> None:
    alice, bruno = talk(cast, "102")
    alice.dtmf("*3")
    alice.hears_prompt("pont/all-muted")
    bruno.hears(ALICE, within=8)
    alice.dtmf("*4")
    bruno.hears_music()
    box.run(["systemctl", "kill", "--signal=SIGKILL", "pont-agi"])
    eventually(lambda: ":4573" in box.run(["ss", "-Hltn"]), 3, lambda: "codes do not work again within 3 s")
    alice.dtmf("*4")
    becomes(box, paused=False, muted_all=True)
    roles_are(box, ["admin", "user"])
    bruno.hears(ALICE, within=8)
    alice.hears_not(BRUNO)
    in_step(box)


@pytest.mark.long
def test_asterisk_killed_closes_the_conference_and_the_box_serves_again(cast: Cast, box: Box) -> None:
    alice, _ = talk(cast, "102")
    alice.dtmf("*6")
    becomes(box, locked=True)
    box.run(["systemctl", "kill", "--signal=SIGKILL", "asterisk"])
    eventually(lambda: people(box) == [], 15, lambda: f"still noted: {people(box)}")

    def serves() -> bool:
        return "PJSIP" in box.call(["asterisk", "-rx", "module show like chan_pjsip"]).stdout

    eventually(serves, 20, lambda: "Asterisk is not back")
    fresh = cast.phone("103")
    late = fresh.call("600").answered(within=15)
    late.hears_prompt("conf-waitforleader", within=12)  # Neither open nor locked any more.


@pytest.mark.long
def test_the_list_is_asterisks_within_5_s_after_anything(cast: Cast, box: Box) -> None:
    chance = random.Random(SEED)
    calls = crowd(cast, box, admins=2, users=2)
    devices = {"101": cast.phone("101"), "102": cast.phone("102")}

    def joins() -> None:
        extension = chance.choice(("101", "102"))
        if sum(call.phone is devices[extension] and call.state != "ended" for call in calls) < 4:
            calls.append(devices[extension].call("600").answered())

    def leaves() -> None:
        inside = [call for call in calls if call.state != "ended"]
        if len(inside) > 2:
            chance.choice(inside).hang_up()

    def presses() -> None:
        inside = [call for call in calls if call.state != "ended"]
        if inside:
            chance.choice(inside).dtmf(f"*{chance.choice('1234567*')}")

    def cuts() -> None:
        box.asterisk("manager reload")
        box.run(["systemctl", "kill", "--signal=SIGKILL", "pont-listener"])

    def restarts() -> None:
        box.run(["systemctl", "restart", chance.choice(("pont-agi", "pont-listener"))])

    actions: list[Callable[[], None]] = [joins] * 6 + [leaves] * 5 + [presses] * 12 + [cuts, restarts]
    for _ in range(500):
        chance.choice(actions)()
        in_step(box, within=5 + 2)  # A killed listener is back after 1 to 2 s; from then on 5.


@pytest.mark.long
def test_callers_who_drop_anywhere_leave_the_box_as_it_was(cast: Cast, box: Box) -> None:
    box.pont("bridge", "change", "600", "--announce")
    try:
        drop(cast)
        before = footprint(box)
        for _ in range(50):
            drop(cast)
        nobody_is_left(box)
        eventually(lambda: footprint(box)[0] == before[0], 15, lambda: f"{before} became {footprint(box)}")
        for name, kilobytes in footprint(box)[1].items():
            grown = kilobytes - before[1][name]
            assert grown <= max(0.05 * before[1][name], 4096), f"{name} grew by {grown} kB: {before[1]}"
    finally:
        box.pont("bridge", "change", "600", "--no-announce")


def drop(cast: Cast) -> None:
    """Four callers hang up: in the welcome, in a PIN, in the question for a name, in a code."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda step: step(cast), (in_the_welcome, in_the_pin, in_the_name, in_a_code)))


def in_the_welcome(cast: Cast) -> None:
    with cast.outside("+33611111111") as phone:
        phone.call(cast.open_door.number).answered().hang_up()


def in_the_pin(cast: Cast) -> None:
    with cast.outside("+33622222222") as phone:
        call = phone.call(cast.open_door.number).answered()
        call.dtmf("12")
        call.hang_up()


def in_the_name(cast: Cast) -> None:
    with cast.phone("103") as phone:
        call = phone.call("600").answered()
        call.plays(1000)
        call.dtmf("#")
        call.hears_prompt("pont/say-name")
        call.pause(5)
        call.hang_up()


def in_a_code(cast: Cast) -> None:
    with cast.phone("101") as phone:
        call = phone.call("600").answered()
        call.hears_prompt("pont/say-name", within=15)
        call.dtmf("#")
        call.hears_music(within=15)
        call.dtmf("*0")
        call.hang_up()


def footprint(box: Box) -> tuple[dict[str, int], dict[str, int]]:
    """Files and processes left, and memory (kB) of each service."""
    names = len(box.run(["ls", "/var/lib/pont-media/names"]).split())
    channels = len(box.asterisk("core show channels concise").split())
    memory = {}
    for service in ("asterisk", "pont-agi", "pont-listener"):
        pid = box.run(["systemctl", "show", "--value", "-p", "MainPID", service]).strip()
        memory[service] = int(re.search(r"VmRSS:\s+(\d+)", box.run(["cat", f"/proc/{pid}/status"]))[1])  # type: ignore[index]
    processes = int(box.run(["sh", "-c", "ls -d /proc/[0-9]* | wc -l"]))
    return {"names": names, "channels": channels, "processes": processes}, memory
