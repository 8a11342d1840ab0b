"""What one person is to hear, or all in a pause, is whispered to each, to nobody twice (R7, R16 to R21)."""

from __future__ import annotations

import pytest

from agi.announcer import TIMEOUT_S
from agi.room import Room
from appliance.conferences import control
from appliance.conferences.control import By
from appliance.conferences.service_codes import Switch
from appliance.recordings import lifecycle
from appliance.speech.prompts import Prompt
from tests.agi.announcer.speech import bring_anchor, go_on, left_to_say, said, turn, whispered
from tests.agi.rooms import NOW, OUTSIDE, Clock, ScriptedAmi, conference, go, person


def captures(room: Room) -> None:
    """The recording that was asked for has begun."""
    recording = conference(room).recording()
    assert recording is not None
    lifecycle.mark_running(recording.id, NOW)


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
            room.announcer.finished(to=f"1.{number}")


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


@pytest.mark.parametrize("anchor", [True, False])
def test_what_is_for_one_alone_is_whispered_to_them_with_an_anchor_and_without(
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
    room.announcer.finished(to="1.2")
    go_on(room)
    assert whispered(ami) == []
    assert left_to_say() == [Prompt.MUTED_BY_ADMIN]
    room.announcer.finished()
    go_on(room)
    assert whispered(ami) == [("PJSIP/trunk-2", Prompt.MUTED_BY_ADMIN)]
    assert left_to_say() == []


@pytest.mark.parametrize("anchor", [True, False])
def test_what_is_for_one_alone_waits_while_their_code_is_answered(
    room: Room, ami: ScriptedAmi, anchor: bool
) -> None:
    if anchor:
        bring_anchor(room)
    room.announcer.suspend("1.2")
    for number in (2, 3):
        control.mute(person(number), True, OUTSIDE, NOW)
    room.announcer.resume("1.3")
    go_on(room)
    assert whispered(ami) == [("PJSIP/trunk-3", Prompt.MUTED_BY_ADMIN)]
    room.announcer.resume("1.2")
    go_on(room)
    assert whispered(ami)[1:] == [("PJSIP/trunk-2", Prompt.MUTED_BY_ADMIN)]


def test_who_keys_code_after_code_is_told_all_the_same(room: Room, ami: ScriptedAmi, clock: Clock) -> None:
    room.announcer.suspend("1.2")
    control.mute(person(2), True, OUTSIDE, NOW)
    clock.now += TIMEOUT_S - 1
    room.announcer.suspend("1.2")
    go_on(room)
    assert whispered(ami) == []
    clock.now += 1
    go_on(room)
    assert whispered(ami) == [("PJSIP/trunk-2", Prompt.MUTED_BY_ADMIN)]


def test_what_all_hear_from_the_anchor_waits_for_nobodys_code(room: Room, ami: ScriptedAmi) -> None:
    bring_anchor(room)
    room.announcer.suspend("1.2")
    turn(room, Switch.LOCKED)
    go_on(room)
    assert said(ami) == [Prompt.LOCKED]


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
        clock.now += TIMEOUT_S
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
            room.announcer.finished(to=stranger)
            go_on(room)
        assert whispered(ami) == whispers[:count], "not at the end of what others hear"
        room.announcer.finished(to="1.2")
    assert left_to_say() == []


def test_one_who_hears_a_whisper_keeps_nobody_else_from_theirs(room: Room, ami: ScriptedAmi) -> None:
    for number in (2, 3):
        control.mute(person(number), True, OUTSIDE, NOW)
    control.mute(person(2), False, OUTSIDE, NOW)
    control.promote(person(1), OUTSIDE, NOW)  # They are one already.
    control.mute(person(1), True, OUTSIDE, NOW)
    go_on(room)
    assert whispered(ami) == [(f"PJSIP/trunk-{number}", Prompt.MUTED_BY_ADMIN) for number in (2, 3, 1)]
    assert left_to_say() == [Prompt.UNMUTED_BY_ADMIN]


def test_a_whisper_that_never_reports_its_end_is_given_up(room: Room, ami: ScriptedAmi, clock: Clock) -> None:
    for on in (True, False):
        control.mute(person(2), on, OUTSIDE, NOW)
    go_on(room)
    clock.now += TIMEOUT_S - 1
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
    room.announcer.finished(to="1.2")
    go_on(room)
    assert whispered(ami) == [(f"PJSIP/trunk-{number}", Prompt.LOCKED) for number in (1, 2, 3)]
    ami.actions.clear()
    for number in (1, 3):
        room.announcer.finished(to=f"1.{number}")
        go_on(room)
    assert whispered(ami) == [], "2 hears the last one still"
    room.announcer.finished(to="1.2")
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
        room.announcer.finished(to=f"1.{number}")
    go_on(room)
    assert whispered(ami) == [(f"PJSIP/trunk-{number}", Prompt.ALL_MUTED) for number in (1, 3)]


def test_what_is_for_somebody_whose_channel_is_not_known_goes_to_nobody(room: Room, ami: ScriptedAmi) -> None:
    control.mute(person(2), True, OUTSIDE, NOW)
    room.channels.people.pop("1.2")
    go_on(room)
    assert ami.actions == []
    assert left_to_say() == []


def test_a_whisper_that_asterisk_refuses_keeps_the_others_from_nothing(room: Room, ami: ScriptedAmi) -> None:
    turn(room, Switch.PAUSED)
    turn(room, Switch.LOCKED)
    ami.refuses = "Originate"
    go_on(room)
    assert left_to_say() == []
