"""Who is in a conference, from their first moment to the last (R7, R20)."""

from __future__ import annotations

import pytest

from appliance.conferences import control, presence
from appliance.conferences.service_codes import Switch
from appliance.models import (
    Announcement,
    Bridge,
    Conference,
    ConferenceRole,
    HistoryEntry,
    Participation,
    Recording,
)
from appliance.speech.prompts import Prompt
from tests.appliance.conferences.conference import (
    NOW,
    OUTSIDE,
    announced,
    enter,
    heard,
    leave,
    running,
    somebody,
    turn,
    wanted,
)
from tests.appliance.people import add_phone


def test_who_enters_is_kept_with_their_phone_and_their_spoken_name_and_noted(bridge: Bridge) -> None:
    add_phone("alice@demo.example", "101")
    presence.record_join(bridge.id, somebody(1, ConferenceRole.ADMIN, "101", "1-1"), NOW)
    presence.record_join(bridge.id, somebody(2, phone="999"), NOW)
    first, second = running(bridge).people()
    assert (first.phone.username, first.spoken_name, first.name) == ("101", "1-1", "Caller 1")
    assert (second.phone, second.spoken_name, second.caller) == (None, "", "+33612")
    leave(2)
    rows = HistoryEntry.select().order_by(HistoryEntry.id)
    assert [(row.event, row.participation.channel, row.effect) for row in rows] == [
        ("entered", "1.1", "as_admin"),
        ("entered", "1.2", "as_user"),
        ("left", "1.2", ""),
    ]


def test_a_channel_comes_once_and_goes_once(bridge: Bridge) -> None:
    for _ in range(2):
        enter(bridge, 1, ConferenceRole.ADMIN)
    enter(bridge, 2)
    for moment in (NOW + 1, NOW + 2):
        leave(2, moment)
    presence.record_join(bridge.id, somebody(2), NOW + 3)
    presence.record_join(bridge.id + 99, somebody(4), NOW)
    assert [(row.channel, row.left_at) for row in Participation.select()] == [("1.1", None), ("1.2", NOW + 1)]


def test_r20_the_last_one_who_leaves_ends_the_conference_its_recording_and_what_was_to_be_said(
    bridge: Bridge,
) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    enter(bridge, 2)
    control.turn(running(bridge), Switch.RECORDING, True, OUTSIDE, NOW)
    control.turn(running(bridge), Switch.LOCKED, True, OUTSIDE, NOW)
    leave(1)
    assert running(bridge).recording() is not None
    leave(2, NOW + 7)
    assert Conference.running(bridge) is None
    assert [row.ended_at for row in Conference.select()] == [NOW + 7]
    assert [(row.state, row.ended_at) for row in Recording.select()] == [("waiting", NOW + 7)]
    assert Announcement.select().count() == 0
    assert presence.desired_state(bridge.id) is None
    assert presence.running() == set()


def test_the_next_conference_starts_with_nothing_of_the_last_ones_switches(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    for switch in Switch:
        turn(bridge, switch, on=switch is not Switch.ANNOUNCING)
    leave(1)
    enter(bridge, 2)
    after = wanted(bridge)
    conference = running(bridge)
    assert (conference.locked, conference.muted_all, conference.paused) == (False, False, False)
    assert (conference.opened_at, conference.announcing) == (None, True)
    assert (after.recording, after.leaving, after.muted) == (None, {}, {"1.2": False})


def test_a_list_without_somebody_is_their_leaving_and_is_announced_and_noted(bridge: Bridge) -> None:
    for number in (1, 2, 3):
        enter(bridge, number, ConferenceRole.ADMIN)
    heard(bridge)
    presence.reconcile({bridge.id: {"1.1": somebody(1), "1.2": somebody(2), "1.4": somebody(4)}}, NOW + 5)
    assert announced(bridge) == [(Prompt.HAS_LEFT, "1.3"), (Prompt.HAS_JOINED, "1.4")]
    presence.reconcile({}, NOW + 6)
    assert Conference.running(bridge) is None
    assert HistoryEntry.select().where(HistoryEntry.event == "left").count() == 4


@pytest.mark.parametrize(
    ("room", "bridge_id"),
    [("bridge-7", 7), ("bridge-", None), ("7", None), ("bridge-x", None), ("bridge--1", None),
     ("bridge-²", None), ("Bridge-7", None), ("", None)],
)  # fmt: skip
def test_only_our_own_rooms_are_bridges(room: str, bridge_id: int | None) -> None:
    assert presence.bridge_of_room(room) == bridge_id
    if bridge_id is not None:
        assert presence.room_name(bridge_id) == room
