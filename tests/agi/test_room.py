"""A room makes of a conference in Asterisk what the database says, and heals what was refused (R8 to R21)."""

from __future__ import annotations

from typing import Any

import pytest

from agi.channels import OwnChannel
from agi.room import ARRIVAL_TIMEOUT_S, REDIRECT_RETRY_DELAY_S, Room
from appliance.conferences import control
from appliance.conferences.service_codes import Switch
from appliance.models import Announcement, ConferenceRole
from appliance.speech.prompts import Prompt
from tests.agi.rooms import (
    NOW,
    OUTSIDE,
    Clock,
    ScriptedAmi,
    anchor,
    come,
    conference,
    did,
    go,
    names,
    person,
    turn,
)  # fmt: skip


def test_what_is_as_it_should_be_is_left_alone(room: Room, ami: ScriptedAmi) -> None:
    for _ in range(3):
        assert did(room, ami) == []


def test_r16_mutes_follow_the_database_and_each_is_asked_for_once(room: Room, ami: ScriptedAmi) -> None:
    come(room, 3)
    turn(room, Switch.MUTED_ALL)
    name = f"bridge-{room.bridge_id}"
    assert did(room, ami) == [
        {"Action": "ConfbridgeMute", "Conference": name, "Channel": f"PJSIP/trunk-{number}"}
        for number in (2, 3)
    ]
    assert did(room, ami) == []
    turn(room, Switch.MUTED_ALL, on=False)
    assert did(room, ami) == [
        {"Action": "ConfbridgeUnmute", "Conference": name, "Channel": f"PJSIP/trunk-{number}"}
        for number in (2, 3)
    ]


def test_r16_who_entered_muted_already_is_not_muted_again_and_who_should_not_be_speaks(
    room: Room, ami: ScriptedAmi
) -> None:
    turn(room, Switch.MUTED_ALL)
    room.reconcile()
    come(room, 3, muted=True)
    assert did(room, ami) == []
    come(room, 4, ConferenceRole.ADMIN, muted=True)
    assert names(did(room, ami)) == [("ConfbridgeUnmute", "PJSIP/trunk-4")]


def test_r15_ones_own_mute_and_an_administrators_reach_asterisk(room: Room, ami: ScriptedAmi) -> None:
    control.press("1.1", "2", None, b"", NOW)
    control.mute(person(2), True, OUTSIDE, NOW)
    Announcement.delete().execute()
    assert names(did(room, ami)) == [
        ("ConfbridgeMute", "PJSIP/trunk-1"),
        ("ConfbridgeMute", "PJSIP/trunk-2"),
    ]


def test_a_mute_that_asterisk_refused_is_asked_for_again(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.MUTED_ALL)
    ami.refuses = "ConfbridgeMute"
    assert did(room, ami) == []
    ami.refuses = ""
    assert names(did(room, ami)) == [("ConfbridgeMute", "PJSIP/trunk-2")]


def test_r21_at_the_end_each_is_sent_to_its_word_once_and_again_after_a_while(
    room: Room, ami: ScriptedAmi, clock: Clock
) -> None:
    control.end(conference(room), OUTSIDE, NOW)
    sent = [
        [
            {"Action": "Setvar", "Channel": channel, "Variable": "PONT_OUT", "Value": "ended"},
            {
                "Action": "Redirect",
                "Channel": channel,
                "Context": "pont",
                "Exten": "ended",
                "Priority": "1",
            },
        ]
        for channel in ("PJSIP/trunk-1", "PJSIP/trunk-2")
    ]
    first = did(room, ami)
    assert first[:4] == sent[0] + sent[1]
    assert names(first[4:]) == [("Hangup", anchor(room))]
    clock.now += REDIRECT_RETRY_DELAY_S
    assert did(room, ami) == []
    clock.now += 0.1
    go(room, 1)
    assert did(room, ami) == sent[1], "whoever is still in"
    assert did(room, ami) == []


def test_who_was_removed_is_sent_away_alone_and_again_after_a_while(
    room: Room, ami: ScriptedAmi, clock: Clock
) -> None:
    come(room, 3)
    control.kick(person(2), OUTSIDE, NOW)
    sent = did(room, ami)
    assert [(action["Action"], action["Channel"]) for action in sent] == [
        ("Setvar", "PJSIP/trunk-2"),
        ("Redirect", "PJSIP/trunk-2"),
    ]
    assert (sent[0]["Value"], sent[1]["Exten"]) == ("removed", "removed")
    assert did(room, ami) == []
    clock.now += REDIRECT_RETRY_DELAY_S + 0.1
    assert did(room, ami) == sent
    go(room, 2)
    clock.now += REDIRECT_RETRY_DELAY_S + 0.1
    assert did(room, ami) == []


@pytest.mark.parametrize("action", ["Setvar", "Redirect"])
def test_who_cannot_be_sent_away_keeps_nobody_else_in(room: Room, ami: ScriptedAmi, action: str) -> None:
    ami.refuses = action
    control.end(conference(room), OUTSIDE, NOW)
    assert names(did(room, ami))[-1] == ("Hangup", anchor(room))
    assert [seat.sent_away for seat in room.channels.people.values()] == [1000.0, 1000.0]


def test_r21_callers_on_their_way_in_are_sent_away_at_the_end_and_later_ones_as_well(
    room: Room, ami: ScriptedAmi, clock: Clock, on_their_way: list[str]
) -> None:
    on_their_way.append("PJSIP/trunk-8")
    assert did(room, ami) == [], "not before"
    control.kick(person(2), OUTSIDE, NOW)
    assert ("Redirect", "PJSIP/trunk-8") not in names(did(room, ami)), "nor when one is removed"
    control.end(conference(room), OUTSIDE, NOW)
    sent = [action for action in did(room, ami) if action["Channel"] == "PJSIP/trunk-8"]
    assert [action["Action"] for action in sent] == ["Setvar", "Redirect"]
    assert [action["Exten"] for action in sent[1:]] == ["ended"]
    on_their_way[:] = ["PJSIP/trunk-9"]
    assert did(room, ami) == [], "not asked for at every event"
    clock.now += REDIRECT_RETRY_DELAY_S + 0.1
    assert ("Redirect", "PJSIP/trunk-9") in names(did(room, ami))


def test_r8_an_anchor_is_called_when_two_are_in_and_again_when_it_does_not_come(
    room: Room, ami: ScriptedAmi, clock: Clock
) -> None:
    room.channels.anchor = None
    (call,) = did(room, ami)
    assert (call["Action"], call["Channel"], call["Exten"]) == (
        "Originate",
        f"Local/{room.bridge_id}@pont-anchor/n",
        "hold",
    )
    assert f"PONT_BRIDGE={room.bridge_id}" in call["Variable"]
    clock.now += ARRIVAL_TIMEOUT_S
    assert did(room, ami) == []
    clock.now += 0.1
    assert [action["Action"] for action in did(room, ami)] == ["Originate"]


def test_r17_a_pause_hangs_the_anchor_up_and_its_end_calls_another(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.PAUSED)
    assert names(did(room, ami)) == [("Hangup", anchor(room))]
    assert did(room, ami) == []
    turn(room, Switch.PAUSED, on=False)
    assert [action["Action"] for action in did(room, ami)] == ["Originate"]


def test_r8_the_anchor_stays_for_the_last_word_to_one_who_is_left_alone(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.ANNOUNCING)
    go(room, 2)
    said = did(room, ami)
    assert [action["Action"] for action in said] == ["Setvar", "Setvar", "Redirect"]
    assert said[0]["Value"] == f"{Prompt.SOMEBODY}&{Prompt.HAS_LEFT}"
    assert did(room, ami) == [], "until it has been said"
    room.announcer.finished()
    assert names(did(room, ami)) == [("Hangup", anchor(room))]


def test_r8_with_nothing_to_say_to_one_who_is_left_alone_the_anchor_leaves_at_once(
    room: Room, ami: ScriptedAmi
) -> None:
    go(room, 2)
    assert names(did(room, ami)) == [("Hangup", anchor(room))]


def test_r8_who_comes_during_the_last_word_finds_the_anchor_still_there(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.ANNOUNCING)
    go(room, 2)
    room.reconcile()
    turn(room, Switch.ANNOUNCING, on=False)
    come(room, 3)
    room.announcer.finished()
    assert did(room, ami) == []


def test_an_anchor_without_conference_is_hung_up(room: Room, ami: ScriptedAmi) -> None:
    go(room, 2)
    go(room, 1)
    assert not room.empty
    assert names(did(room, ami)) == [("Hangup", anchor(room))]
    assert room.empty


def test_of_two_anchors_that_came_the_older_is_hung_up(room: Room, ami: ScriptedAmi) -> None:
    older, newer = anchor(room), f"Local/{room.bridge_id}@pont-anchor-00000005;2"
    assert room.register_channel({"Channel": older})
    assert ami.actions == [], "one that is listed again is the same"
    assert room.register_channel({"Channel": newer})
    assert ami.actions == [{"Action": "Hangup", "Channel": older}]
    assert room.unregister_channel({"Channel": older})
    assert room.channels.anchor is not None
    assert room.channels.anchor.channel == newer
    assert did(room, ami) == []


def test_an_older_anchor_that_is_gone_already_keeps_the_newer_from_nothing(
    room: Room, ami: ScriptedAmi
) -> None:
    ami.refuses = "Hangup"
    newer = f"Local/{room.bridge_id}@pont-anchor-00000005;2"
    assert room.register_channel({"Channel": newer})
    assert room.channels.anchor is not None
    assert room.channels.anchor.channel == newer


@pytest.mark.parametrize(
    "channel",
    ["PJSIP/trunk-1", "CBAnn/bridge-1-0001;2", "Local/x@pont-whisper-1;2", "PJSIP/1@pont-anchor-1"],
)
def test_a_channel_that_is_not_ours_is_neither_anchor_nor_recorder(room: Room, channel: str) -> None:
    before: tuple[Any, Any] = (room.channels.anchor, room.recorder.take)
    event = {"Channel": channel}
    assert (room.register_channel(event), room.unregister_channel(event)) == (False, False)
    assert (room.channels.anchor, room.recorder.take) == before


def test_the_leaving_of_an_older_anchor_does_not_lose_the_new_one(room: Room) -> None:
    assert room.unregister_channel({"Channel": f"Local/{room.bridge_id}@pont-anchor-00000000;2"})
    assert room.channels.anchor == OwnChannel(anchor(room), 1000.0)
