"""A room makes of a conference in Asterisk what the database says, and heals what was refused (R8 to R21)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agi.room import AGAIN, PATIENCE, RECORDER_PATIENCE, Room, Seat, Technical
from appliance import conferences, control
from appliance.admission import Role
from appliance.codes import Switch
from appliance.conferences import Person
from appliance.control import By
from appliance.models import Announcement, Bridge, Conference, Customer, Participation, Recording, User
from appliance.prompts import Prompt
from tests.agi.test_listener import ScriptedAmi
from tests.appliance.support import empty_database, example_config

MEDIA = Path("/nonexistent")
NOW = 1_700_000_000.0
OUTSIDE = By(actor="command line (root)")


class Clock:
    """Stands for time.monotonic()."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock)
    return clock


@pytest.fixture
def ami() -> ScriptedAmi:
    return ScriptedAmi()


@pytest.fixture
def on_their_way() -> list[str]:
    """Channels of callers who are not in yet."""
    return []


@pytest.fixture
def room(tmp_path: Path, ami: ScriptedAmi, clock: Clock, on_their_way: list[str]) -> Iterator[Room]:
    """A room with its anchor, an administrator 1.1 and a user 1.2; nobody is announced."""
    del clock
    with empty_database(tmp_path):
        customer = Customer.create(name="Démo SARL")
        user = User.create(
            customer=customer, first_name="Alice", last_name="M", email="a@demo.example",
            language="fr", time_zone="Europe/Paris", role="user",
        )  # fmt: skip
        bridge = Bridge.create(user=user, extension="600", pin_hash="x", language="fr", announce=False)
        room = Room(
            bridge.id,
            ami,  # type: ignore[arg-type]
            example_config(MEDIA),
            lambda bridge_id: on_their_way if bridge_id == bridge.id else [],
        )
        come(room, 1, Role.ADMIN)
        come(room, 2)
        room.take_technical({"Channel": anchor(room)})
        yield room


def anchor(room: Room) -> str:
    return f"Local/{room.bridge_id}@pont-anchor-00000001;2"


def recorder(room: Room, recording: int) -> str:
    return f"Local/{room.bridge_id}-{recording}@pont-recorder-00000002;2"


def come(room: Room, number: int, role: Role = Role.USER, *, muted: bool = False) -> Seat:
    conferences.joined(room.bridge_id, Person(f"1.{number}", role, f"+3361{number}", "", None), NOW)
    room.people[f"1.{number}"] = Seat(f"PJSIP/trunk-{number}", muted)
    return room.people[f"1.{number}"]


def go(room: Room, number: int) -> None:
    conferences.left(f"1.{number}", NOW)
    room.people.pop(f"1.{number}")


def person(number: int) -> Participation:
    row: Participation = Participation.get(Participation.channel == f"1.{number}")
    return row


def conference(room: Room) -> Conference:
    running = Conference.running(room.bridge_id)
    assert running is not None
    return running


def turn(room: Room, switch: Switch, on: bool = True) -> None:
    """Switch something without a word about it."""
    control.turn(conference(room), switch, on, OUTSIDE, NOW)
    Announcement.delete().execute()


def record(room: Room) -> int:
    turn(room, Switch.RECORDING)
    row = conference(room).recording()
    assert row is not None
    return int(row.id)


def did(room: Room, ami: ScriptedAmi) -> list[dict[str, str]]:
    """What one `settle` asks of Asterisk."""
    ami.actions.clear()
    room.settle()
    return list(ami.actions)


def names(actions: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(action["Action"], action["Channel"]) for action in actions]


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
    room.settle()
    come(room, 3, muted=True)
    assert did(room, ami) == []
    come(room, 4, Role.ADMIN, muted=True)
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
        {
            "Action": "Redirect",
            "Channel": f"PJSIP/trunk-{number}",
            "Context": "pont",
            "Exten": "ended",
            "Priority": "1",
        }
        for number in (1, 2)
    ]
    first = did(room, ami)
    assert first[:2] == sent
    assert names(first[2:]) == [("Hangup", anchor(room))]
    clock.now += AGAIN
    assert did(room, ami) == []
    clock.now += 0.1
    go(room, 1)
    assert did(room, ami) == sent[1:], "whoever is still in"
    assert did(room, ami) == []


def test_who_was_removed_is_sent_away_alone_and_again_after_a_while(
    room: Room, ami: ScriptedAmi, clock: Clock
) -> None:
    come(room, 3)
    control.kick(person(2), OUTSIDE, NOW)
    (sent,) = did(room, ami)
    assert (sent["Action"], sent["Channel"], sent["Exten"]) == ("Redirect", "PJSIP/trunk-2", "removed")
    assert did(room, ami) == []
    clock.now += AGAIN + 0.1
    assert did(room, ami) == [sent]
    go(room, 2)
    clock.now += AGAIN + 0.1
    assert did(room, ami) == []


def test_who_cannot_be_sent_away_keeps_nobody_else_in(room: Room, ami: ScriptedAmi) -> None:
    ami.refuses = "Redirect"
    control.end(conference(room), OUTSIDE, NOW)
    assert names(did(room, ami)) == [("Hangup", anchor(room))]
    assert [seat.sent_away for seat in room.people.values()] == [1000.0, 1000.0]


def test_r21_callers_on_their_way_in_are_sent_away_at_the_end_and_later_ones_as_well(
    room: Room, ami: ScriptedAmi, clock: Clock, on_their_way: list[str]
) -> None:
    on_their_way.append("PJSIP/trunk-8")
    assert did(room, ami) == [], "not before"
    control.kick(person(2), OUTSIDE, NOW)
    assert ("Redirect", "PJSIP/trunk-8") not in names(did(room, ami)), "nor when one is removed"
    control.end(conference(room), OUTSIDE, NOW)
    sent = [action for action in did(room, ami) if action["Channel"] == "PJSIP/trunk-8"]
    assert [(action["Action"], action["Exten"]) for action in sent] == [("Redirect", "ended")]
    on_their_way[:] = ["PJSIP/trunk-9"]
    assert did(room, ami) == [], "not asked for at every event"
    clock.now += AGAIN + 0.1
    assert ("Redirect", "PJSIP/trunk-9") in names(did(room, ami))


def test_r8_an_anchor_is_called_when_two_are_in_and_again_when_it_does_not_come(
    room: Room, ami: ScriptedAmi, clock: Clock
) -> None:
    room.anchor = None
    (call,) = did(room, ami)
    assert (call["Action"], call["Channel"], call["Exten"]) == (
        "Originate",
        f"Local/{room.bridge_id}@pont-anchor/n",
        "hold",
    )
    assert f"PONT_BRIDGE={room.bridge_id}" in call["Variable"]
    clock.now += PATIENCE
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
    room.announcer.said()
    assert names(did(room, ami)) == [("Hangup", anchor(room))]


def test_r8_with_nothing_to_say_to_one_who_is_left_alone_the_anchor_leaves_at_once(
    room: Room, ami: ScriptedAmi
) -> None:
    go(room, 2)
    assert names(did(room, ami)) == [("Hangup", anchor(room))]


def test_r8_who_comes_during_the_last_word_finds_the_anchor_still_there(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.ANNOUNCING)
    go(room, 2)
    room.settle()
    turn(room, Switch.ANNOUNCING, on=False)
    come(room, 3)
    room.announcer.said()
    assert did(room, ami) == []


def test_an_anchor_without_conference_is_hung_up(room: Room, ami: ScriptedAmi) -> None:
    go(room, 2)
    go(room, 1)
    assert not room.empty
    assert names(did(room, ami)) == [("Hangup", anchor(room))]
    assert room.empty


def test_r20_a_recorder_is_called_runs_once_it_is_in_and_is_hung_up_at_the_end(
    room: Room, ami: ScriptedAmi
) -> None:
    recording = record(room)
    (call,) = did(room, ami)
    assert (call["Action"], call["Channel"], call["Exten"]) == (
        "Originate",
        f"Local/{room.bridge_id}-{recording}@pont-recorder/n",
        "record",
    )
    assert f"PONT_FILE={MEDIA}/media/recordings/{recording}.wav16" in call["Variable"]
    assert Recording.get_by_id(recording).state == "starting"
    assert did(room, ami) == [], "one is enough"
    assert room.take_technical({"Channel": recorder(room, recording)})
    room.settle()
    assert Recording.get_by_id(recording).state == "recording"
    assert did(room, ami) == []
    turn(room, Switch.RECORDING, on=False)
    assert names(did(room, ami)) == [("Hangup", recorder(room, recording))]
    assert Recording.get_by_id(recording).state == "waiting"
    assert did(room, ami) == []


def test_r20_everybody_is_told_that_it_records_as_soon_as_it_does(room: Room, ami: ScriptedAmi) -> None:
    recording = record(room)
    room.settle()
    room.take_technical({"Channel": recorder(room, recording)})
    assert next(action.get("Value") for action in did(room, ami)) == Prompt.RECORDING_ON


def test_r20_off_and_on_again_is_another_recorder_with_another_file(room: Room, ami: ScriptedAmi) -> None:
    first = record(room)
    room.settle()
    room.take_technical({"Channel": recorder(room, first)})
    room.settle()
    turn(room, Switch.RECORDING, on=False)
    second = record(room)
    assert names(did(room, ami))[:2] == [
        ("Hangup", recorder(room, first)),
        ("Originate", f"Local/{room.bridge_id}-{second}@pont-recorder/n"),
    ]


def test_r20_a_recording_whose_recorder_does_not_come_has_failed_and_administrators_are_told(
    room: Room, ami: ScriptedAmi, clock: Clock
) -> None:
    recording = record(room)
    room.settle()
    clock.now += RECORDER_PATIENCE
    assert did(room, ami) == []
    clock.now += 0.1
    (whisper,) = did(room, ami)
    assert Recording.get_by_id(recording).state == "failed"
    assert "PONT_TO=PJSIP/trunk-1" in whisper["Variable"]
    assert f"PONT_SAY={Prompt.RECORDING_FAILED}" in whisper["Variable"]
    assert did(room, ami) == []
    assert record(room) != recording
    assert [action["Action"] for action in did(room, ami)] == ["Originate"], "it can be tried again"


def called(actions: list[dict[str, str]]) -> list[str]:
    return [action["Channel"] for action in actions if action["Action"] == "Originate"]


def test_r20_a_recorder_on_its_way_for_another_recording_goes_as_soon_as_it_is_there(
    room: Room, ami: ScriptedAmi
) -> None:
    first = record(room)
    room.settle()
    turn(room, Switch.RECORDING, on=False)
    second = record(room)
    for _ in range(2):
        assert did(room, ami) == [], "it is waited for"
    room.take_technical({"Channel": recorder(room, first)})
    assert names(did(room, ami)) == [
        ("Hangup", recorder(room, first)),
        ("Originate", f"Local/{room.bridge_id}-{second}@pont-recorder/n"),
    ]
    room.lose_technical({"Channel": recorder(room, first)})
    room.take_technical({"Channel": recorder(room, second)})
    assert called(did(room, ami)) == []
    assert [row.state for row in Recording.select().order_by(Recording.id)] == ["waiting", "recording"]


def test_r20_a_recorder_for_another_recording_that_does_not_come_is_dropped_and_fails_nothing(
    room: Room, ami: ScriptedAmi, clock: Clock
) -> None:
    first = record(room)
    room.settle()
    turn(room, Switch.RECORDING, on=False)
    second = record(room)
    clock.now += RECORDER_PATIENCE
    assert did(room, ami) == []
    clock.now += 0.1
    assert called(did(room, ami)) == [f"Local/{room.bridge_id}-{second}@pont-recorder/n"]
    clock.now += RECORDER_PATIENCE
    assert did(room, ami) == [], "it has all the time that any has"
    assert {row.id: row.state for row in Recording.select()} == {first: "waiting", second: "starting"}
    room.take_technical({"Channel": recorder(room, second)})
    room.settle()
    assert Recording.get_by_id(second).state == "recording"


def test_r20_a_recorder_on_its_way_when_nothing_is_to_be_recorded_any_more_is_not_forgotten(
    room: Room, ami: ScriptedAmi, clock: Clock
) -> None:
    recording = record(room)
    room.settle()
    turn(room, Switch.RECORDING, on=False)
    assert did(room, ami) == []
    assert room.recorder is not None
    room.take_technical({"Channel": recorder(room, recording)})
    assert names(did(room, ami)) == [("Hangup", recorder(room, recording))]
    record(room)
    room.settle()
    turn(room, Switch.RECORDING, on=False)
    clock.now += RECORDER_PATIENCE + 0.1
    assert did(room, ami) == []
    assert room.recorder is None, "nor waited for without end"


def test_r20_a_recorder_lost_in_a_conference_that_is_over_leaves_an_empty_room(
    room: Room, ami: ScriptedAmi, clock: Clock
) -> None:
    record(room)
    room.settle()
    for number in (1, 2):
        go(room, number)
    did(room, ami)
    assert not room.empty, "a recorder may come yet"
    clock.now += RECORDER_PATIENCE + 0.1
    assert did(room, ami) == []
    assert room.empty


def test_of_two_anchors_that_came_the_older_is_hung_up(room: Room, ami: ScriptedAmi) -> None:
    older, newer = anchor(room), f"Local/{room.bridge_id}@pont-anchor-00000005;2"
    assert room.take_technical({"Channel": older})
    assert ami.actions == [], "one that is listed again is the same"
    assert room.take_technical({"Channel": newer})
    assert ami.actions == [{"Action": "Hangup", "Channel": older}]
    assert room.lose_technical({"Channel": older})
    assert room.anchor is not None
    assert room.anchor.channel == newer
    assert did(room, ami) == []


def test_of_two_recorders_that_came_the_older_is_hung_up(room: Room, ami: ScriptedAmi) -> None:
    recording = record(room)
    room.settle()
    older, newer = recorder(room, recording), f"Local/{room.bridge_id}-{recording}@pont-recorder-00000005;2"
    room.take_technical({"Channel": older})
    room.settle()
    Announcement.delete().execute()
    room.announcer.said()
    ami.actions.clear()
    room.take_technical({"Channel": older})
    assert ami.actions == []
    room.take_technical({"Channel": newer})
    assert ami.actions == [{"Action": "Hangup", "Channel": older}]
    room.lose_technical({"Channel": older})
    assert did(room, ami) == []
    assert Recording.get_by_id(recording).state == "recording"


def test_an_older_anchor_that_is_gone_already_keeps_the_newer_from_nothing(
    room: Room, ami: ScriptedAmi
) -> None:
    ami.refuses = "Hangup"
    newer = f"Local/{room.bridge_id}@pont-anchor-00000005;2"
    assert room.take_technical({"Channel": newer})
    assert room.anchor is not None
    assert room.anchor.channel == newer


def test_r20_a_recorder_that_is_lost_is_called_again_for_the_same_recording(
    room: Room, ami: ScriptedAmi
) -> None:
    recording = record(room)
    room.take_technical({"Channel": recorder(room, recording)})
    room.settle()
    assert room.lose_technical({"Channel": recorder(room, recording)})
    assert names(did(room, ami)) == [
        ("Originate", f"Local/{room.bridge_id}-{recording}@pont-recorder/n"),
    ]


def test_r20_a_recorder_found_after_a_restart_records_on_or_is_hung_up(room: Room, ami: ScriptedAmi) -> None:
    recording = record(room)
    room.take_technical({"Channel": recorder(room, recording)})
    assert [call for call in did(room, ami) if call["Action"] in ("Originate", "Hangup")] == []
    Announcement.delete().execute()
    room.announcer.said()
    room.recorder = None
    room.take_technical({"Channel": recorder(room, recording + 1)})
    assert names(did(room, ami)) == [
        ("Hangup", recorder(room, recording + 1)),
        ("Originate", f"Local/{room.bridge_id}-{recording}@pont-recorder/n"),
    ], "one that records something else"


def test_r21_at_the_end_the_recorder_is_hung_up(room: Room, ami: ScriptedAmi) -> None:
    recording = record(room)
    room.take_technical({"Channel": recorder(room, recording)})
    room.settle()
    control.end(conference(room), OUTSIDE, NOW)
    assert ("Hangup", recorder(room, recording)) in names(did(room, ami))
    assert Recording.get_by_id(recording).state == "waiting"


@pytest.mark.parametrize(
    "channel",
    ["PJSIP/trunk-1", "CBAnn/bridge-1-0001;2", "Local/x@pont-whisper-1;2", "PJSIP/1@pont-anchor-1"],
)
def test_a_channel_that_is_not_ours_is_neither_anchor_nor_recorder(room: Room, channel: str) -> None:
    before: tuple[Any, Any] = (room.anchor, room.recorder)
    event = {"Channel": channel}
    assert (room.take_technical(event), room.lose_technical(event)) == (False, False)
    assert (room.anchor, room.recorder) == before


def test_the_leaving_of_an_older_anchor_does_not_lose_the_new_one(room: Room) -> None:
    assert room.lose_technical({"Channel": f"Local/{room.bridge_id}@pont-anchor-00000000;2"})
    assert room.anchor == Technical(anchor(room), 1000.0)
