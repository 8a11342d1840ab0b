"""`codes`: the last key of a service code until its effect is heard, on real phones.

Alice, administrator, presses `*3`: Bruno, who says a tone, is no longer heard by Chloe, then is again. Bruno
presses `*2`, then again. Each presser is told by a prompt.

Times are the kernel's, of packets on the cable (wire.py), all on one clock: "last key" is the first packet in
which the phone says that the key is up (the kit holds each for 0.2 s); "heard" is the place in the sound sent
to a phone where tone or prompt begins or ends. The error left is some ms: a tone's edge is found in steps of
1 ms, a prompt's beginning in steps of 10 ms. The silence that a prompt's file begins with (50 ms) counts;
what a phone's own jitter buffer adds does not. Below zero means: heard while the key was still down.

Whoever presses `*2` is out of the sound until their prompt is over, and their phone sends none while a key is
down: their tone cannot tell when the mute began, and is heard again only after the prompt. The latter is
shown, without a bound.
"""

from __future__ import annotations

import contextlib
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from appliance.speech.prompts import Prompt
from tests.bench.bench import Bench, pont_number
from tests.bench.box import BenchError
from tests.bench.flow import percentile
from tests.bench.report import Row
from tests.bench.sound import RATE
from tests.bench.wire import Key, Stream, Wire
from tests.phone import Phone, PhoneError, Sounds
from tests.phone.call import Call
from tests.phone.hearing import PROMPT_SCORE, TONE_MIN_AMPLITUDE, Floats, Haystack, Samples, for_matching
from tests.phone.sounds import inside, read

NAME = "codes"
ALICE, BRUNO, CHLOE = "101", "102", "103"
TONE = 2100
"""Bruno's (Hz): neither music nor speech holds it, and what compares prompts cuts it off."""
BEFORE, AFTER = 1.0, 3.0
"""s of sound before and after a code that are looked at."""
HOP, HALF_WINDOW = RATE // 1000, RATE // 100
"""Samples: 1 ms, 10 ms."""
LASTS = 100
"""ms that a tone must be there, or be gone: a packet that was lost is no effect."""
MEDIAN, MOST = 150, 300


@dataclass(frozen=True)
class Step:
    """A code, who presses it, and what they are told."""

    code: str
    presser: str
    prompt: Prompt
    tone: bool | None
    """What becomes of Bruno's tone for Chloe; None if that tells nothing."""


CYCLE = (
    Step("*3", ALICE, Prompt.ALL_MUTED, tone=False),
    Step("*3", ALICE, Prompt.ALL_UNMUTED, tone=True),
    Step("*2", BRUNO, Prompt.SELF_MUTED, tone=None),
    Step("*2", BRUNO, Prompt.SELF_UNMUTED, tone=True),
)


@dataclass
class Delays:
    """ms from the last key; infinite for what was not heard."""

    tones: list[float] = field(default_factory=list)
    prompts: list[float] = field(default_factory=list)
    own_tones: list[float] = field(default_factory=list)
    """Of `*2`: after the prompt."""
    key: list[float] = field(default_factory=list)
    """How long the last key was held."""


def measure(bench: Bench) -> Iterator[Row]:
    """Press codes, and look at what was heard."""
    presses = 20 if bench.quick else 100
    try:
        delays = _press(bench, presses // len(CYCLE))
    except (AssertionError, PhoneError) as error:
        raise BenchError(f"the phones do not hear what they should: {error}") from error
    finally:
        bench.box.hang_up_all()
    unheard = sum(1 for delay in (*delays.tones, *delays.prompts, *delays.own_tones) if math.isinf(delay))
    bench.say(f"{presses} codes pressed, {unheard} effects not heard")
    for what, values in (
        ("last key of *3 until the other's tone stops or begins", delays.tones),
        ("last key of *2 or *3 until one's own prompt begins", delays.prompts),
    ):
        yield Row(NAME, f"{what}, median of {len(values)}", percentile(values, 0.5), "ms", "<=", MEDIAN)
        yield Row(NAME, f"{what}, 95th percentile", percentile(values, 0.95), "ms", "<=", MOST)
    yield Row(NAME, "effects of codes that were not heard", unheard, "", "=", 0)
    again = percentile(delays.own_tones, 0.5)
    yield Row(NAME, "*2 off: one's own tone is heard again, after the prompt, median", again, "ms")
    yield Row(NAME, "the last key was held for, median", percentile(delays.key, 0.5), "ms")


def _press(bench: Bench, cycles: int) -> Delays:
    sip, address = bench.box.demo["sip"], bench.box.demo["host_address"]
    sounds = Sounds(bench.box.root, "fr")
    pauses = {step.prompt: _length(sounds, step.prompt) + 1.0 for step in CYCLE}
    delays = Delays()
    with contextlib.ExitStack() as stack:
        wire = stack.enter_context(Wire(address, sip["port"]))
        calls = _talk(bench, stack, sounds)
        for _ in range(cycles):
            for step in CYCLE:
                time.sleep(random.uniform(0, 0.5))  # Nothing that runs in turns is met at the same place.
                begin = time.time()
                calls[step.presser].dtmf(step.code)
                # The kit returns as the last key is about to be up; the prompt is to be over as well.
                time.sleep(0.3 + max(AFTER, pauses[step.prompt]))
                _note(delays, wire, step, _last_key(wire, step, begin), sounds)
    return delays


def _talk(bench: Bench, stack: contextlib.ExitStack, sounds: Sounds) -> dict[str, Call]:
    """Calls by the phone's extension: Alice and Chloe hear Bruno's tone."""
    calls = {}
    for extension in (ALICE, BRUNO, CHLOE):
        account = bench.box.phone(extension)
        phone = Phone(
            account.host, account.port, account.username, account.password,
            local_ip=account.local, number=extension, sounds=sounds, codecs=("PCMA",),
        )  # fmt: skip
        calls[extension] = stack.enter_context(phone).call(pont_number(0)).answered()
    calls[BRUNO].plays(TONE)
    for extension in (ALICE, CHLOE):
        calls[extension].hears(TONE, within=20)
    return calls


def _last_key(wire: Wire, step: Step, begin: float) -> Key:
    keys = [key for key in wire.keys_of(step.presser) if key.began >= begin]
    sent = "".join(key.key for key in keys)
    if sent != step.code or keys[-1].ended is None:
        raise BenchError(f"{sent or 'no key'} was seen on the cable, not {step.code}")
    return keys[-1]


def _note(delays: Delays, wire: Wire, step: Step, key: Key, sounds: Sounds) -> None:
    up = key.ended
    assert up is not None

    def since(at: float | None) -> float:
        return (at - up) * 1000 if at is not None else math.inf

    delays.key.append((up - key.began) * 1000)
    told = wire.heard_by(step.presser).between(key.began, up + AFTER)
    delays.prompts.append(since(prompt_begins(told, sounds.prompt(step.prompt))))
    if step.tone is not None:
        heard = wire.heard_by(CHLOE).between(key.began - BEFORE, up + AFTER)
        own = step.presser == BRUNO
        change = tone_changes(heard, step.tone, key.began)
        (delays.own_tones if own else delays.tones).append(since(change))


def prompt_begins(stream: Stream, prompt: Floats) -> float | None:
    """When the prompt (as Haystack wants it) begins to sound, the first time; None if it does not."""
    if not stream.payloads:
        return None
    found = Haystack(for_matching(stream.samples(), RATE)).all(prompt, PROMPT_SCORE)
    if not found:
        return None
    position = round(min(match.at for match in found) * RATE)
    return float(stream.times(np.array([position]))[0])


def tone_changes(stream: Stream, on: bool, since: float) -> float | None:
    """When, after `since`, the tone begins (`on`) or stops; None if it does not, or was so already."""
    levels = tone_levels(stream.samples())
    usual = float(np.percentile(levels, 90)) if len(levels) else 0.0
    if usual < TONE_MIN_AMPLITUDE:
        return None
    wanted = (levels > usual / 2) == on
    times = stream.times(HALF_WINDOW + HOP * np.arange(len(levels)))
    lasting = np.array([bool(wanted[at : at + LASTS].all()) for at in range(len(wanted) - LASTS + 1)])
    later = np.flatnonzero(lasting & (times[: len(lasting)] >= since))
    if not len(later) or later[0] == 0 or wanted[later[0] - 1]:
        return None
    return float(times[later[0]])


def tone_levels(samples: Samples) -> Floats:
    """Amplitude of the tone, each ms, in 20 ms around it."""
    hann = np.hanning(2 * HALF_WINDOW)
    if len(samples) < len(hann):
        return np.zeros(0, np.float32)
    probe = hann * np.exp(-2j * np.pi * TONE * np.arange(len(hann)) / RATE) * (2 / hann.sum())
    frames = np.lib.stride_tricks.sliding_window_view(samples, len(hann))[::HOP]
    return np.asarray(np.abs(frames.astype(np.float32) @ probe.astype(np.complex64)), np.float32)


def _length(sounds: Sounds, prompt: Prompt) -> float:
    """Seconds."""
    path = inside(sounds.root, f"{sounds.sounds_dir}/{sounds.language}/{prompt}.sln16")
    samples, rate = read(path)
    return len(samples) / rate
