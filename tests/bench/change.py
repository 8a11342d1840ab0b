"""`change`: one setting changed with 10,000 bridges: when calls see it, and what it disturbs."""

from __future__ import annotations

import math
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from statistics import median

from tests.bench import sound
from tests.bench.bench import BRIDGES, Bench, pont_number
from tests.bench.box import BenchError, memory
from tests.bench.callers import Callers
from tests.bench.crowd import arrive
from tests.bench.flow import worst
from tests.bench.leg import Leg
from tests.bench.report import Row
from tests.phone import Sounds
from tests.phone.hearing import PROMPT_SCORE, Haystack, for_matching

NAME = "change"
MANY = 10_000
CHANGED = pont_number(BRIDGES - 1)
PROMPT = "pont/welcome"
EVERY, LISTENED = 0.1, 2.0
"""s between two calls that look, and s that each stays."""


def measure(bench: Bench) -> Iterator[Row]:
    """Change a bridge's language from French to English, and call it all the while."""
    before = memory(bench.asterisk)
    bench.fill(MANY)
    try:
        yield from _measure(bench, before)
    finally:
        _pont(bench, "bridge", "change", CHANGED, "--language", "fr")
        bench.fill(BRIDGES)


def _measure(bench: Bench, before: float) -> Iterator[Row]:
    startup = median(_pont(bench, "--help") for _ in range(3))
    with bench.callers() as callers:
        talking = [callers.call(pont_number(0), sound.tone(700 + 200 * who)) for who in range(3)]
        arrive(bench, len(talking), 30)
        begin, command, looks = _change_and_call(bench, callers)
        noticed = worst(leg.flow(begin - 1, begin + command + 1) for leg in talking)
    seen = _seen_after(looks, begin, Sounds(bench.box.root))
    bench.say(
        f"the command took {command:.2f} s, {startup:.2f} s of it to start; "
        f"calls that began {seen:.2f} s after it was typed and later see the change"
    )
    after = f"with {MANY} bridges, a change until it is in force, the command's own start aside"
    yield Row(NAME, after, command - startup, "s", "<=", 1)
    yield Row(NAME, "typing the command until the next call sees it (start included)", seen, "s")
    yield Row(NAME, "the command's own start", startup, "s")
    yield Row(NAME, "Asterisk's memory", memory(bench.asterisk), "MB", "<=", 300)
    yield Row(NAME, f"Asterisk's memory before, with {BRIDGES} bridges", before, "MB")
    yield Row(NAME, "largest gap of those in a conference meanwhile", noticed.gap_largest, "ms", "<=", 60)


def _change_and_call(bench: Bench, callers: Callers) -> tuple[float, float, list[Leg]]:
    """When the command was typed (s since the epoch), how long it took, the calls around it."""
    took: list[float] = []
    looks: list[Leg] = []
    command = threading.Thread(
        target=lambda: took.append(_pont(bench, "bridge", "change", CHANGED, "--language", "en"))
    )
    begin = math.inf
    for number in range(200):
        if number == 5:
            begin = time.time()
            command.start()
        looks.append(callers.call(CHANGED, sound.SILENCE))
        time.sleep(EVERY)
        _hang_up_old(looks)
        if took and time.time() > begin + took[0] + 0.5:
            break
    command.join()
    if not took:
        raise BenchError("the change failed")
    time.sleep(LISTENED)
    return begin, took[0], looks


def _hang_up_old(looks: Sequence[Leg]) -> None:
    for leg in looks:
        if time.time() - leg.invited_at > LISTENED:
            leg.hang_up()


def _seen_after(looks: Sequence[Leg], begin: float, sounds: Sounds) -> float:
    """Seconds from `begin` to the first call from which on all were greeted in English; infinite if none."""
    seen = math.inf
    for leg in reversed(looks):
        if not _greeted_in(leg, sounds, "en"):
            break
        seen = leg.invited_at - begin
    return seen


def _greeted_in(leg: Leg, sounds: Sounds, language: str) -> bool:
    haystack = Haystack(for_matching(sound.samples(leg.payloads), sound.RATE))
    return haystack.best(sounds.prompt(PROMPT, language)).score >= PROMPT_SCORE


def _pont(bench: Bench, *words: str) -> float:
    """Seconds that a `pont` command took; BenchError if it failed."""
    begin = time.monotonic()
    done = subprocess.run(
        [*bench.box.demo["pont"]["cli"], *words], capture_output=True, text=True, timeout=60
    )
    if done.returncode != 0:
        raise BenchError(f"pont {' '.join(words)}: {done.stdout}{done.stderr}")
    return time.monotonic() - begin
