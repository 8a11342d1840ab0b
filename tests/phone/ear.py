"""What a call hears: looks at its recording while it grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from . import hearing
from .hearing import Haystack, Match, Samples
from .sounds import Sounds

STEP = 0.1  # seconds between looks at a recording that grows: sound has no event
# What a phone records "now" was sent up to this long ago: the recorder writes blocks of 4000 bytes
# (0.25 s at 8 kHz), and jitter buffer and mixing add some 0.1 s.
ON_ITS_WAY = 0.4
TONE_TIME = 0.8  # a tone is heard when it lasted this long: see hearing.tone_lasts
LEAK_TIME = 0.3  # and is a leak from here on; music and speech hold 1000 Hz for less


class Ear:
    """Waits and `hears*` of a call; they raise AssertionError saying what was there instead.

    `hears*` look from now on; prompts, `received` and `gaps` at all since the call began or `forget()`.
    """

    def __init__(self, recording: Path, rate: int, sounds: Sounds) -> None:
        self.recording, self.rate, self.sounds = recording, rate, sounds
        self._mark = 0

    def pause(self, seconds: float) -> bool:
        """Waits that long, or until nothing more can be heard: then True."""
        raise NotImplementedError

    def _length(self) -> int:
        return max(0, self.recording.stat().st_size - 44) // 2 if self.recording.exists() else 0

    def _read(self, start: int) -> Samples:
        # The header is 44 bytes, and complete only when the call is over: samples are read as they are.
        if not self.recording.exists():
            return np.zeros(0, np.int16)
        data = self.recording.read_bytes()[44 + 2 * start :]
        return np.frombuffer(data[: len(data) // 2 * 2], np.int16)

    def forget(self) -> None:
        """What was received so far no longer counts."""
        self._mark = self._length()

    def received(self) -> Samples:
        """Samples (int16, `rate` per second) since the call began or the last forget()."""
        return self._read(self._mark)

    def gaps(self, freq: float) -> list[int]:
        """Holes of at least 8 ms in a tone, in ms, longest first, between its first and last sound."""
        return hearing.holes(self.received(), self.rate, freq)

    def _from_now(self) -> int:
        return self._length() + int(ON_ITS_WAY * self.rate)

    def _until(self, found: Callable[[], bool], within: float) -> bool:
        """Looks every STEP until found, the time (seconds) is over, or nothing more can come."""
        deadline = time.monotonic() + within
        over = False
        while not found():
            if over:
                return False
            left = deadline - time.monotonic()
            over = left <= 0 or self.pause(min(STEP, left))
        return True

    def _gather(self, start: int, seconds: float) -> Samples:
        """The sound from a position on, that long; fails when it does not come."""
        need = int(seconds * self.rate)
        came = self._until(lambda: self._length() >= start + need, seconds + ON_ITS_WAY + 2)
        assert came, f"only {(self._length() - start) / self.rate:.1f} of {seconds} s of sound came: {self!r}"
        return self._read(start)[:need]

    def hears(self, freq: float, within: float = 5) -> None:
        """A tone (Hz) sounds for 0.8 s; others may sound with it if they are 50 Hz away or more."""
        start = self._from_now()

        def found() -> bool:
            return hearing.tone_lasts(self._read(start), self.rate, freq) >= TONE_TIME

        assert self._until(found, within), f"no tone of {freq} Hz within {within} s; {self.describe(start)}"

    def hears_not(self, freq: float, during: float = 2) -> None:
        """That long (seconds) the tone does not sound, not for 0.3 s.

        Use 1000 Hz or more where music or speech may sound: they hold 440 or 700 Hz for a moment.
        """
        start = self._from_now()
        lasts = hearing.tone_lasts(self._gather(start, during), self.rate, freq, steady=False)
        assert lasts < LEAK_TIME, f"{freq} Hz sounded for {lasts:.2f} s; {self.describe(start)}"

    def hears_silence(self, during: float = 1) -> None:
        """That long (seconds) nothing sounds at all."""
        start = self._from_now()
        level = hearing.loudest(self._gather(start, during), self.rate)
        assert level < hearing.SILENCE_RMS, f"no silence (RMS {level:.0f}); {self.describe(start)}"

    def hears_music(self, within: float = 5) -> None:
        """The music on hold sounds: any place of any of its files."""
        start = self._from_now()
        found = self._until(lambda: self._is_music(self._read(start)), within)
        assert found, f"no music within {within} s; {self.describe(start)}"

    def _is_music(self, sound: Samples) -> bool:
        size = int(hearing.MUSIC_WINDOW * self.rate)
        recent = sound[-size:]
        if len(recent) < size or hearing.rms(recent) < hearing.SILENCE_RMS:
            return False
        needle = hearing.for_matching(recent, self.rate)
        return self.sounds.music.best(needle).score >= hearing.MUSIC_SCORE

    def _haystacks(self) -> list[Haystack]:
        sound = hearing.for_matching(self.received(), self.rate)
        return [Haystack(sound), Haystack(hearing.without_tones(sound))]

    def hears_prompt(self, name: str, within: float = 8, language: str | None = None) -> float:
        """A prompt (0.7 s that tell it from others) is heard, or was since the last forget().

        Returns how many seconds after that it began.
        """
        needle, after = self.sounds.telling(name, language)
        best = Match(0.0, 0.0)

        def found() -> bool:
            nonlocal best
            best = max([best] + [h.best(needle) for h in self._haystacks()], key=lambda m: m.score)
            return best.score >= hearing.PROMPT_SCORE

        heard = self._until(found, within)
        failed = f"no prompt {name} within {within} s (best score {best.score:.2f})"
        assert heard, f"{failed}; {self.describe(self._mark)}"
        return best.at - after

    def heard_prompts(self, language: str | None = None) -> list[str]:
        """Names of the prompts recognised, in order. Takes seconds: all that are known are looked for."""
        sounds = self.sounds
        found: list[tuple[Match, str]] = []
        haystacks = self._haystacks()
        for name in sounds.names(language):
            needle, after = sounds.telling(name, language)
            if len(needle) > 0.2 * hearing.MATCH_RATE:
                for haystack in haystacks:
                    matches = haystack.all(needle, hearing.PROMPT_SCORE)
                    found += [(Match(match.score, match.at - after), name) for match in matches]
        # Some prompts share their beginning: of those at one place the best is named.
        kept: list[tuple[Match, str]] = []
        for match, name in sorted(found, key=lambda f: -f[0].score):
            if all(abs(match.at - other.at) > 0.2 for other, _ in kept):
                kept.append((match, name))
        return [name for _, name in sorted(kept, key=lambda f: f[0].at)]

    def describe(self, start: int) -> str:
        """In words what was heard since a sample position: for messages."""
        sound = self._read(start)
        if len(sound) == 0:
            return f"heard nothing at all: {self!r}"
        parts = [f"heard {len(sound) / self.rate:.1f} s, RMS {hearing.rms(sound):.0f}"]
        if hearing.loudest(sound, self.rate) < hearing.SILENCE_RMS:
            return f"{parts[0]}, silence: {self!r}"
        parts += [f"{freq} Hz" for freq in hearing.tones(sound, self.rate)]
        try:
            parts += ["music"] * self._is_music(sound)
            parts += [f"prompt {name}" for name in self.heard_prompts()]
        except FileNotFoundError:
            parts += ["(no recordings to compare with)"]
        return f"{', '.join(parts)}: {self!r}"
