"""The hearing of test phones on synthetic sounds: neither Asterisk nor a network is needed."""

from pathlib import Path

import numpy as np
import pytest

from . import hearing, sounds
from .hearing import Floats, Haystack, Samples

RATES = pytest.mark.parametrize("rate", [8000, 16000])


def tone(freq: float, seconds: float, rate: int = 8000, amplitude: float = 4000) -> Floats:
    return (amplitude * np.sin(2 * np.pi * freq * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def silence(seconds: float, rate: int = 8000) -> Floats:
    return np.zeros(int(seconds * rate), np.float32)


def noise(seconds: float, rms: float, seed: int = 1, rate: int = 8000) -> Floats:
    return np.random.default_rng(seed).normal(0, rms, int(seconds * rate)).astype(np.float32)


def voice(seed: int, seconds: float, rate: int = 16000) -> Floats:
    """Something like speech: a buzz of wandering pitch with formants, in syllables. A seed is a text."""
    random = np.random.default_rng(seed)
    count = int(seconds * rate)
    points = np.linspace(0, count, max(3, int(seconds * 6)))

    def wander(low: float, high: float) -> Floats:
        return np.interp(np.arange(count), points, random.uniform(low, high, len(points))).astype(np.float32)

    phase = 2 * np.pi * np.cumsum(wander(150, 260)) / rate
    first, second, loudness = wander(300, 800), wander(900, 2200), wander(0, 1)
    sound = np.zeros(count, np.float32)
    for harmonic in range(1, 14):
        near = [np.exp(-(((harmonic * 200 - formant) / 150) ** 2)) for formant in (first, second)]
        sound += (0.05 + near[0] + near[1]) * np.sin(harmonic * phase)
    return np.asarray(3000 * loudness * sound, np.float32)


def mixed(*parts: Floats) -> Floats:
    return np.asarray(np.sum(parts, axis=0), np.float32)


def through_mulaw(samples: Floats) -> Samples:
    """ITU-T G.711 mu-law and back: coded here, decoded by what reads prompts."""
    clipped = np.clip(np.abs(samples), 0, 32635).astype(np.int32) + 0x84
    exponent = np.floor(np.log2(clipped)).astype(np.int32) - 7
    mantissa = (clipped >> (exponent + 3)) & 0x0F
    codes = ~(np.where(samples < 0, 0x80, 0) | exponent << 4 | mantissa) & 0xFF
    return sounds.g711(codes.astype(np.uint8), "ulaw")


def as_reference(sound: Floats, rate: int = 16000) -> Floats:
    return hearing.trimmed(hearing.for_matching(sound, rate))[: int(hearing.PROMPT_HEAD * hearing.MATCH_RATE)]


def best_score(needle: Floats, received: Samples, rate: int = 8000) -> float:
    sound = hearing.for_matching(received, rate)
    return max(Haystack(s).best(needle).score for s in (sound, hearing.without_tones(sound)))


@RATES
def test_a_tone_is_found_and_its_length_measured(rate: int) -> None:
    sound = np.concatenate([silence(0.5, rate), tone(1000, 1.5, rate), silence(0.5, rate)])
    assert hearing.tone_lasts(sound, rate, 1000) == pytest.approx(1.5, abs=0.2)


@RATES
@pytest.mark.parametrize("other", [440, 940, 1050, 2000])
def test_a_tone_is_not_found_in_another(rate: int, other: int) -> None:
    assert hearing.tone_lasts(tone(other, 2, rate), rate, 1000, steady=False) == 0


def test_a_tone_is_found_in_noise_of_twice_its_power() -> None:
    assert hearing.tone_lasts(tone(1000, 2) + noise(2, 4000), 8000, 1000, steady=False) > 1.5
    assert hearing.tone_lasts(tone(1000, 2) + noise(2, 1000), 8000, 1000) > 1.5


def test_no_tone_is_found_in_noise_in_a_voice_or_in_silence() -> None:
    for sound in (noise(10, 20000), voice(3, 10), silence(10)):
        assert hearing.tone_lasts(sound, 8000, 1000, steady=False) < 0.3


def test_each_of_eight_tones_at_once_is_found_and_a_ninth_is_not() -> None:
    there = [440, 620, 800, 1000, 1300, 1500, 1700, 2000]
    sound = mixed(*(tone(f, 2, amplitude=2000) for f in there))
    assert all(hearing.tone_lasts(sound, 8000, f) > 1.5 for f in there)
    assert hearing.tone_lasts(sound, 8000, 1150, steady=False) == 0


def test_a_note_that_swells_is_not_a_steady_tone() -> None:
    note = tone(440, 2) * np.abs(np.sin(np.pi * np.arange(16000) / 8000 * 1.5)).astype(np.float32)
    assert hearing.tone_lasts(note, 8000, 440, steady=False) > 0.5
    assert hearing.tone_lasts(note, 8000, 440) < 0.5


def test_the_tones_heard_are_named() -> None:
    assert sorted(hearing.tones(tone(440, 1) + tone(1300, 1), 8000)) == [440, 1300]
    assert hearing.tones(noise(1, 3000), 8000) == []


@RATES
@pytest.mark.parametrize("hole", [0.02, 0.036, 0.25])
def test_a_hole_is_measured_even_beside_another_tone(rate: int, hole: float) -> None:
    sound = np.concatenate(
        [silence(0.3, rate), tone(1000, 1, rate), silence(hole, rate), tone(1000, 1, rate)]
    )
    sound += tone(440, 3, rate)[: len(sound)]
    assert hearing.holes(sound, rate, 1000) == [pytest.approx(hole * 1000, abs=4)]


def test_an_unbroken_tone_has_no_hole_and_no_tone_has_none_either() -> None:
    assert hearing.holes(tone(1000, 2), 8000, 1000) == []
    assert hearing.holes(noise(2, 500), 8000, 1000) == []


@pytest.mark.parametrize("seconds", [0.4, 2.0])
def test_a_prompt_is_found_at_any_place_through_a_codec_and_in_noise(seconds: float) -> None:
    prompt = np.concatenate([silence(0.2, 16000), voice(1, seconds)])
    needle = as_reference(prompt)
    for offset in (0.5, 1.7301):
        received = np.concatenate([noise(offset, 20), prompt[::2], noise(1, 20)])
        received += noise(10, 100)[: len(received)]
        sound = hearing.for_matching(through_mulaw(received), 8000)
        found = Haystack(sound).best(needle)
        assert found.score > 0.9
        assert found.at == pytest.approx(offset + 0.2, abs=0.05)


def test_a_prompt_is_found_under_two_tones() -> None:
    prompt = voice(1, 2)[::2]
    received = np.concatenate([silence(1), prompt, silence(1)]) + tone(440, 4) + tone(1000, 4)
    assert best_score(as_reference(voice(1, 2)), through_mulaw(received)) > hearing.PROMPT_SCORE


def test_a_prompt_cut_short_by_a_key_is_found_and_one_half_begun_is_not() -> None:
    needle, prompt = as_reference(voice(1, 3)), voice(1, 3)[::2]
    cut = np.concatenate([silence(1), prompt[: int(0.9 * 8000)], voice(2, 2)[::2]])
    assert best_score(needle, cut) > 0.9
    begun = np.concatenate([silence(1), prompt[: int(0.5 * 8000)], voice(2, 2)[::2]])
    assert best_score(needle, begun) < hearing.PROMPT_SCORE


def test_a_prompt_of_which_a_piece_was_heard_is_not_found_before_it_sounds() -> None:
    needle, prompt = as_reference(voice(1, 3)), voice(1, 3)[::2]
    piece = np.concatenate([prompt[: int(0.35 * 8000)], voice(7, 2)[::2], silence(0.5)])
    for begun in np.arange(0.02, 0.5, 0.01):
        assert best_score(needle, np.concatenate([piece, prompt[: int(begun * 8000)]])) < hearing.PROMPT_SCORE


@pytest.mark.parametrize("hole", [0.01, 0.02, 0.04, 0.06])
@pytest.mark.parametrize("at", [0.1, 0.35, 0.5])
def test_a_prompt_with_a_hole_is_found(hole: float, at: float) -> None:
    needle, prompt = as_reference(voice(1, 3)), voice(1, 3)[::2]
    cut = int(at * 8000)
    received = np.concatenate([silence(1), prompt[:cut], silence(hole), prompt[cut:], silence(1)])
    assert best_score(needle, received) > hearing.PROMPT_SCORE


@pytest.mark.parametrize("at", [0.1, 0.35, 0.5, 0.6])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_prompt_of_which_a_phone_left_out_10_ms_is_found(at: float, seed: int) -> None:
    needle, prompt = as_reference(voice(seed, 3)), voice(seed, 3)[::2]
    cut, left_out = int(at * 8000), 80
    received = np.concatenate([silence(1), prompt[:cut], prompt[cut + left_out :], silence(1)])
    assert best_score(needle, received) > hearing.PROMPT_SCORE


def test_of_prompts_that_begin_alike_the_part_is_taken_that_tells_them_apart(tmp_path: Path) -> None:
    directory = tmp_path / "usr/share/asterisk/sounds/fr/pont"
    directory.mkdir(parents=True)
    common = voice(1, 1.5)
    for name, seed in (("on", 2), ("off", 3)):
        sound = np.concatenate([common, voice(seed, 2)])
        (directory / f"{name}.sln16").write_bytes(sound.astype("<i2").tobytes())
    part, after = sounds.Sounds(tmp_path, "fr").telling("pont/on")
    assert after == pytest.approx(1.5, abs=0.1)
    on, off = (np.concatenate([common, voice(seed, 2)])[::2] for seed in (2, 3))
    assert best_score(part, on) > 0.9
    assert best_score(part, off) < hearing.PROMPT_SCORE


def test_a_prompt_is_not_found_in_other_prompts_in_noise_or_in_silence() -> None:
    needle = as_reference(voice(1, 2))
    others = np.concatenate([voice(seed, 2)[::2] for seed in range(2, 20)])
    for received in (others, noise(20, 2000), silence(20), tone(440, 5)):
        assert best_score(needle, received) < hearing.PROMPT_SCORE


def test_every_place_of_a_prompt_is_found_in_a_sound_of_several_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Haystack, "MAX_BLOCK", 1 << 13)
    prompt, pause = voice(1, 1), silence(3, 16000)
    sound = hearing.for_matching(np.concatenate([pause, prompt, pause, voice(2, 1), prompt, pause]), 16000)
    haystack = Haystack(sound)
    assert len(haystack.spectra) > 5
    places = sorted(m.at for m in haystack.all(as_reference(prompt), hearing.PROMPT_SCORE))
    assert places == [pytest.approx(3, abs=0.1), pytest.approx(8, abs=0.1)]


def test_one_place_is_named_once_though_its_neighbours_fit_nearly_as_well() -> None:
    hum = np.convolve(noise(0.5, 9000), np.ones(30) / 30, "same").astype(np.float32)
    found = Haystack(np.concatenate([silence(0.5), hum, silence(0.5)])).all(hum, hearing.PROMPT_SCORE)
    assert len(found) == 1


def test_a_piece_of_music_is_found_and_a_voice_is_not() -> None:
    music = hearing.for_matching(
        np.concatenate([voice(s, 5) + 0.3 * voice(s + 50, 5) for s in range(20)]), 16000
    )
    haystack = Haystack(music, hearing.MUSIC_WINDOW)
    size = int(hearing.MUSIC_WINDOW * hearing.MATCH_RATE)
    piece = music[123_456 : 123_456 + size]
    assert haystack.best(piece + noise(1, 100)[:size]).score > 0.9
    assert haystack.best(as_reference(voice(99, 2))).score < hearing.MUSIC_SCORE


def test_levels() -> None:
    assert hearing.rms(tone(1000, 1)) == pytest.approx(4000 / 2**0.5, rel=0.01)
    assert hearing.loudest(np.concatenate([silence(1), tone(1000, 0.1), silence(1)]), 8000) > 2500
    assert hearing.loudest(silence(1), 8000) < hearing.SILENCE_RMS
    assert hearing.rms(silence(0)) == 0


@pytest.mark.parametrize(
    ("law", "codes", "values"),
    [("ulaw", [0xFF, 0x80, 0x00], [0, 32124, -32124]), ("alaw", [0xD5, 0xAA, 0x2A], [8, 32256, -32256])],
)
def test_g711_decodes_to_the_values_of_the_standard(law: str, codes: list[int], values: list[int]) -> None:
    assert sounds.g711(np.array(codes, np.uint8), law).tolist() == values
