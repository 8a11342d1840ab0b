"""The files of recordings: takes, as Asterisk writes them, and the MP3 that people get (R32)."""

from __future__ import annotations

from pathlib import Path

from appliance.models import Recording
from appliance.system.config import Config

SUFFIX = ".wav16"
"""WAV, mono, 16 kHz, 16 bit, by the name that Asterisk gives this format."""
DONE = ".done"
"""Suffix of the empty file that the post-record hook leaves once Asterisk has closed a take."""
CLOSING_S = 1.0
"""Seconds after the end of a recording in which a take may still begin: its recorder was on the way."""
SETTLED_S = 15.0
"""Seconds without growth after which a take is closed, also without the hook: Asterisk writes each second."""


def take_file(config: Config, recording_id: int, take: int) -> Path:
    """Return the file of a take; `take` is when it began (ms since the epoch)."""
    return config.paths.takes / f"{recording_id}-{take}{SUFFIX}"


def takes(config: Config, recording_id: int) -> list[Path]:
    """Return the takes of a recording, in order."""
    files = config.paths.takes.glob(f"{recording_id}-*{SUFFIX}")
    return sorted(files, key=lambda file: int(file.stem.partition("-")[2]))


def closed_takes(config: Config, recording: Recording, now: float) -> list[Path] | None:
    """Return the takes of a recording that has ended, in order; None while Asterisk may still write."""
    if now - (recording.ended_at or now) < CLOSING_S:
        return None
    files = takes(config, recording.id)
    return files if all(_is_closed(file, now) for file in files) else None


def _is_closed(take: Path, now: float) -> bool:
    """Return whether Asterisk closed the take, or died."""
    return take.with_suffix(DONE).exists() or now - take.stat().st_mtime > SETTLED_S


def ids_with_takes(config: Config) -> set[int]:
    """Return the ids of the recordings that have takes."""
    names = (file.name.partition("-")[0] for file in config.paths.takes.iterdir())
    return {int(name) for name in names if name.isdigit()}


def delete_takes(config: Config, recording_id: int) -> None:
    """Delete the takes of a recording."""
    for file in config.paths.takes.glob(f"{recording_id}-*"):
        file.unlink(missing_ok=True)


def strays(config: Config) -> list[Path]:
    """Return takes and MP3s that belong to no recording, as after a restored backup of the database."""
    known = {str(row.id) for row in Recording.select(Recording.id)}
    captured = [file for file in config.paths.takes.glob("*") if file.name.partition("-")[0] not in known]
    return sorted(
        captured + [file for file in config.paths.recordings.glob("*.mp3") if file.stem not in known]
    )


def mp3_file(config: Config, recording_id: int) -> Path:
    """Return the file of the MP3."""
    return config.paths.recordings / f"{recording_id}.mp3"
