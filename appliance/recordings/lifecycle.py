"""Recordings: what runs, what was captured of it, and how long it is kept (R20, R26, R32, B6).

A recording is one row and one MP3 from on to off. Meanwhile it is captured in takes, a WAV file each: what
nobody hears (a pause, somebody alone with his music) is not captured, so each time talk begins a take does.
agi/recorder.py captures, appliance/daemons/worker.py makes the MP3, the database says how far it is.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from appliance.directory import bridges
from appliance.errors import RefusedError
from appliance.journal import audit_log, conference_events
from appliance.models import (
    Announcement,
    Bridge,
    Conference,
    ConferenceRole,
    Consent,
    HistoryEffect,
    HistoryEvent,
    Participation,
    Recording,
    RecordingReason,
    RecordingState,
    database,
)
from appliance.recordings import files
from appliance.speech.prompts import Prompt
from appliance.system.config import Config


def begin(conference: Conference, now: float) -> None:
    """Let a recording begin; what is said of it follows once it captures (`runs`)."""
    Recording.create(conference=conference, started_at=now, state=RecordingState.STARTING)


def start_automatically(conference: Conference, now: float) -> None:
    """Begin where every conference is recorded (R26): with its first talk, unless that was done."""
    if (
        conference.bridge.record
        and conference.opened_at is not None
        and conference.people().count() >= 2
        and not Recording.select().where(Recording.conference == conference).exists()
    ):
        begin(conference, now)
        conference_events.record(
            conference, HistoryEvent.RECORDING, now, effect=HistoryEffect.RECORDING_ALWAYS
        )


def will_record(bridge: Bridge, conference: Conference | None) -> bool:
    """Whether who enters now is recorded, or will be as soon as there is somebody to talk to (B3)."""
    if conference is None:
        return bool(bridge.record)
    if conference.recording() is not None:
        return True
    return bool(bridge.record) and not Recording.select().where(Recording.conference == conference).exists()


def mark_running(recording_id: int, now: float) -> None:
    """Note that a recording captures, and let everybody be told (R20)."""
    with database.atomic("IMMEDIATE"):
        row = Recording.get_by_id(recording_id)
        if row.state == RecordingState.STARTING and row.ended_at is None:
            row.state = RecordingState.RECORDING
            row.save()
            Announcement.create(conference=row.conference_id, at=now, prompt=Prompt.RECORDING_ON)


def mark_failed(recording_id: int, reason: RecordingReason, now: float) -> None:
    """Note that a recording could not begin; the administrators are told, or all where there is no room."""
    with database.atomic("IMMEDIATE"):
        row = Recording.get_by_id(recording_id)
        if row.ended_at is not None:
            return
        row.ended_at, row.state, row.reason = now, RecordingState.FAILED, reason
        row.save()
        effect = HistoryEffect.RECORDING_FAILED
        conference_events.record(row.conference, HistoryEvent.RECORDING, now, effect=effect, reason=reason)
        if reason is RecordingReason.DISK_FULL:
            Announcement.create(conference=row.conference_id, at=now, prompt=Prompt.RECORDING_NO_ROOM)
            return
        for admin in row.conference.people().where(Participation.role == ConferenceRole.ADMIN):
            Announcement.create(
                conference=row.conference_id, at=now, prompt=Prompt.RECORDING_FAILED, to=admin
            )


def cut_short(recording_id: int, reason: RecordingReason, now: float) -> None:
    """End a recording that cannot go on: everybody is told, and what was captured is taken up."""
    with database.atomic("IMMEDIATE"):
        row = Recording.get_by_id(recording_id)
        if row.ended_at is not None:
            return
        row.ended_at, row.state, row.reason = now, RecordingState.WAITING, reason
        row.save()
        effect = HistoryEffect.RECORDING_CUT_SHORT
        conference_events.record(row.conference, HistoryEvent.RECORDING, now, effect=effect, reason=reason)
        Announcement.create(conference=row.conference_id, at=now, prompt=Prompt.RECORDING_CUT)


def end(conference: Conference, now: float) -> bool:
    """End the recording that runs, for the worker to take up; False if none was known to capture.

    One that had not begun is taken up as well: there may be a moment of sound in it.
    """
    row = conference.recording()
    if row is None:
        return False
    captured = row.state == RecordingState.RECORDING
    row.ended_at, row.state = now, RecordingState.WAITING
    row.save()
    return captured


def file_name(recording: Recording, time_zone: str) -> str:
    """What the MP3 is called on its way to people, by when it began on their clock."""
    began = datetime.fromtimestamp(recording.started_at, UTC).astimezone(ZoneInfo(time_zone))
    return began.strftime("conference-%Y-%m-%d-%H%M.mp3")


def describe(recording: Recording) -> str:
    """How the audit log calls a recording."""
    return f"{recording.id}, bridge {bridges.describe(recording.conference.bridge)}"


def refuse_unfinished(recording: Recording) -> None:
    """Refuse to send what has no MP3 yet, and will be sent once it has."""
    if recording.ended_at is None or recording.state in (RecordingState.WAITING, RecordingState.ENCODING):
        raise RefusedError("recording %(id)s has no MP3 yet: it is mailed as soon as it has", id=recording.id)


def consents(recording: Recording) -> Any:
    """Query of what people answered when they were asked whether they may be recorded (B3), in order.

    Those of who came into its conference, and of who called meanwhile and did not come in.
    """
    conference = recording.conference
    inside = Participation.select(Participation.channel).where(Participation.conference == conference)
    meanwhile = (Consent.at >= conference.started_at) & (Consent.at <= (conference.ended_at or time.time()))
    here = (Consent.bridge == conference.bridge_id) & (Consent.channel.in_(inside) | meanwhile)
    return Consent.select().where(here).order_by(Consent.id)


def delete(config: Config, recording: Recording, *, actor: str) -> None:
    """Delete a recording that is over: MP3, takes, links, row. A mail that waits is not sent."""
    if recording.ended_at is None or recording.state == RecordingState.ENCODING:
        raise RefusedError(
            "recording %(id)s is not finished yet: wait, or end it first (*7)", id=recording.id
        )
    name = describe(recording)
    # The row last: whatever happens in between, it can be deleted again.
    files.mp3_file(config, recording.id).unlink(missing_ok=True)
    files.delete_takes(config, recording.id)
    with database.atomic("IMMEDIATE"):
        recording.delete_instance()
        audit_log.record(actor, "recording.delete", name)


def ended_in(*states: str) -> Any:
    """Query of the recordings that are over and in one of these states, oldest first."""
    over = Recording.ended_at.is_null(False) & Recording.state.in_(states)
    return Recording.select().where(over).order_by(Recording.id)
