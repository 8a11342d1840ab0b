"""One MP3 of all takes, whatever their headers say; looked at as a player decodes it (R32)."""

from __future__ import annotations

import subprocess
import wave
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from mutagen.mp3 import MP3

from appliance.recordings import encoder
from appliance.recordings.encoder import Encoded, Tags, encode
from tests.phone.hearing import Samples, tone_lasts

RATE = 16000
TAGS = Tags(
    "Conférence « 600 »", 'Chloé "Zoé" Durand', datetime(2026, 11, 24, 14, 5, tzinfo=ZoneInfo("Europe/Paris"))
)


def tone(freq: float, seconds: float) -> bytes:
    at = np.arange(int(RATE * seconds)) / RATE
    return (8000 * np.sin(2 * np.pi * freq * at)).astype("<i2").tobytes()


def write(path: Path, sound: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound)
    return path


def heard(mp3: Path) -> Samples:
    """What a player makes of it."""
    wav = mp3.with_suffix(".decoded.wav")
    subprocess.run(["lame", "--quiet", "--decode", mp3, wav], check=True)
    with wave.open(str(wav)) as file:
        assert file.getframerate() == RATE
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def make(tmp_path: Path, *takes: Path) -> tuple[Path, Encoded | None]:
    target = tmp_path / "1.mp3"
    return target, encode(takes, target, TAGS, lambda _: None)


@pytest.mark.host  # lame
def test_takes_follow_each_other_in_one_mp3(tmp_path: Path) -> None:
    takes = [write(tmp_path / f"{n}.wav16", tone(freq, 2)) for n, freq in ((1, 440), (2, 1000))]
    mp3, encoded = make(tmp_path, *takes)
    assert encoded == Encoded(4.0, mp3.stat().st_size)
    sound = heard(mp3)
    assert len(sound) / RATE == pytest.approx(4.0, abs=0.15)
    half = len(sound) // 2
    assert tone_lasts(sound[:half], RATE, 440) > 1.5
    assert tone_lasts(sound[half:], RATE, 1000) > 1.5


def test_players_show_title_organiser_and_date(tmp_path: Path) -> None:
    mp3, _ = make(tmp_path, write(tmp_path / "1.wav16", tone(440, 1)))
    tags = MP3(mp3).tags
    assert tags is not None
    assert (str(tags["TIT2"]), str(tags["TPE1"])) == (TAGS.title, TAGS.organiser)
    assert str(tags["TDRC"]) == "2026-11-24 14:05:00"


@pytest.mark.host  # lame
@pytest.mark.parametrize("broken", ["sizes are 0", "no header", "half a sample at the end", "extra chunk"])
def test_what_a_crash_left_is_encoded_whole(tmp_path: Path, broken: str) -> None:
    take = write(tmp_path / "1.wav16", tone(440, 3))
    sound = bytearray(take.read_bytes())
    if broken == "sizes are 0":
        sound[4:8] = sound[40:44] = bytes(4)
    elif broken == "no header":
        sound[:44] = bytes(44)
    elif broken == "half a sample at the end":
        sound += b"\x01"
    else:
        sound[36:36] = b"LIST\x04\x00\x00\x00abcd"
    take.write_bytes(sound)
    mp3, encoded = make(tmp_path, take)
    assert encoded is not None
    assert encoded.seconds == 3.0
    assert tone_lasts(heard(mp3), RATE, 440) > 2.7


@pytest.mark.parametrize("sound", [b"", b"\x00" * 44, b"\x01"], ids=["empty file", "header only", "a byte"])
def test_without_sound_there_is_no_mp3(tmp_path: Path, sound: bytes) -> None:
    take = tmp_path / "1.wav16"
    take.write_bytes(sound)
    mp3, encoded = make(tmp_path, take)
    assert encoded is None
    assert [file.name for file in tmp_path.iterdir()] == ["1.wav16"]
    assert not mp3.exists()


def test_nothing_at_all_was_captured(tmp_path: Path) -> None:
    assert make(tmp_path)[1] is None


def test_how_far_it_is_is_told_and_what_stops_it_leaves_no_half_mp3(tmp_path: Path) -> None:
    take = write(tmp_path / "1.wav16", b"\x00" * (30 * encoder.CHUNK_SIZE))
    shares: list[float] = []
    encode([take], tmp_path / "1.mp3", TAGS, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0, abs=0.001)

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode([take], tmp_path / "2.mp3", TAGS, stop)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["1.mp3", "1.wav16"]


@pytest.mark.host  # root, for mount
def test_a_full_disk_is_an_error_and_leaves_no_half_mp3(tmp_path: Path) -> None:
    take = write(tmp_path / "1.wav16", np.random.default_rng(1).bytes(2 * RATE * 60))
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], check=True)
    try:
        with pytest.raises(OSError, match="No space left"):
            encode([take], small / "1.mp3", TAGS, lambda _: None)
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)
