"""What a phone received, as numbers: levels, tones, holes in a tone, and known recordings found again.

Pure functions over mono samples at 16 bit scale (a full scale sine has amplitude 32767).
Times are seconds unless a name says otherwise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16] | NDArray[np.float32]
Floats = NDArray[np.float32]

SILENCE_RMS = 60.0  # -55 dBFS; G.711 idle noise and G.722 of digital zero stay below 20
TONE_WINDOW = 0.2  # Hann lobe of +-10 Hz: narrow enough to tell a tone from a voice
TONE_MIN_AMPLITUDE = 700.0  # phones send 4000; quieter than this is an echo or a leftover
TONE_PURITY = 30.0  # how far (in power) a tone must stand above its surroundings at 15 to 30 Hz
MATCH_RATE = 4000  # recordings are compared at this rate: codecs agree below 1.7 kHz
PROMPT_HEAD = 0.7  # a prompt counts as heard when this much of its beginning was
PROMPT_SCORE = 0.75  # the right prompt scores 0.9 and more, a like word of the same voice up to 0.7
# A prompt may have holes of so many ms; a phone that had to wait leaves 10 ms out again, to be on time.
FALTERS = [ms * MATCH_RATE // 1000 for ms in (-10, 0, 10, 20, 40, 60)]
FALTERING = 0.3  # what is below it has no holes, but is another prompt
PARTS = 6  # of a prompt that falter by themselves: with more, other prompts begin to fit
MUSIC_SCORE = 0.6  # music 0.9 and more; a prompt against all music at most 0.4
MUSIC_WINDOW = 0.75


def rms(samples: Samples) -> float:
    """Root mean square; 0.0 of nothing."""
    if len(samples) == 0:
        return 0.0
    return float(np.sqrt(np.mean(np.square(samples.astype(np.float32)))))


def loudest(samples: Samples, rate: int, window: float = 0.05) -> float:
    """RMS of the loudest window."""
    size = int(window * rate)
    blocks = samples[: len(samples) // size * size].astype(np.float32).reshape(-1, size)
    return float(np.sqrt(np.mean(blocks**2, axis=1)).max(initial=0.0))


def _amplitude(samples: Samples, rate: int, freq: float, window: float, hop: float) -> Floats:
    """Amplitude of one frequency, per hop, each through a Hann window."""
    size, step = int(window * rate), int(hop * rate)
    if len(samples) < size:
        return np.zeros(0, np.float32)
    hann = np.hanning(size)
    probe = hann * np.exp(-2j * np.pi * freq * np.arange(size) / rate) * (2 / hann.sum())
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::step]
    return np.asarray(np.abs(frames.astype(np.float32) @ probe.astype(np.complex64)), np.float32)


def tone_present(samples: Samples, rate: int, freq: float, hop: float = 0.02) -> NDArray[np.bool_]:
    """Whether a steady tone of this very frequency sounds, for each window of TONE_WINDOW, every hop seconds.

    Other sounds may be there too: the tone is compared with what surrounds it, not with the whole.
    """
    at = _amplitude(samples, rate, freq, TONE_WINDOW, hop)
    around = [_amplitude(samples, rate, freq + d, TONE_WINDOW, hop) for d in (-30, -22, -15, 15, 22, 30)]
    near = np.mean(np.square(around), axis=0)
    return np.asarray((at > TONE_MIN_AMPLITUDE) & (at**2 > TONE_PURITY * near), np.bool_)


def longest_run(flags: NDArray[np.bool_]) -> int:
    """Length of the longest unbroken run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def tone_lasts(samples: Samples, rate: int, freq: float, steady: bool = True) -> float:
    """Seconds of the longest stretch in which the tone sounds without a break; 0.0 when there is none.

    steady: it must also keep its level within 10 %, as a generator does and an instrument does not.
    Without that music on hold can hold 440 Hz for 2 s; with it nothing in Debian's music or prompts
    reached 0.65 s at 440 or 620 Hz, nor 0.25 s at 1000 and 1300 Hz.
    """
    hop, back = 0.02, 5
    present = tone_present(samples, rate, freq, hop)
    if steady and len(present) > back:
        level = _amplitude(samples, rate, freq, TONE_WINDOW, hop)
        present[back:] &= np.abs(level[back:] / np.maximum(level[:-back], 1) - 1) < 0.1
        present[:back] = False
    run = longest_run(present)
    return TONE_WINDOW + (run - 1) * hop if run else 0.0


def tones(samples: Samples, rate: int, most: int = 4) -> list[int]:
    """The steady tones in the last half second, loudest first, in Hz: to say what was heard."""
    tail = samples[-rate // 2 :].astype(np.float32)
    if len(tail) < rate // 4:
        return []
    spectrum = np.abs(np.fft.rfft(tail * np.hanning(len(tail))))
    found: list[int] = []
    for peak in np.argsort(spectrum)[::-1][:60]:
        freq = round(float(peak) * rate / len(tail))
        if all(abs(freq - f) > 15 for f in found) and tone_present(tail, rate, freq).any():
            found.append(freq)
    return found[:most]


def holes(samples: Samples, rate: int, freq: float, shortest: float = 0.008) -> list[int]:
    """Holes in a tone between its first and its last sound, in milliseconds, longest first.

    A hole is where the tone falls below half its usual amplitude. Other tones may sound too if they
    are at least 200 Hz away. Holes shorter than `shortest` are not seen: a jump of phase looks the same.
    """
    hop = 0.001
    level = _amplitude(samples, rate, freq, 0.02, hop)
    loud = level > TONE_MIN_AMPLITUDE
    if not loud.any():
        return []
    inside = level[np.argmax(loud) : len(level) - np.argmax(loud[::-1])]
    low = inside < np.median(inside[inside > TONE_MIN_AMPLITUDE]) / 2
    edges = np.flatnonzero(np.diff(np.concatenate(([0], low.astype(np.int8), [0]))))
    lengths = (edges[1::2] - edges[::2]) * hop
    return sorted((round(float(s) * 1000) for s in lengths if s >= shortest), reverse=True)


def for_matching(samples: Samples, rate: int) -> Floats:
    """The same sound at MATCH_RATE, without what lies above 1.7 kHz. rate: a multiple of MATCH_RATE."""
    half = rate // 125
    span = np.arange(-half, half + 1)
    kernel = np.sinc(2 * 1700 / rate * span) * np.hanning(2 * half + 1)
    kernel /= kernel.sum()
    if len(samples) < len(kernel):
        return np.zeros(0, np.float32)
    low = np.convolve(samples.astype(np.float32), kernel.astype(np.float32), mode="same")
    return np.ascontiguousarray(low[:: rate // MATCH_RATE], np.float32)


def trimmed(sound: Floats) -> Floats:
    """Without its leading silence (sound at MATCH_RATE)."""
    size = MATCH_RATE // 100
    blocks = sound[: len(sound) // size * size].reshape(-1, size)
    levels = np.sqrt(np.mean(blocks**2, axis=1))
    loud = levels > 0.1 * levels.max(initial=0.0)
    return sound[int(np.argmax(loud)) * size :] if loud.any() else sound[:0]


def without_tones(sound: Floats) -> Floats:
    """The sound with its steady tones cut down, so that a prompt among other people's tones can be found."""
    if len(sound) < MATCH_RATE // 4:
        return sound
    spectrum = np.fft.rfft(sound)
    strength = np.abs(spectrum)
    width = max(8, int(50 * len(sound) / MATCH_RATE))  # bands of 50 Hz
    padded = np.pad(strength, (0, -len(strength) % width), mode="edge").reshape(-1, width)
    limit = np.repeat(4 * np.median(padded, axis=1), width)[: len(strength)]
    spectrum *= np.minimum(1, limit / np.maximum(strength, 1e-6))
    return np.fft.irfft(spectrum, len(sound)).astype(np.float32)


@dataclass(frozen=True)
class Match:
    """How well a recording was found (1.0: exactly) and where it begins, in seconds."""

    score: float
    at: float


def _moved(values: Floats, by: int) -> Floats:
    """What stands `by` samples later, in a row for each way to falter; 0 past the end."""
    rows = np.zeros((len(FALTERS), len(values)), np.float32)
    for row, falter in zip(rows, FALTERS, strict=True):
        moved = values[by + falter :]
        row[: len(moved)] = moved
    return rows


class Haystack:
    """A long sound (at MATCH_RATE) in which short ones are looked for; its spectrum is made once."""

    MAX_BLOCK = 1 << 18

    def __init__(self, sound: Floats, longest_needle: float = PROMPT_HEAD) -> None:
        self.sound = sound
        overlap = int(longest_needle * MATCH_RATE)
        needed = 1 << max(12, int(np.ceil(np.log2(len(sound) + overlap + 1))))
        self.block = min(needed, self.MAX_BLOCK)
        self.step = self.block - overlap
        self.spectra = [
            np.fft.rfft(sound[start : start + self.block], self.block).astype(np.complex64)
            for start in range(0, max(len(sound), 1), self.step)
        ]
        self.energy = np.concatenate(([0.0], np.cumsum(sound.astype(np.float64) ** 2)))

    def scores(self, needle: Floats) -> Floats:
        """Normalised correlation (-1 to 1) for every position at which the whole needle fits.

        Its parts may stand a little earlier or later than each other: on a busy machine a phone or a
        prompt falters for a moment, and is heard all the same.
        """
        places = len(self.sound) - len(needle) + 1
        if places < 1 or len(needle) == 0:
            return np.zeros(0, np.float32)
        plain = self._normalised(needle, *self._correlation(needle))[:places]
        if plain.max() < FALTERING or plain.max() >= PROMPT_SCORE:
            return plain
        parts = np.array_split(needle, PARTS)
        sums, energies = self._correlation(parts[-1])
        for part in parts[-2::-1]:
            later, of_later = (_moved(values, len(part)) for values in (sums, energies))
            best = later.argmax(axis=0)[np.newaxis]
            sums, energies = self._correlation(part)
            sums = sums + np.take_along_axis(later, best, 0)[0]
            energies = energies + np.take_along_axis(of_later, best, 0)[0]
        return self._normalised(needle, sums, energies)[:places]

    def _correlation(self, part: Floats) -> tuple[Floats, Floats]:
        """With a part of a needle, and the energy of what it is laid over, where it fits; elsewhere 0."""
        probe = np.conj(np.fft.rfft(part, self.block)).astype(np.complex64)
        sums = np.concatenate([np.fft.irfft(s * probe, self.block)[: self.step] for s in self.spectra])
        energies = np.zeros(len(sums), np.float32)
        here = (self.energy[len(part) :] - self.energy[: -len(part)])[: len(sums)]
        energies[: len(here)] = here
        sums[len(here) :] = 0
        return np.asarray(sums, np.float32), energies

    @staticmethod
    def _normalised(needle: Floats, sums: Floats, energies: Floats) -> Floats:
        floor = len(needle) * (SILENCE_RMS / 2) ** 2  # silence resembles everything
        own = max(float(np.sum(needle.astype(np.float64) ** 2)), 1.0)
        return np.asarray(sums / np.sqrt(np.maximum(energies, floor) * own), np.float32)

    def best(self, needle: Floats) -> Match:
        """Where the needle fits best; score 0.0 when the sound is too short for it."""
        scores = self.scores(needle)
        if len(scores) == 0:
            return Match(0.0, 0.0)
        peak = int(np.argmax(scores))
        return Match(float(scores[peak]), peak / MATCH_RATE)

    def all(self, needle: Floats, score: float) -> list[Match]:
        """Every place where the needle is found with at least this score."""
        found, scores = [], self.scores(needle).copy()
        while len(scores) and scores.max() >= score:
            peak = int(np.argmax(scores))
            found.append(Match(float(scores[peak]), peak / MATCH_RATE))
            scores[max(0, peak - len(needle) // 2) : peak + len(needle) // 2 + 1] = 0
        return found
