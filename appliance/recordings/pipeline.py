"""Pipeline of recordings that have ended: encode, mail, delete (R32, R33, B6).

Each function is one step for the recordings in one state of the database: a killed worker continues where
it was. Takes are deleted last, once the MP3 is on disk and the mail server accepted a mail about it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from appliance.directory import bridges
from appliance.mail.alerts import Alert, queue_alert
from appliance.models import OutgoingMail, Recording, RecordingReason, RecordingState
from appliance.recordings import encoder, files, lifecycle, retention
from appliance.recordings.mail import queue_recording
from appliance.system.config import Config

PROGRESS_INTERVAL_S = 1.0
"""Seconds between two updates of the progress of an encoding."""
RETRY_DELAY_S = 60.0
"""Seconds until an encoding that the disk refused is retried."""
ACTOR = "pont-worker"

log = logging.getLogger(__name__)


class Pipeline:
    """The steps, of one worker."""

    def __init__(self, config: Config, check: Callable[[], None]) -> None:
        """`check` is called regularly during long work; an exception from it ends the work."""
        self._config = config
        self._check = check
        self._not_before: dict[int, float] = {}
        """When the encoding of a recording is retried (s since the epoch)."""

    def encode_next(self, now: float) -> bool:
        """Encode the oldest recording whose takes are closed; False if there is none.

        A recording in state `encoding` was left by a worker that died, or by an error here.
        """
        for row in lifecycle.ended_in(RecordingState.WAITING, RecordingState.ENCODING):
            if self._not_before.get(row.id, 0.0) <= now:
                takes = files.closed_takes(self._config, row, now)
                if takes is not None:
                    self._encode(row, takes, now)
                    return True
        return False

    def queue_mails(self, now: float) -> None:
        """Enqueue a mail about each recording that has its MP3 or failed."""
        about_recordings = OutgoingMail.select(OutgoingMail.recording).where(
            OutgoingMail.recording.is_null(False)
        )
        for row in lifecycle.ended_in(RecordingState.READY, RecordingState.FAILED).where(
            Recording.id.not_in(about_recordings)
        ):
            queue_recording(self._config, row, now, retention.expires_at(self._config, row))

    def delete_delivered_takes(self) -> None:
        """Delete the takes once the mail server accepted a mail with the MP3 or a link."""
        captured = files.ids_with_takes(self._config)
        if captured:
            for row in lifecycle.ended_in(RecordingState.MAILED).where(Recording.id.in_(captured)):
                files.delete_takes(self._config, row.id)

    def expire(self, now: float) -> None:
        """Delete expired recordings."""
        for row in lifecycle.ended_in(RecordingState.READY, RecordingState.MAILED, RecordingState.FAILED):
            if retention.expires_at(self._config, row) <= now:
                lifecycle.delete(self._config, row, actor=f"{ACTOR} (kept long enough)")

    def alert_on_low_disk(self, now: float) -> None:
        """Alert the installers when too little disk is free for recordings."""
        if not retention.may_begin(self._config):
            queue_alert(self._config, Alert.DISK, now)

    def _encode(self, row: Recording, takes: list[Path], now: float) -> None:
        log.info("encoding recording %s", row.id)
        row.state, row.progress = RecordingState.ENCODING, 0.0
        row.save()
        try:
            encoded = encoder.encode(
                takes, files.mp3_file(self._config, row.id), self._tags(row), self._progress_writer(row)
            )
        except OSError as error:
            log.warning("recording %s cannot be encoded now: %s", row.id, error)
            self._not_before[row.id] = now + RETRY_DELAY_S
            row.state, row.progress = RecordingState.WAITING, 0.0
        except RuntimeError:
            log.exception("recording %s cannot be encoded", row.id)
            row.state, row.reason = RecordingState.FAILED, RecordingReason.ENCODING
        else:
            if encoded is None:
                row.state, row.reason = RecordingState.FAILED, row.reason or RecordingReason.EMPTY
            else:
                row.state, row.progress = RecordingState.READY, 1.0
                row.seconds, row.size = encoded.seconds, encoded.size
        row.save()

    def _tags(self, row: Recording) -> encoder.Tags:
        user = row.conference.bridge.user
        word = {"fr": "Conférence", "en": "Conference"}[user.language]
        return encoder.Tags(
            title=f"{word} {bridges.describe(row.conference.bridge)}",
            organiser=user.full_name,
            began=datetime.fromtimestamp(row.started_at, UTC).astimezone(ZoneInfo(user.time_zone)),
        )

    def _progress_writer(self, row: Recording) -> Callable[[float], None]:
        """Return a function that stores the progress of an encoding at intervals."""
        noted = time.monotonic()

        def note(share: float) -> None:
            nonlocal noted
            self._check()
            if time.monotonic() - noted >= PROGRESS_INTERVAL_S:
                noted = time.monotonic()
                row.progress = share
                row.save()

        return note
