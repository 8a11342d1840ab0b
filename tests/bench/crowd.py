"""A crowd in conferences: so many rooms of so many people, all with sound, some of them looked at."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench import sound
from tests.bench.bench import Bench
from tests.bench.box import BenchError, Usage, wait_until
from tests.bench.flow import Flow, worst
from tests.bench.leg import Leg
from tests.phone.hearing import rms

ARRIVALS = 25
"""Calls a second while a crowd gathers."""
SETTLED = 3.0
"""Seconds between the last arrival and the first measurement."""
SAMPLED = 5


@dataclass(frozen=True)
class Window:
    """What was seen in a stretch of time."""

    cpu: float
    """Asterisk's, % of one core."""
    worst: Flow
    """The worst of the sampled legs."""


def seats(numbers: Sequence[str], people: int, sampled: int = SAMPLED) -> tuple[list[str], list[str]]:
    """Whom to call, room after room, `people` times: the crowd, and the `sampled`, spread evenly."""
    chosen = [numbers[index * len(numbers) // sampled] for index in range(sampled)]
    crowd = [number for _ in range(people) for number in numbers]
    for number in chosen:
        crowd.remove(number)
    return crowd, chosen


@contextlib.contextmanager
def gathered(bench: Bench, numbers: Sequence[str], people: int) -> Iterator[list[Leg]]:
    """Fill each of the conferences with so many people; the sampled legs. All are hung up at the end."""
    crowd, chosen = seats(numbers, people)
    with bench.callers() as callers:
        legs = [callers.call(number, sound.tone(700)) for number in chosen]
        with bench.sipp(crowd, ARRIVALS) as sipp:
            arrive(bench, len(crowd) + len(chosen), len(crowd) / ARRIVALS + 30)
            try:
                yield legs
            finally:
                bench.box.hang_up_all()
            sipp.finish(15)


def arrive(bench: Bench, people: int, seconds: float) -> None:
    """Wait until so many are in conferences, and a little more. BenchError after `seconds`."""

    def all_in() -> bool:
        return bench.box.channels("ConfBridge") >= people

    try:
        wait_until(all_in, seconds, "", every=1)
    except BenchError:
        there = bench.box.channels("ConfBridge")
        raise BenchError(
            f"only {there} of {people} callers are in conferences after {seconds:.0f} s"
        ) from None
    time.sleep(SETTLED)


def watch(bench: Bench, legs: Sequence[Leg], seconds: float) -> Window:
    """Look at the sampled legs and at Asterisk's CPU for so long. BenchError if a leg hears nothing."""
    usage, begin = Usage.now(bench.asterisk), time.time()
    time.sleep(seconds)
    cpu, end = usage.since(), time.time()
    for leg in legs:
        heard = rms(sound.samples(leg.payloads[-50:]))
        if heard < sound.AUDIBLE:
            raise BenchError(f"a sampled caller hears nothing of the others (RMS {heard:.0f})")
    return Window(cpu, worst(leg.flow(begin, end) for leg in legs))
