"""Recordings: what runs, what was captured of it, and how long it is kept (R20, R26, R32, B6).

A recording is one row and one MP3 from on to off. Meanwhile it is captured in takes, a WAV file each: what
nobody hears (a pause, somebody alone with his music) is not captured, so each time talk begins a take does.
agi/recorder.py captures, appliance/daemons/worker.py makes the MP3, the database says how far it is.
"""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
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
    Participation,
    Recording,
    database,
)
from appliance.speech.prompts import Prompt
from appliance.system.config import Config

SUFFIX = ".wav16"
"""WAV, mono, 16 kHz, 16 bit, by the name that Asterisk gives this format."""
DONE = ".done"
"""Suffix of the empty file that the post-record hook leaves once Asterisk has closed a take."""
CLOSING = 1.0
"""Seconds in which a take may still begin after the end of its recording: its recorder was on the way."""
SETTLED = 15.0
"""Seconds after which a take that nothing was added to is over, hook or not: Asterisk writes every second."""
DAY = 86400.0


class Reason(StrEnum):
    """Why a recording failed, or ended before somebody ended it."""

    NO_SOUND = "no sound arrived"
    NO_ROOM = "the disk is nearly full"
    EMPTY = "nothing was captured"
    ENCODING = "it cannot be encoded"


def begin(conference: Conference, now: float) -> None:
    """Let a recording begin; what is said of it follows once it captures (`runs`)."""
    Recording.create(conference=conference, started_at=now, state="starting")


def start_automatically(conference: Conference, now: float) -> None:
    """Begin where every conference is recorded (R26): with its first talk, unless that was done."""
    if (
        conference.bridge.record
        and conference.opened_at is not None
        and conference.people().count() >= 2
        and not Recording.select().where(Recording.conference == conference).exists()
    ):
        begin(conference, now)
        conference_events.record(conference, "recording", now, detail="always")


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
        if row.state == "starting" and row.ended_at is None:
            row.state = "recording"
            row.save()
            Announcement.create(conference=row.conference_id, at=now, prompt=Prompt.RECORDING_ON)


def failed(recording_id: int, reason: Reason, now: float) -> None:
    """Note that a recording could not begin; the administrators are told, or all where there is no room."""
    with database.atomic("IMMEDIATE"):
        row = Recording.get_by_id(recording_id)
        if row.ended_at is not None:
            return
        row.ended_at, row.state, row.reason = now, "failed", reason
        row.save()
        conference_events.record(row.conference, "recording", now, detail=f"failed: {reason}")
        if reason is Reason.NO_ROOM:
            Announcement.create(conference=row.conference_id, at=now, prompt=Prompt.RECORDING_NO_ROOM)
            return
        for admin in row.conference.people().where(Participation.role == ConferenceRole.ADMIN):
            Announcement.create(
                conference=row.conference_id, at=now, prompt=Prompt.RECORDING_FAILED, to=admin
            )


def cut_short(recording_id: int, reason: Reason, now: float) -> None:
    """End a recording that cannot go on: everybody is told, and what was captured is taken up."""
    with database.atomic("IMMEDIATE"):
        row = Recording.get_by_id(recording_id)
        if row.ended_at is not None:
            return
        row.ended_at, row.state, row.reason = now, "waiting", reason
        row.save()
        conference_events.record(row.conference, "recording", now, detail=f"cut short: {reason}")
        Announcement.create(conference=row.conference_id, at=now, prompt=Prompt.RECORDING_CUT)


def end(conference: Conference, now: float) -> bool:
    """End the recording that runs, for the worker to take up; False if none was known to capture.

    One that had not begun is taken up as well: there may be a moment of sound in it.
    """
    row = conference.recording()
    if row is None:
        return False
    captured = row.state == "recording"
    row.ended_at, row.state = now, "waiting"
    row.save()
    return captured


def take_file(config: Config, recording_id: int, take: int) -> Path:
    """Where a take is captured; `take` is when it began (ms since the epoch)."""
    return config.paths.takes / f"{recording_id}-{take}{SUFFIX}"


def takes(config: Config, recording_id: int) -> list[Path]:
    """Everything that was captured of a recording, in order."""
    files = config.paths.takes.glob(f"{recording_id}-*{SUFFIX}")
    return sorted(files, key=lambda file: int(file.stem.partition("-")[2]))


def closed_takes(config: Config, recording: Recording, now: float) -> list[Path] | None:
    """What was captured of a recording that is over, in order; None while Asterisk may still write."""
    if now - (recording.ended_at or now) < CLOSING:
        return None
    files = takes(config, recording.id)
    return files if all(_is_closed(file, now) for file in files) else None


def _is_closed(take: Path, now: float) -> bool:
    """Asterisk said so, or died."""
    return take.with_suffix(DONE).exists() or now - take.stat().st_mtime > SETTLED


def ids_with_takes(config: Config) -> set[int]:
    """Ids of the recordings of which there are takes."""
    names = (file.name.partition("-")[0] for file in config.paths.takes.iterdir())
    return {int(name) for name in names if name.isdigit()}


def delete_takes(config: Config, recording_id: int) -> None:
    """Delete what was captured."""
    for file in config.paths.takes.glob(f"{recording_id}-*"):
        file.unlink(missing_ok=True)


def strays(config: Config) -> list[Path]:
    """Takes and MP3s that belong to no recording: of a database that was put back, say."""
    known = {str(row.id) for row in Recording.select(Recording.id)}
    captured = [file for file in config.paths.takes.glob("*") if file.name.partition("-")[0] not in known]
    return sorted(
        captured + [file for file in config.paths.recordings.glob("*.mp3") if file.stem not in known]
    )


def mp3_file(config: Config, recording_id: int) -> Path:
    """Where the MP3 of a recording is."""
    return config.paths.recordings / f"{recording_id}.mp3"


def file_name(recording: Recording, time_zone: str) -> str:
    """What the MP3 is called on its way to people, by when it began on their clock."""
    began = datetime.fromtimestamp(recording.started_at, UTC).astimezone(ZoneInfo(time_zone))
    return began.strftime("conference-%Y-%m-%d-%H%M.mp3")


def free_mb(config: Config) -> float:
    """Space that is left for recordings (10^6 bytes)."""
    return shutil.disk_usage(config.paths.takes).free / 1e6


def may_begin(config: Config) -> bool:
    """Whether there is room enough for a recording to begin (B6)."""
    return free_mb(config) >= config.recordings.floor_mb


def may_go_on(config: Config) -> bool:
    """Whether there is room enough for those that run: the database needs some as well."""
    return free_mb(config) >= config.recordings.floor_mb / 2


def expires_at(config: Config, recording: Recording) -> float:
    """When the recording is to be deleted (s since the epoch): as the bridge says, within the box's limit."""
    own = recording.conference.bridge.keep_days
    days = min(own or config.recordings.keep_days, config.recordings.keep_days_most)
    return float((recording.ended_at or time.time()) + days * DAY)


def described(recording: Recording) -> str:
    """How the audit log calls a recording."""
    return f"{recording.id}, bridge {bridges.describe(recording.conference.bridge)}"


def refuse_unfinished(recording: Recording) -> None:
    """Refuse to send what has no MP3 yet, and will be sent once it has."""
    if recording.ended_at is None or recording.state in ("waiting", "encoding"):
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
    if recording.ended_at is None or recording.state == "encoding":
        raise RefusedError(
            "recording %(id)s is not finished yet: wait, or end it first (*7)", id=recording.id
        )
    name = described(recording)
    # The row last: whatever happens in between, it can be deleted again.
    mp3_file(config, recording.id).unlink(missing_ok=True)
    delete_takes(config, recording.id)
    with database.atomic("IMMEDIATE"):
        recording.delete_instance()
        audit_log.record(actor, "recording.delete", name)


def ended(*states: str) -> Any:
    """Query of the recordings that are over and in one of these states, oldest first."""
    over = Recording.ended_at.is_null(False) & Recording.state.in_(states)
    return Recording.select().where(over).order_by(Recording.id)
