"""`overload`: twice the load that the box admits. Those inside notice nothing, the others hear it is full."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

from tests.bench import sound
from tests.bench.bench import Bench, pont_number
from tests.bench.crowd import gathered
from tests.bench.flow import worst
from tests.bench.leg import Leg
from tests.bench.report import Row
from tests.phone import Sounds
from tests.phone.hearing import PROMPT_SCORE, Haystack, for_matching

NAME = "overload"
PEOPLE = 5
ARRIVALS = 50
"""Calls a second while the box is full."""
SAMPLED = 10
PROMPT = "pont/full"


def measure(bench: Bench) -> Iterator[Row]:
    """Fill the box to its limit, then let as many more call."""
    limit = bench.box.limit
    numbers = [pont_number(room) for room in range(limit // PEOPLE)]
    with gathered(bench, numbers, PEOPLE) as inside:
        begin = time.time()
        late, outcome, admitted = _too_many(bench, numbers, limit)
        noticed = worst(leg.flow(begin, time.time()) for leg in inside)
    told = [_told_after(leg, Sounds(bench.box.root, "fr")) for leg in late]
    bench.say(f"{outcome['begun'] + SAMPLED} more called {limit} inside; {outcome['failed']} calls failed")
    yield Row(
        NAME,
        f"{limit} admitted, {limit} more call: largest gap of those inside",
        noticed.gap_largest,
        "ms",
        "<=",
        60,
    )
    yield Row(NAME, "the same, packets/s", noticed.rate, "", ">=", 49.5)
    yield Row(NAME, f"call to “full”, slowest of {SAMPLED} sampled", max(told), "s", "<=", 3)
    yield Row(NAME, "callers beyond the limit who were let in", admitted, "", "=", 0)
    yield Row(NAME, "callers who were turned away without a word", outcome["failed"], "", "=", 0)


def _too_many(bench: Bench, numbers: list[str], limit: int) -> tuple[list[Leg], dict[str, int], int]:
    """As many calls again; the sampled ones, how sipp's went, and how many came in all the same."""
    rest = [numbers[index % len(numbers)] for index in range(limit - SAMPLED)]
    with bench.callers() as callers, bench.sipp(rest, ARRIVALS) as sipp:
        legs = []
        for index in range(SAMPLED):
            legs.append(callers.call(numbers[index], sound.SILENCE))
            time.sleep(limit / ARRIVALS / SAMPLED)
        for leg in legs:
            leg.ended.wait(15)
        admitted = max(0, bench.box.channels("ConfBridge") - limit)
        outcome = sipp.finish(30)
    return legs, outcome, admitted


def _told_after(leg: Leg, sounds: Sounds) -> float:
    """Seconds from the call to the beginning of the prompt; infinite if it was not heard."""
    if not leg.payloads:
        return math.inf
    match = Haystack(for_matching(sound.samples(leg.payloads), sound.RATE)).best(sounds.prompt(PROMPT))
    return leg.arrivals[0] + match.at - leg.invited_at if match.score >= PROMPT_SCORE else math.inf
