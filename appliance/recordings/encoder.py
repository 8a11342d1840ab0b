"""Makes one MP3 of the takes of a recording, in chunks and constant memory (R32).

Headers of WAV files are not trusted: Asterisk writes their sizes when it closes a file, so after a crash they
say 0. The length of the file counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import lameenc
from mutagen.id3 import ID3, TDRC, TIT2, TPE1, Encoding

from appliance.system.fsync import fsync_directory

SAMPLE_RATE = 16000
"""Samples a second of a take: mono, 16 bit, little endian."""
BIT_RATE_KBPS = 32
"""kbit/s: speech is clear, and half an hour fits a mail."""
QUALITY = 5
"""LAME's quality: 2 takes twice the time for a difference that nobody hears in speech."""
CHUNK_SIZE = 2**16
"""Bytes that are encoded at a time."""
HEADER_SIZE = 44
"""Bytes of the header that Asterisk writes, should it be unreadable."""


@dataclass(frozen=True)
class Tags:
    """What players show (ID3v2)."""

    title: str
    organiser: str
    began: datetime
    """With its time zone."""


@dataclass(frozen=True)
class Encoded:
    """The result of an encoding."""

    seconds: float
    size: int
    """Bytes."""


def encode(
    takes: Sequence[Path], target: Path, tags: Tags, progress: Callable[[float], None]
) -> Encoded | None:
    """Write the MP3 `target`, complete on disk when it is there under its name; None if there is no sound.

    `progress` gets the share that is done (0 to 1) after each chunk. OSError if a file cannot be read or
    written; then there is no target.
    """
    total = sum(take.stat().st_size for take in takes)
    beside = target.with_name(f".{target.name}.part")
    samples = 0
    try:
        _frames(tags).save(beside)
        with beside.open("ab") as mp3:
            encoder = _encoder()
            for chunk in _sound(takes):
                mp3.write(encoder.encode(chunk))
                samples += len(chunk) // 2
                progress(min(1.0, samples * 2 / total))
            if samples == 0:
                return None
            mp3.write(encoder.flush())
            mp3.flush()
            os.fsync(mp3.fileno())
        beside.chmod(0o640)
        size = beside.stat().st_size
        beside.replace(target)
        fsync_directory(target.parent)
    finally:
        beside.unlink(missing_ok=True)
    return Encoded(samples / SAMPLE_RATE, size)


def _encoder() -> lameenc.Encoder:
    encoder = lameenc.Encoder()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_bit_rate(BIT_RATE_KBPS)
    encoder.set_quality(QUALITY)
    encoder.silence()
    return encoder


def _frames(tags: Tags) -> ID3:
    frames = ID3()
    frames.add(TIT2(encoding=Encoding.UTF8, text=tags.title))
    frames.add(TPE1(encoding=Encoding.UTF8, text=tags.organiser))
    frames.add(TDRC(encoding=Encoding.UTF8, text=tags.began.strftime("%Y-%m-%dT%H:%M:%S")))
    return frames


def _sound(takes: Sequence[Path]) -> Iterator[bytes]:
    for take in takes:
        with take.open("rb") as file:
            _skip_header(file)
            while len(chunk := file.read(CHUNK_SIZE)) > 1:
                yield chunk[: len(chunk) // 2 * 2]  # The file may end with half a sample.


def _skip_header(file: BinaryIO) -> None:
    """Go to where the sound begins: after the head of chunk "data", whatever sizes are said (RIFF)."""
    start = file.read(12)
    position = HEADER_SIZE
    if start[:4] == b"RIFF" and start[8:] == b"WAVE":
        place = 12
        while len(head := file.read(8)) == 8:
            place += 8
            if head[:4] == b"data":
                position = place
                break
            place += int.from_bytes(head[4:], "little")
            file.seek(place)
    file.seek(position)
