"""Life cycle of recordings: from on to off, and deletion (R20, R26, R32, B6).

A recording is one row and one MP3 from on to off. It is captured in takes, a WAV file each. Nothing is
captured in a pause, or while one person hears music: each new talk begins a take. agi/recorder.py captures,
pont-worker makes the MP3, and the row holds the state.
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
    """Begin a recording; it is announced once its take grows (`mark_running`)."""
    Recording.create(conference=conference, started_at=now, state=RecordingState.STARTING)


def start_automatically(conference: Conference, now: float) -> None:
    """Begin the recording of a bridge that records every conference (R26), with its first talk, once."""
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
    """Return whether a caller who enters now is recorded, or will be once somebody else is in (B3)."""
    if conference is None:
        return bool(bridge.record)
    if conference.recording() is not None:
        return True
    return bool(bridge.record) and not Recording.select().where(Recording.conference == conference).exists()


def mark_running(recording_id: int, now: float) -> None:
    """Record that a take grows, and announce the recording to everybody (R20)."""
    with database.atomic("IMMEDIATE"):
        row = Recording.get_by_id(recording_id)
        if row.state == RecordingState.STARTING and row.ended_at is None:
            row.state = RecordingState.RECORDING
            row.save()
            Announcement.create(conference=row.conference_id, at=now, prompt=Prompt.RECORDING_ON)


def mark_failed(recording_id: int, reason: RecordingReason, now: float) -> None:
    """Fail a recording that could not begin; administrators hear it, or everybody where the disk is full."""
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
    """End a recording that cannot continue: everybody hears it, and its takes are encoded."""
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
    """End the running recording, for the worker to encode; False if no take was known to grow.

    A recording whose take was not known to grow is encoded as well: it may hold a moment of sound.
    """
    row = conference.recording()
    if row is None:
        return False
    captured = row.state == RecordingState.RECORDING
    row.ended_at, row.state = now, RecordingState.WAITING
    row.save()
    return captured


def file_name(recording: Recording, time_zone: str) -> str:
    """Return the name of the MP3 for people: when it began in their time zone."""
    began = datetime.fromtimestamp(recording.started_at, UTC).astimezone(ZoneInfo(time_zone))
    return began.strftime("conference-%Y-%m-%d-%H%M.mp3")


def describe(recording: Recording) -> str:
    """Return how the audit log names a recording."""
    return f"{recording.id}, bridge {bridges.describe(recording.conference.bridge)}"


def refuse_unfinished(recording: Recording) -> None:
    """Refuse to send a recording without MP3; it is mailed once it has one."""
    if recording.ended_at is None or recording.state in (RecordingState.WAITING, RecordingState.ENCODING):
        raise RefusedError("recording %(id)s has no MP3 yet: it is mailed as soon as it has", id=recording.id)


def consents(recording: Recording) -> Any:
    """Query of the answers of people who were asked for consent (B3), in order.

    Includes callers who called during the conference and did not enter.
    """
    conference = recording.conference
    inside = Participation.select(Participation.channel).where(Participation.conference == conference)
    meanwhile = (Consent.at >= conference.started_at) & (Consent.at <= (conference.ended_at or time.time()))
    here = (Consent.bridge == conference.bridge_id) & (Consent.channel.in_(inside) | meanwhile)
    return Consent.select().where(here).order_by(Consent.id)


def delete(config: Config, recording: Recording, *, actor: str) -> None:
    """Delete a recording that has ended: MP3, takes, links, row. A mail about it that waits is not sent."""
    if recording.ended_at is None or recording.state == RecordingState.ENCODING:
        raise RefusedError(
            "recording %(id)s is not finished yet: wait, or end it first (*7)", id=recording.id
        )
    name = describe(recording)
    # The row last: after a crash in between, it can be deleted again.
    files.mp3_file(config, recording.id).unlink(missing_ok=True)
    files.delete_takes(config, recording.id)
    with database.atomic("IMMEDIATE"):
        recording.delete_instance()
        audit_log.record(actor, "recording.delete", name)


def ended_in(*states: str) -> Any:
    """Query of the recordings that have ended and are in one of these states, oldest first."""
    over = Recording.ended_at.is_null(False) & Recording.state.in_(states)
    return Recording.select().where(over).order_by(Recording.id)
