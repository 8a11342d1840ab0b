"""A recording as a part of its conference: when it is wanted, and what is said of it (R20, R21)."""

from __future__ import annotations

from appliance.conferences import control, presence
from appliance.conferences.service_codes import Switch
from appliance.models import (
    Bridge,
    Conference,
    ConferenceRole,
    HistoryEffect,
    HistoryEntry,
    HistoryEvent,
    Recording,
    RecordingReason,
)
from appliance.recordings import lifecycle
from appliance.speech.prompts import Prompt
from tests.appliance.conferences.conference import (
    NOW,
    OUTSIDE,
    announced,
    enter,
    heard,
    leave,
    recording,
    running,
    turn,
    wanted,
)


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
    (noted,) = HistoryEntry.select().where(HistoryEntry.event == HistoryEvent.RECORDING)
    assert (noted.effect, noted.reason) == (HistoryEffect.RECORDING_FAILED, RecordingReason.NO_SOUND)
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
