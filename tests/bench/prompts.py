"""`prompts`: callers who sit in a PIN prompt at once; none is refused, and each hears it at once."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

from tests.bench import sound
from tests.bench.bench import Bench
from tests.bench.flow import percentile
from tests.bench.leg import Leg
from tests.bench.report import Row

NAME = "prompts"
CALLERS, SAMPLED = 300, 20
ARRIVALS = 100
"""Calls a second: all sit there before the first is asked again."""


def measure(bench: Bench) -> Iterator[Row]:
    """Call a bridge with a password (the demo's), and key nothing."""
    number = next(bridge["extension"] for bridge in bench.box.demo["bridges"] if bridge["password"])
    seconds = CALLERS / ARRIVALS
    with bench.callers() as callers, bench.sipp([number] * (CALLERS - SAMPLED), ARRIVALS) as sipp:
        legs = []
        for _ in range(SAMPLED):
            legs.append(callers.call(number, sound.SILENCE))
            time.sleep(seconds / SAMPLED)
        time.sleep(2)
        waiting = bench.box.channels("Read")
        bench.box.hang_up_all()
        outcome = sipp.finish(15)
    delays = [_delay(leg) for leg in legs]
    bench.say(f"{waiting} callers in the prompt at once; {outcome['failed']} calls failed")
    yield Row(NAME, f"of {CALLERS} callers in a PIN prompt at once, refused", CALLERS - waiting, "", "=", 0)
    yield Row(NAME, f"200 OK to prompt, slowest of {SAMPLED} sampled", max(delays), "ms", "<=", 300)
    yield Row(NAME, f"200 OK to prompt, median of {SAMPLED} sampled", percentile(delays, 0.5), "ms")


def _delay(leg: Leg) -> float:
    """ms from the answer to the first packet in which something is heard; infinite if there is none."""
    first = sound.first_audible(leg.payloads)
    return (leg.arrivals[first] - leg.answered_at) * 1000 if first is not None else math.inf
