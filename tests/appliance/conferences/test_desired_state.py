"""What Asterisk is to make of a conference: who talks, who is muted, who leaves (R8, R9, R15 to R17)."""

from __future__ import annotations

from appliance.conferences import control, presence
from appliance.conferences.presence import WayOut
from appliance.conferences.service_codes import Switch
from appliance.models import (
    Bridge,
    ConferenceRole,
)
from tests.appliance.conferences.conference import (
    NOW,
    OUTSIDE,
    enter,
    leave,
    running,
    turn,
    wanted,
)


def audio(bridge: Bridge) -> tuple[bool, bool]:
    """Whether people hear each other, and whether one person is left alone."""
    state = wanted(bridge)
    return state.audio_open, state.single_participant


def test_r8_and_r9_people_talk_once_it_is_open_and_two_are_in(bridge: Bridge) -> None:
    assert presence.desired_state(bridge.id) is None
    enter(bridge, 1)
    enter(bridge, 2)
    assert audio(bridge) == (False, False), "music until an administrator"
    admin = enter(bridge, 3, ConferenceRole.ADMIN)
    assert audio(bridge) == (True, False)
    leave(1)
    assert wanted(bridge).audio_open is True
    leave(3)
    assert audio(bridge) == (False, True), "music for the one left alone"
    assert (wanted(bridge).conference_id, wanted(bridge).language) == (admin.conference_id, "fr")


def test_r8_who_is_alone_before_the_opening_is_not_alone_in_a_conference(bridge: Bridge) -> None:
    enter(bridge, 1)
    assert audio(bridge) == (False, False)


def test_r17_in_a_pause_nobody_talks_and_afterwards_all_is_as_it_was(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    control.mute(enter(bridge, 2), True, OUTSIDE, NOW)
    before = wanted(bridge)
    turn(bridge, Switch.PAUSED)
    assert audio(bridge) == (False, False)
    assert wanted(bridge).muted == before.muted
    turn(bridge, Switch.PAUSED, on=False)
    assert wanted(bridge) == before
    turn(bridge, Switch.PAUSED)
    leave(2)
    assert audio(bridge) == (False, False), "a pause stays one"


def test_r15_and_r16_who_is_muted_by_themselves_by_an_administrator_and_with_all(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    users = [enter(bridge, number) for number in (2, 3, 4)]
    users[0].muted = True
    users[0].save()
    control.mute(users[1], True, OUTSIDE, NOW)
    own = {"1.1": False, "1.2": True, "1.3": True, "1.4": False}
    assert wanted(bridge).muted == own
    turn(bridge, Switch.MUTED_ALL)
    assert wanted(bridge).muted == own | {"1.4": True}
    enter(bridge, 5)
    assert wanted(bridge).muted["1.5"] is True, "who enters while it is on is muted too"
    control.promote(users[2], OUTSIDE, NOW)
    assert wanted(bridge).muted["1.4"] is False, "an administrator is audible"
    leave(5)
    turn(bridge, Switch.MUTED_ALL, on=False)
    assert wanted(bridge).muted == own


def test_who_was_removed_leaves_and_at_the_end_all_do(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    user = enter(bridge, 2)
    assert (wanted(bridge).leaving, wanted(bridge).closing) == ({}, False)
    control.kick(user, OUTSIDE, NOW)
    assert wanted(bridge).leaving == {"1.2": WayOut.REMOVED}
    assert wanted(bridge).audio_open is True, "as long as they are in"
    control.end(running(bridge), OUTSIDE, NOW)
    after = wanted(bridge)
    assert after.leaving == {"1.1": WayOut.ENDED, "1.2": WayOut.ENDED}
    assert (after.closing, after.audio_open, after.single_participant) == (True, False, False)
    leave(1)
    assert (wanted(bridge).closing, wanted(bridge).single_participant) == (True, False)
