"""The announcer says one thing after the other: to all through the anchor, else to each (R7, R16 to R21)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agi.announcer import LONGEST
from agi.room import Room, Seat, Technical
from appliance import conferences, control, recordings
from appliance.admission import Role
from appliance.codes import Switch
from appliance.conferences import Person, Wanted
from appliance.control import By
from appliance.models import Announcement, Bridge, Customer, User
from appliance.prompts import Prompt
from tests.agi.rooms import NOW, OUTSIDE, Clock, ScriptedAmi, conference, go, person
from tests.appliance.support import empty_database, example_config

MEDIA = Path("/nonexistent")


@pytest.fixture
def room(tmp_path: Path, ami: ScriptedAmi, clock: Clock) -> Iterator[Room]:
    """A room in English of an administrator 1.1 and the users 1.2 and 1.3; nothing is to be said yet."""
    del clock
    with empty_database(tmp_path):
        customer = Customer.create(name="Démo SARL")
        user = User.create(
            customer=customer, first_name="Alice", last_name="M", email="a@demo.example",
            language="fr", time_zone="Europe/Paris", role="user",
        )  # fmt: skip
        bridge = Bridge.create(user=user, extension="600", pin_hash="x", language="en")
        room = Room(bridge.id, ami, example_config(MEDIA), lambda _: [])  # type: ignore[arg-type]
        for number, role in ((1, Role.ADMIN), (2, Role.USER), (3, Role.USER)):
            come(room, number, role)
        Announcement.delete().execute()
        yield room


def come(room: Room, number: int, role: Role = Role.USER, name: str = "") -> None:
    conferences.joined(room.bridge_id, Person(f"1.{number}", role, f"+3361{number}", "", None, name), NOW)
    room.people[f"1.{number}"] = Seat(f"PJSIP/trunk-{number}", muted=False)


def captures(room: Room) -> None:
    """The recording that was asked for has begun."""
    recording = conference(room).recording()
    assert recording is not None
    recordings.runs(recording.id, NOW)


def turn(room: Room, switch: Switch, on: bool = True, by: By = OUTSIDE) -> None:
    control.turn(conference(room), switch, on, by, NOW)


def wanted(room: Room) -> Wanted:
    found = conferences.wanted(room.bridge_id)
    assert found is not None
    return found


def bring_anchor(room: Room) -> None:
    room.anchor = Technical(f"Local/{room.bridge_id}@pont-anchor-00000001;2", 0.0)


def go_on(room: Room) -> None:
    room.announcer.go_on(wanted(room))


def said(ami: ScriptedAmi) -> list[str]:
    """What the anchor was sent to say."""
    return [action["Value"] for action in ami.actions if action.get("Variable") == "PONT_SAY"]


def whispered(ami: ScriptedAmi) -> list[tuple[str, str]]:
    """What was whispered, and to which channel."""
    calls = [
        dict(variable.partition("=")[::2] for variable in action["Variable"].split(","))
        for action in ami.actions
        if action["Action"] == "Originate"
    ]
    return [(call["PONT_TO"], call["PONT_SAY"]) for call in calls]


def left_to_say() -> list[str]:
    return [row.prompt for row in Announcement.select().order_by(Announcement.id)]


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
    room.announcer.said()
    go_on(room)
    assert said(ami) == [Prompt.LOCKED, Prompt.ALL_MUTED]
    room.announcer.said()
    go_on(room)
    assert said(ami) == [Prompt.LOCKED, Prompt.ALL_MUTED], "and each once"


def test_r7_what_was_switched_goes_before_who_came(room: Room, ami: ScriptedAmi) -> None:
    bring_anchor(room)
    come(room, 4)
    turn(room, Switch.LOCKED)
    for _ in range(2):
        go_on(room)
        room.announcer.said()
    assert said(ami) == [Prompt.LOCKED, f"{Prompt.SOMEBODY}&{Prompt.HAS_JOINED}"]


def test_r7_a_name_goes_before_what_is_said_of_him(room: Room, ami: ScriptedAmi) -> None:
    bring_anchor(room)
    come(room, 4, name="1-4")
    go_on(room)
    room.announcer.said()
    go(room, 4)
    go_on(room)
    file = MEDIA / "media" / "names" / "1-4"
    assert said(ami) == [f"{file}&{Prompt.HAS_JOINED}", f"{file}&{Prompt.HAS_LEFT}"]


def test_what_was_being_said_when_the_anchor_left_does_not_block_the_next(
    room: Room, ami: ScriptedAmi
) -> None:
    bring_anchor(room)
    turn(room, Switch.LOCKED)
    turn(room, Switch.MUTED_ALL)
    go_on(room)
    assert room.anchor is not None
    room.lose_technical({"Channel": str(room.anchor.channel)})
    bring_anchor(room)
    go_on(room)
    assert said(ami) == [Prompt.LOCKED, Prompt.ALL_MUTED]


def test_what_never_reports_its_end_is_given_up(room: Room, ami: ScriptedAmi, clock: Clock) -> None:
    bring_anchor(room)
    turn(room, Switch.LOCKED)
    turn(room, Switch.MUTED_ALL)
    go_on(room)
    clock.now += LONGEST - 1
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
    for anchor in (None, Technical(None, 0.0)):
        room.anchor = anchor
        go_on(room)
    assert ami.actions == []
    assert left_to_say() == [Prompt.LOCKED, Prompt.HAS_JOINED]


def test_r17_in_a_pause_what_is_switched_is_whispered_to_each(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.PAUSED)
    turn(room, Switch.MUTED_ALL)
    go_on(room)
    assert whispered(ami) == [(f"PJSIP/trunk-{number}", Prompt.ALL_MUTED) for number in (1, 2, 3)]
    assert left_to_say() == []
    go_on(room)
    assert len(whispered(ami)) == 3, "once"


def test_who_pressed_is_not_told_a_second_time_where_each_is_told_alone(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.PAUSED)
    turn(room, Switch.LOCKED, by=By(person(1)))
    go_on(room)
    assert whispered(ami) == [(f"PJSIP/trunk-{number}", Prompt.LOCKED) for number in (2, 3)]


def test_r20_who_pressed_for_a_recording_hears_of_it_with_all_the_others(
    room: Room, ami: ScriptedAmi
) -> None:
    turn(room, Switch.PAUSED)
    turn(room, Switch.RECORDING, by=By(person(1)))
    captures(room)
    turn(room, Switch.RECORDING, on=False, by=By(person(1)))
    for prompt in (Prompt.RECORDING_ON, Prompt.RECORDING_OFF):
        ami.actions.clear()
        go_on(room)
        assert whispered(ami) == [(f"PJSIP/trunk-{number}", prompt) for number in (1, 2, 3)]
        for number in (1, 2, 3):
            room.announcer.said(to=f"1.{number}")


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
        room.announcer.said()
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


def test_r8_who_is_alone_in_a_pause_hears_of_nobody_when_it_ends(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.PAUSED)
    go(room, 2)
    go(room, 3)
    go_on(room)
    assert len(left_to_say()) == 2
    turn(room, Switch.PAUSED, on=False)
    go_on(room)
    assert said(ami) == []
    assert whispered(ami) == [("PJSIP/trunk-1", Prompt.RESUMED)]
    assert left_to_say() == []


def test_r21_at_the_end_nothing_is_said_of_who_came(room: Room, ami: ScriptedAmi) -> None:
    come(room, 4)
    control.end(conference(room), OUTSIDE, NOW)
    go_on(room)
    assert ami.actions == []
    assert left_to_say() == []


@pytest.mark.parametrize("anchor", [True, False])
def test_what_is_for_one_alone_is_whispered_to_him_with_an_anchor_and_without(
    room: Room, ami: ScriptedAmi, anchor: bool
) -> None:
    if anchor:
        bring_anchor(room)
    control.mute(person(2), True, OUTSIDE, NOW)
    go_on(room)
    (call,) = ami.actions
    assert (call["Channel"], call["Exten"]) == ("Local/whisper@pont-whisper/n", "say")
    assert whispered(ami) == [("PJSIP/trunk-2", Prompt.MUTED_BY_ADMIN)]
    assert "PONT_LANGUAGE=en" in call["Variable"]
    assert "PONT_PERSON=1.2" in call["Variable"], "whose end is to be reported"
    assert left_to_say() == []


def test_what_is_for_one_alone_waits_while_the_anchor_speaks(room: Room, ami: ScriptedAmi) -> None:
    bring_anchor(room)
    turn(room, Switch.LOCKED)
    go_on(room)
    control.mute(person(2), True, OUTSIDE, NOW)
    for _ in range(2):
        go_on(room)
    room.announcer.said(to="1.2")
    go_on(room)
    assert whispered(ami) == []
    assert left_to_say() == [Prompt.MUTED_BY_ADMIN]
    room.announcer.said()
    go_on(room)
    assert whispered(ami) == [("PJSIP/trunk-2", Prompt.MUTED_BY_ADMIN)]
    assert left_to_say() == []


@pytest.mark.parametrize("gone", [True, False])
def test_what_waits_for_the_anchor_is_whispered_once_it_is_gone_or_given_up(
    room: Room, ami: ScriptedAmi, clock: Clock, gone: bool
) -> None:
    bring_anchor(room)
    turn(room, Switch.LOCKED)
    go_on(room)
    control.mute(person(2), True, OUTSIDE, NOW)
    if gone:
        room.lose_anchor()
    else:
        clock.now += LONGEST
    go_on(room)
    assert whispered(ami) == [("PJSIP/trunk-2", Prompt.MUTED_BY_ADMIN)]


def test_whispers_to_one_person_come_one_after_the_other_each_once(room: Room, ami: ScriptedAmi) -> None:
    bring_anchor(room)
    for on in (True, False, True):
        control.mute(person(2), on, OUTSIDE, NOW)
    whispers = [
        ("PJSIP/trunk-2", prompt)
        for prompt in (Prompt.MUTED_BY_ADMIN, Prompt.UNMUTED_BY_ADMIN, Prompt.MUTED_BY_ADMIN)
    ]
    for count in (1, 2, 3, 3):
        for _ in range(2):
            go_on(room)
        assert whispered(ami) == whispers[:count]
        for stranger in ("", "1.1", "9.9"):
            room.announcer.said(to=stranger)
            go_on(room)
        assert whispered(ami) == whispers[:count], "not at the end of what others hear"
        room.announcer.said(to="1.2")
    assert left_to_say() == []


def test_one_who_hears_a_whisper_keeps_nobody_else_from_his(room: Room, ami: ScriptedAmi) -> None:
    for number in (2, 3):
        control.mute(person(number), True, OUTSIDE, NOW)
    control.mute(person(2), False, OUTSIDE, NOW)
    control.promote(person(1), OUTSIDE, NOW)  # He is one already.
    control.mute(person(1), True, OUTSIDE, NOW)
    go_on(room)
    assert whispered(ami) == [(f"PJSIP/trunk-{number}", Prompt.MUTED_BY_ADMIN) for number in (2, 3, 1)]
    assert left_to_say() == [Prompt.UNMUTED_BY_ADMIN]


def test_a_whisper_that_never_reports_its_end_is_given_up(room: Room, ami: ScriptedAmi, clock: Clock) -> None:
    for on in (True, False):
        control.mute(person(2), on, OUTSIDE, NOW)
    go_on(room)
    clock.now += LONGEST - 1
    go_on(room)
    assert len(whispered(ami)) == 1
    clock.now += 1
    go_on(room)
    assert whispered(ami)[1:] == [("PJSIP/trunk-2", Prompt.UNMUTED_BY_ADMIN)]


def test_r17_in_a_pause_what_is_for_all_waits_until_none_hears_a_whisper(
    room: Room, ami: ScriptedAmi
) -> None:
    turn(room, Switch.PAUSED)
    control.mute(person(2), True, OUTSIDE, NOW)
    turn(room, Switch.LOCKED)
    turn(room, Switch.MUTED_ALL)
    go_on(room)
    assert whispered(ami) == [("PJSIP/trunk-2", Prompt.MUTED_BY_ADMIN)]
    ami.actions.clear()
    room.announcer.said(to="1.2")
    go_on(room)
    assert whispered(ami) == [(f"PJSIP/trunk-{number}", Prompt.LOCKED) for number in (1, 2, 3)]
    ami.actions.clear()
    for number in (1, 3):
        room.announcer.said(to=f"1.{number}")
        go_on(room)
    assert whispered(ami) == [], "2 hears the last one still"
    room.announcer.said(to="1.2")
    go_on(room)
    assert whispered(ami) == [(f"PJSIP/trunk-{number}", Prompt.ALL_MUTED) for number in (1, 2, 3)]


def test_who_leaves_during_a_whisper_keeps_the_others_from_nothing(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.PAUSED)
    turn(room, Switch.LOCKED)
    turn(room, Switch.MUTED_ALL)
    go_on(room)
    ami.actions.clear()
    go(room, 2)
    for number in (1, 3):
        room.announcer.said(to=f"1.{number}")
    go_on(room)
    assert whispered(ami) == [(f"PJSIP/trunk-{number}", Prompt.ALL_MUTED) for number in (1, 3)]


def test_what_is_for_somebody_whose_channel_is_not_known_goes_to_nobody(room: Room, ami: ScriptedAmi) -> None:
    control.mute(person(2), True, OUTSIDE, NOW)
    room.people.pop("1.2")
    go_on(room)
    assert ami.actions == []
    assert left_to_say() == []


def test_a_whisper_that_asterisk_refuses_keeps_the_others_from_nothing(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.PAUSED)
    turn(room, Switch.LOCKED)
    ami.refuses = "Originate"
    go_on(room)
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
    room.announcer.said(to=person(2).channel)
    go_on(room)
    assert left_to_say() == []
    assert has_work() is True, "it is being said"
    room.announcer.said()
    assert has_work() is False
