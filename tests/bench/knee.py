"""`knee`: how many legs the box carries on this machine before gaps leave their bounds, in steps of 50.

The load maker shares the machine's cores: a box of its own carries more. Tells what `admission_limit` can be.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tests.bench import sound
from tests.bench.bench import Bench, pont_number
from tests.bench.box import BenchError
from tests.bench.crowd import ARRIVALS, arrive, watch
from tests.bench.flow import smooth
from tests.bench.leg import Leg
from tests.bench.report import Row

NAME = "knee"
PEOPLE, STEP, FIRST, LAST = 5, 50, 250, 900


def measure(bench: Bench) -> Iterator[Row]:
    """Add 50 callers, look at the sampled legs, and so on until they suffer twice running."""
    with bench.box.admitting(10 * LAST):
        carried, cpu = _climb(bench, 5 if bench.quick else 10)
    yield Row(NAME, f"most legs (steps of {STEP}) with every gap within bounds", carried, "legs")
    yield Row(NAME, "Asterisk's CPU there (of one core)", cpu, "%")


def _climb(bench: Bench, seconds: float) -> tuple[int, float]:
    legs: list[Leg] = []
    total, carried, used = 0, 0, 0.0
    with contextlib.ExitStack() as stack:
        callers = stack.enter_context(bench.callers())
        stack.callback(bench.box.hang_up_all)
        while total < LAST:
            more = FIRST if total == 0 else STEP
            rooms = [pont_number(room) for room in range(total // PEOPLE, (total + more) // PEOPLE)]
            seats = [room for _ in range(PEOPLE) for room in rooms][: more - 1]
            legs.append(callers.call(rooms[-1], sound.tone(700)))
            stack.enter_context(bench.sipp(seats, ARRIVALS))
            total += more
            try:
                arrive(bench, total, more / ARRIVALS + 30)
                if not any(_carries(bench, legs, total, seconds) for _ in range(2)):
                    break
            except BenchError as error:
                bench.say(f"{total} legs: {error}")
                break
            carried, used = total, watch(bench, legs, 3).cpu
    return carried, used


def _carries(bench: Bench, legs: list[Leg], total: int, seconds: float) -> bool:
    window = watch(bench, legs, seconds)
    flow = window.worst
    bench.say(
        f"{total} legs: {flow.rate:.1f} packets/s, gaps {flow.gap_99:.0f} ms (99th), "
        f"{flow.gap_largest:.0f} ms (largest), Asterisk uses {window.cpu:.0f} % of a core"
    )
    return smooth(flow)
