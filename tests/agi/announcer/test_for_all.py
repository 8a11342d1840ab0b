"""What all are to hear is said once, one thing after the other, by the anchor (R7, R16 to R21)."""

from __future__ import annotations

from typing import Any

import pytest

from agi.announcer import TIMEOUT_S
from agi.channels import OwnChannel
from agi.room import Room
from appliance.conferences import control
from appliance.conferences.service_codes import Switch
from appliance.speech.prompts import Prompt
from appliance.system.config import Config
from tests.agi.announcer.speech import bring_anchor, go_on, left_to_say, said, turn, wanted
from tests.agi.rooms import NOW, OUTSIDE, Clock, ScriptedAmi, come, conference, go, person


def test_the_anchors_other_half_says_it_in_the_bridges_language(room: Room, ami: ScriptedAmi) -> None:
    bring_anchor(room)
    turn(room, Switch.LOCKED)
    go_on(room)
    half = f"Local/{room.bridge_id}@pont-anchor-00000001;1"
    assert ami.actions == [
        {"Action": "Setvar", "Channel": half, "Variable": "PONT_SAY", "Value": Prompt.LOCKED},
        {"Action": "Setvar", "Channel": half, "Variable": "PONT_LANGUAGE", "Value": "en"},
        {"Action": "Redirect", "Channel": half, "Context": "pont-anchor", "Exten": "say", "Priority": "1"},
    ]
    assert left_to_say() == []


def test_one_thing_is_said_after_the_other_each_when_the_end_of_the_last_was_reported(
    room: Room, ami: ScriptedAmi
) -> None:
    bring_anchor(room)
    for switch in (Switch.LOCKED, Switch.MUTED_ALL):
        turn(room, switch)
    for _ in range(3):
        go_on(room)
    assert said(ami) == [Prompt.LOCKED], "not over each other"
    room.announcer.finished()
    go_on(room)
    assert said(ami) == [Prompt.LOCKED, Prompt.ALL_MUTED]
    room.announcer.finished()
    go_on(room)
    assert said(ami) == [Prompt.LOCKED, Prompt.ALL_MUTED], "and each once"


def test_r7_what_was_switched_goes_before_who_came(room: Room, ami: ScriptedAmi) -> None:
    bring_anchor(room)
    come(room, 4)
    turn(room, Switch.LOCKED)
    for _ in range(2):
        go_on(room)
        room.announcer.finished()
    assert said(ami) == [Prompt.LOCKED, f"{Prompt.SOMEBODY}&{Prompt.HAS_JOINED}"]


def test_r7_a_name_goes_before_what_is_said_of_them(room: Room, ami: ScriptedAmi, config: Config) -> None:
    bring_anchor(room)
    come(room, 4, name="1-4")
    go_on(room)
    room.announcer.finished()
    go(room, 4)
    go_on(room)
    file = config.paths.names / "1-4"
    assert said(ami) == [f"{file}&{Prompt.HAS_JOINED}", f"{file}&{Prompt.HAS_LEFT}"]


def test_what_was_being_said_when_the_anchor_left_does_not_block_the_next(
    room: Room, ami: ScriptedAmi
) -> None:
    bring_anchor(room)
    turn(room, Switch.LOCKED)
    turn(room, Switch.MUTED_ALL)
    go_on(room)
    assert room.channels.anchor is not None
    room.unregister_channel({"Channel": str(room.channels.anchor.channel)})
    bring_anchor(room)
    go_on(room)
    assert said(ami) == [Prompt.LOCKED, Prompt.ALL_MUTED]


def test_what_never_reports_its_end_is_given_up(room: Room, ami: ScriptedAmi, clock: Clock) -> None:
    bring_anchor(room)
    turn(room, Switch.LOCKED)
    turn(room, Switch.MUTED_ALL)
    go_on(room)
    clock.now += TIMEOUT_S - 1
    go_on(room)
    assert said(ami) == [Prompt.LOCKED]
    clock.now += 1
    go_on(room)
    assert said(ami) == [Prompt.LOCKED, Prompt.ALL_MUTED]


@pytest.mark.parametrize("action", ["Setvar", "Redirect"])
def test_what_asterisk_refuses_is_not_tried_again_and_blocks_nothing(
    room: Room, ami: ScriptedAmi, action: str
) -> None:
    bring_anchor(room)
    turn(room, Switch.LOCKED)
    ami.refuses = action
    go_on(room)
    assert left_to_say() == []
    ami.refuses = ""
    ami.actions.clear()
    turn(room, Switch.MUTED_ALL)
    go_on(room)
    assert said(ami) == [Prompt.ALL_MUTED]


def test_while_the_anchor_is_on_its_way_everything_for_all_waits_for_it(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.LOCKED)
    come(room, 4)
    for anchor in (None, OwnChannel(None, 0.0)):
        room.channels.anchor = anchor
        go_on(room)
    assert ami.actions == []
    assert left_to_say() == [Prompt.LOCKED, Prompt.HAS_JOINED]


def test_r20_of_a_recording_that_never_captured_nothing_is_said(room: Room, ami: ScriptedAmi) -> None:
    bring_anchor(room)
    turn(room, Switch.RECORDING)
    turn(room, Switch.RECORDING, on=False)
    go_on(room)
    assert ami.actions == []


def test_r7_in_a_pause_arrivals_and_departures_wait_for_its_end(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.PAUSED)
    come(room, 4)
    go(room, 3)
    go_on(room)
    assert ami.actions == []
    assert left_to_say() == [Prompt.HAS_JOINED, Prompt.HAS_LEFT]
    turn(room, Switch.PAUSED, on=False)
    bring_anchor(room)
    for _ in range(3):
        go_on(room)
        room.announcer.finished()
    assert said(ami) == [
        Prompt.RESUMED,
        f"{Prompt.SOMEBODY}&{Prompt.HAS_JOINED}",
        f"{Prompt.SOMEBODY}&{Prompt.HAS_LEFT}",
    ]


def test_r8_with_nobody_there_to_hear_it_who_left_is_not_said(room: Room, ami: ScriptedAmi) -> None:
    go(room, 2)
    go(room, 3)
    assert left_to_say() == [Prompt.HAS_LEFT, Prompt.HAS_LEFT]
    go_on(room)
    assert ami.actions == []
    assert left_to_say() == []


def test_r21_at_the_end_nothing_is_said_of_who_came(room: Room, ami: ScriptedAmi) -> None:
    come(room, 4)
    control.end(conference(room), OUTSIDE, NOW)
    go_on(room)
    assert ami.actions == []
    assert left_to_say() == []


def test_there_is_work_while_something_for_all_is_being_said_or_waits(room: Room) -> None:
    def has_work() -> Any:
        return room.announcer.has_work(wanted(room))

    bring_anchor(room)
    assert has_work() is False
    control.mute(person(2), True, OUTSIDE, NOW)
    assert has_work() is False, "what is for one alone needs no anchor"
    turn(room, Switch.LOCKED)
    assert has_work() is True
    go_on(room)
    assert left_to_say() == [Prompt.LOCKED], "not over what is whispered to one"
    room.announcer.finished(to=person(2).channel)
    go_on(room)
    assert left_to_say() == []
    assert has_work() is True, "it is being said"
    room.announcer.finished()
    assert has_work() is False
