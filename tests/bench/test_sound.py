from __future__ import annotations

import numpy as np

from tests.bench import sound
from tests.phone.hearing import rms, tone_lasts


def test_the_tone_is_there_when_decoded() -> None:
    heard = sound.samples([sound.tone(440, seconds=2)])
    assert tone_lasts(heard, sound.RATE, 440) > 1.5
    assert 2700 < rms(heard) < 2950  # 4000 / sqrt 2


def test_every_code_comes_back_from_its_level() -> None:
    codes = bytes(range(256))
    assert sound.encode(sound.samples([codes])) == codes


def test_silence_is_not_audible_and_a_prompt_after_it_is() -> None:
    assert sound.first_audible([sound.SILENCE] * 3) is None
    assert sound.first_audible([sound.SILENCE, sound.SILENCE, sound.tone(440)[: sound.PACKET]]) == 2


def test_the_loudest_samples_are_encoded_too() -> None:
    decoded = sound.samples([sound.encode(np.array([32767, -32768], np.int16))])
    assert abs(int(decoded[0])) == abs(int(decoded[1])) == 32256
