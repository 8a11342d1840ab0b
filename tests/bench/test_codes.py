from __future__ import annotations

import numpy as np
import pytest

from tests.bench import sound
from tests.bench.codes import TONE, prompt_begins, tone_changes
from tests.bench.wire import Stream
from tests.phone.hearing import MATCH_RATE, PROMPT_HEAD, Floats, for_matching, trimmed

AT = 1000.0


def stream(samples: Floats, pause_after: int | None = None) -> Stream:
    """Packets of 20 ms from AT on; a second of nothing after so many."""
    coded = sound.encode(np.clip(samples, -32768, 32767))
    payloads = [coded[start : start + sound.PACKET] for start in range(0, len(coded), sound.PACKET)]
    arrivals = [
        AT + 0.02 * index + (1.0 if pause_after is not None and index >= pause_after else 0.0)
        for index in range(len(payloads))
    ]
    return Stream(arrivals, payloads)


def tone(seconds: float) -> Floats:
    at = np.arange(round(seconds * sound.RATE)) / sound.RATE
    return (4000 * np.sin(2 * np.pi * TONE * at)).astype(np.float32)


def silence(seconds: float) -> Floats:
    return np.zeros(round(seconds * sound.RATE), np.float32)


def voice(seconds: float) -> Floats:
    """As loud as a prompt, with nothing steady in it."""
    random = np.random.default_rng(3)
    rough = np.convolve(random.normal(0, 1, round(seconds * sound.RATE)), np.hanning(9), "same")
    return np.asarray(3500 * rough / rough.std(), np.float32)


def joined(*parts: Floats) -> Floats:
    return np.concatenate(parts).astype(np.float32)


@pytest.mark.parametrize("talked_over", [False, True])
@pytest.mark.parametrize("on", [False, True])
def test_the_edge_of_a_tone_is_found_to_some_ms(on: bool, talked_over: bool) -> None:
    parts = [silence(1.3), tone(3)] if on else [tone(1.3), silence(3)]
    samples = joined(*parts)
    if talked_over:
        samples[round(1.25 * sound.RATE) :] += voice(4.3)[round(1.25 * sound.RATE) :]
    found = tone_changes(stream(samples), on, AT + 1.0)
    assert found == pytest.approx(AT + 1.3, abs=0.004)


def test_a_lost_packet_is_no_end_of_a_tone() -> None:
    samples = joined(tone(1.2), silence(0.02), tone(0.3), silence(2))
    assert tone_changes(stream(samples), False, AT + 1.0) == pytest.approx(AT + 1.52, abs=0.004)


@pytest.mark.parametrize("on", [False, True])
def test_what_does_not_change_or_never_sounds_is_none(on: bool) -> None:
    for samples in (tone(4), silence(4), silence(0)):
        assert tone_changes(stream(samples), on, AT + 1.0) is None


def test_a_prompt_begins_where_it_is_heard_first_although_a_tone_and_a_pause_went_before() -> None:
    said = voice(1.0)
    needle = trimmed(for_matching(said, sound.RATE))[: int(PROMPT_HEAD * MATCH_RATE)]
    samples = joined(tone(0.2), silence(0.05), said, silence(0.35), said, silence(0.4))
    heard = stream(samples, pause_after=10)
    assert prompt_begins(heard, needle) == pytest.approx(AT + 1.25, abs=0.005)
    assert prompt_begins(stream(tone(2)), needle) is None
    assert prompt_begins(Stream(), needle) is None
