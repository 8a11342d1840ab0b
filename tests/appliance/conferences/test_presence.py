"""Who is in a conference, what is said of it, and what Asterisk is to make of it (R7 to R9, R15 to R21)."""

from __future__ import annotations

import pytest

from appliance.conferences import control, presence
from appliance.conferences.control import By
from appliance.conferences.presence import DesiredState, Person, WayOut
from appliance.conferences.service_codes import Switch
from appliance.models import (
    Announcement,
    Bridge,
    Conference,
    ConferenceRole,
    HistoryEntry,
    Participation,
    Recording,
    RecordingReason,
)
from appliance.recordings import lifecycle
from appliance.speech.prompts import Prompt
from appliance.system.config import Config
from tests.appliance.people import add_bridge, add_phone, add_user

NOW = 1_700_000_000.0
OUTSIDE = By(actor="command line (root)")


@pytest.fixture
def bridge(db: Config) -> Bridge:
    """Alice's bridge 600, on which arrivals and departures are announced (R25)."""
    del db
    add_user()
    return add_bridge("alice@demo.example")


def somebody(
    number: int, role: ConferenceRole = ConferenceRole.USER, phone: str | None = None, name: str = ""
) -> Person:
    return Person(f"1.{number}", role, f"+3361{number}", f"Caller {number}", phone, name)


def enter(bridge: Bridge, number: int, role: ConferenceRole = ConferenceRole.USER) -> Participation:
    presence.record_join(bridge.id, somebody(number, role), NOW)
    row: Participation = Participation.get(Participation.channel == f"1.{number}")
    return row


def audio(bridge: Bridge) -> tuple[bool, bool]:
    """Whether people hear each other, and whether one person is left alone."""
    state = wanted(bridge)
    return state.audio_open, state.single_participant


def leave(number: int, now: float = NOW + 1) -> None:
    presence.record_leave(f"1.{number}", now)


def running(bridge: Bridge) -> Conference:
    conference = Conference.running(bridge)
    assert conference is not None
    return conference


def turn(bridge: Bridge, switch: Switch, on: bool = True) -> None:
    """Switch something without a word about it."""
    control.turn(running(bridge), switch, on, OUTSIDE, NOW)
    Announcement.delete().where(Announcement.prompt.not_in(list(presence.ABOUT_PEOPLE))).execute()


def announced(bridge: Bridge) -> list[tuple[str, str | None]]:
    return [
        (row.prompt, row.about.channel if row.about else None)
        for row in presence.announcements(running(bridge).id)
    ]


def wanted(bridge: Bridge) -> DesiredState:
    found = presence.desired_state(bridge.id)
    assert found is not None
    return found


def recording(bridge: Bridge) -> Recording:
    row = running(bridge).recording()
    assert row is not None
    return row


def heard(bridge: Bridge) -> None:
    """What was to be said has been said."""
    del bridge
    Announcement.delete().execute()


def test_r7_who_comes_to_others_is_announced_and_who_is_first_is_not(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    assert announced(bridge) == []
    enter(bridge, 2)
    enter(bridge, 3)
    assert announced(bridge) == [(Prompt.HAS_JOINED, "1.2"), (Prompt.HAS_JOINED, "1.3")]


def test_r9_before_the_opening_nobody_is_announced_and_the_one_who_opens_is(bridge: Bridge) -> None:
    for number in (1, 2, 3):
        enter(bridge, number)
    leave(3)
    assert announced(bridge) == []
    enter(bridge, 4, ConferenceRole.ADMIN)
    assert announced(bridge) == [(Prompt.HAS_JOINED, "1.4")]


def test_r9_a_bridge_open_for_anyone_is_open_with_the_first_and_announces_the_second(bridge: Bridge) -> None:
    bridge.open_for_anyone = True
    bridge.save()
    enter(bridge, 1)
    assert running(bridge).opened_at == NOW
    enter(bridge, 2)
    assert announced(bridge) == [(Prompt.HAS_JOINED, "1.2")]


def test_r25_a_bridge_without_announcements_announces_nobody(bridge: Bridge) -> None:
    bridge.announce = False
    bridge.save()
    for number in (1, 2, 3):
        enter(bridge, number, ConferenceRole.ADMIN)
    leave(3)
    assert announced(bridge) == []


def test_r18_announcements_are_switched_from_now_on_for_those_already_in_as_well(bridge: Bridge) -> None:
    for number in (1, 2, 3, 4):
        enter(bridge, number, ConferenceRole.ADMIN)
    heard(bridge)
    turn(bridge, Switch.ANNOUNCING, on=False)
    leave(4)
    enter(bridge, 5)
    assert announced(bridge) == []
    turn(bridge, Switch.ANNOUNCING)
    leave(3)
    enter(bridge, 6)
    assert announced(bridge) == [(Prompt.HAS_LEFT, "1.3"), (Prompt.HAS_JOINED, "1.6")]


def test_r7_who_leaves_is_announced_to_those_who_stay_even_to_one_who_is_left_alone(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    enter(bridge, 2)
    heard(bridge)
    leave(2)
    assert announced(bridge) == [(Prompt.HAS_LEFT, "1.2")]


def test_r7_who_leaves_before_their_arrival_was_said_is_not_mentioned_at_all(bridge: Bridge) -> None:
    for number in (1, 2, 3):
        enter(bridge, number, ConferenceRole.ADMIN)
    leave(3)
    assert announced(bridge) == [(Prompt.HAS_JOINED, "1.2")]


def test_what_is_for_somebody_who_left_is_not_said_any_more(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    user = enter(bridge, 2)
    heard(bridge)
    control.mute(user, True, OUTSIDE, NOW)
    leave(2)
    assert announced(bridge) == [(Prompt.HAS_LEFT, "1.2")]


def test_r21_while_a_conference_ends_nobody_who_leaves_is_announced(bridge: Bridge) -> None:
    for number in (1, 2, 3):
        enter(bridge, number, ConferenceRole.ADMIN)
    heard(bridge)
    control.end(running(bridge), OUTSIDE, NOW)
    leave(3)
    leave(2)
    assert announced(bridge) == []


def test_what_was_switched_goes_before_who_came_and_went_each_in_its_order(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    enter(bridge, 2)
    control.turn(running(bridge), Switch.LOCKED, True, OUTSIDE, NOW)
    enter(bridge, 3, ConferenceRole.ADMIN)
    control.turn(running(bridge), Switch.MUTED_ALL, True, OUTSIDE, NOW)
    assert announced(bridge) == [
        (Prompt.LOCKED, None),
        (Prompt.ALL_MUTED, None),
        (Prompt.HAS_JOINED, "1.2"),
        (Prompt.HAS_JOINED, "1.3"),
    ]


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


def test_r20_a_recording_is_wanted_from_on_to_off_and_starts_until_it_captures(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    assert (wanted(bridge).recording, wanted(bridge).recording_unconfirmed) == (None, False)
    turn(bridge, Switch.RECORDING)
    first = recording(bridge)
    assert (wanted(bridge).recording, wanted(bridge).recording_unconfirmed) == (first.id, True)
    lifecycle.mark_running(first.id, NOW)
    assert (wanted(bridge).recording, wanted(bridge).recording_unconfirmed) == (first.id, False)
    turn(bridge, Switch.RECORDING, on=False)
    assert (wanted(bridge).recording, wanted(bridge).recording_unconfirmed) == (None, False)
    turn(bridge, Switch.RECORDING)
    assert wanted(bridge).recording not in (None, first.id), "another recording, another file"


def test_r21_no_recording_is_wanted_of_a_conference_that_ends(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    turn(bridge, Switch.RECORDING)
    Conference.update(closing_at=NOW).execute()
    assert wanted(bridge).recording is None, "even where its row were still open"
    control.end(running(bridge), OUTSIDE, NOW)
    assert wanted(bridge).recording is None


def test_r20_that_a_recording_runs_is_said_to_all_once(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    turn(bridge, Switch.RECORDING)
    row = recording(bridge)
    for _ in range(2):
        lifecycle.mark_running(row.id, NOW)
    assert Recording.get_by_id(row.id).state == "recording"
    assert announced(bridge) == [(Prompt.RECORDING_ON, None)]
    assert [item.to_id for item in presence.announcements(running(bridge).id)] == [None]


def test_r20_a_recording_switched_off_before_it_captured_is_never_said_to_run(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    turn(bridge, Switch.RECORDING)
    row = recording(bridge)
    turn(bridge, Switch.RECORDING, on=False)
    lifecycle.mark_running(row.id, NOW)
    lifecycle.mark_failed(row.id, RecordingReason.NO_SOUND, NOW)
    assert Recording.get_by_id(row.id).state == "waiting"
    assert announced(bridge) == []


def test_a_recording_that_fails_is_off_and_the_administrators_alone_are_told(bridge: Bridge) -> None:
    for number, role in (
        (1, ConferenceRole.ADMIN),
        (2, ConferenceRole.USER),
        (3, ConferenceRole.ADMIN),
        (4, ConferenceRole.ADMIN),
    ):
        enter(bridge, number, role)
    leave(4)
    heard(bridge)
    turn(bridge, Switch.RECORDING)
    row = recording(bridge)
    for moment in (NOW + 5, NOW + 6):
        lifecycle.mark_failed(row.id, RecordingReason.NO_SOUND, moment)
    failed = Recording.get_by_id(row.id)
    assert (failed.state, failed.ended_at) == ("failed", NOW + 5)
    told = [(item.prompt, item.to.channel) for item in presence.announcements(running(bridge).id)]
    assert told == [(Prompt.RECORDING_FAILED, "1.1"), (Prompt.RECORDING_FAILED, "1.3")]
    assert wanted(bridge).recording is None


def test_ending_a_recording_says_whether_one_was_known_to_capture(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    assert lifecycle.end(running(bridge), NOW) is False
    turn(bridge, Switch.RECORDING)
    lifecycle.mark_running(recording(bridge).id, NOW)
    assert lifecycle.end(running(bridge), NOW) is True
    assert lifecycle.end(running(bridge), NOW) is False


def test_a_recording_that_had_not_begun_is_ended_and_left_to_be_taken_up(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    turn(bridge, Switch.RECORDING)
    row = recording(bridge)
    assert lifecycle.end(running(bridge), NOW + 2) is False
    assert running(bridge).recording() is None
    ended = Recording.get_by_id(row.id)
    assert (ended.state, ended.ended_at) == ("waiting", NOW + 2)
    heard(bridge)
    lifecycle.mark_running(row.id, NOW + 3)
    assert (Recording.get_by_id(row.id).state, announced(bridge)) == ("waiting", []), "it came too late"


@pytest.mark.parametrize(
    ("room", "bridge_id"),
    [("bridge-7", 7), ("bridge-", None), ("7", None), ("bridge-x", None), ("bridge--1", None),
     ("bridge-²", None), ("Bridge-7", None), ("", None)],
)  # fmt: skip
def test_only_our_own_rooms_are_bridges(room: str, bridge_id: int | None) -> None:
    assert presence.bridge_of_room(room) == bridge_id
    if bridge_id is not None:
        assert presence.room_name(bridge_id) == room
