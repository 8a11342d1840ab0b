"""`legs`: 80 conferences of 5, Pont against bare ConfBridge in the same run, and one conference of 250."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench import sound
from tests.bench.bench import Bench, pont_number
from tests.bench.box import BARE
from tests.bench.crowd import ARRIVALS, Window, arrive, gathered, watch
from tests.bench.flow import worst
from tests.bench.report import Row

ROOMS, PEOPLE = 80, 5
LARGE, TALKING = 250, 3
NAME = "legs"


def measure(bench: Bench) -> Iterator[Row]:
    """Both kinds in turn, so that what else this machine does meanwhile hits both."""
    seconds, rounds = (8, 1) if bench.quick else (20, 3)
    bench.box.add_bare_conferences()
    with bench.box.admitting(2 * ROOMS * PEOPLE):
        yield from _measure(bench, seconds, rounds)


def _measure(bench: Bench, seconds: float, rounds: int) -> Iterator[Row]:
    seen: dict[str, list[Window]] = {"Pont": [], "bare ConfBridge": []}
    for _ in range(rounds):
        for kind, numbers in (
            ("Pont", [pont_number(room) for room in range(ROOMS)]),
            ("bare ConfBridge", [f"{BARE}{room:04}" for room in range(ROOMS)]),
        ):
            with gathered(bench, numbers, PEOPLE) as legs:
                window = watch(bench, legs, seconds)
            seen[kind].append(window)
            flow = window.worst
            bench.say(
                f"{ROOMS * PEOPLE} legs, {kind}: Asterisk uses {window.cpu:.0f} % of a core; sampled legs: "
                f"{flow.rate:.1f} packets/s, gaps {flow.gap_99:.0f} ms (99th) to {flow.gap_largest:.0f} ms"
            )
    yield from _compare(seen["Pont"], seen["bare ConfBridge"])
    for kind, number in (("Pont", pont_number(0)), ("bare ConfBridge", f"{BARE}0000")):
        yield _large_conference(bench, seconds, kind, number)


def _compare(pont: list[Window], bare: list[Window]) -> Iterator[Row]:
    flow = worst(window.worst for window in pont)
    used = {
        kind: median(window.cpu for window in windows) for kind, windows in (("Pont", pont), ("bare", bare))
    }
    what = f"{ROOMS} conferences of {PEOPLE}"
    yield Row(NAME, f"{what}, packets/s, worst sampled leg", flow.rate, "", ">=", 49.5)
    yield Row(NAME, f"{what}, gaps, 99th percentile", flow.gap_99, "ms", "<=", 30)
    yield Row(NAME, f"{what}, largest gap", flow.gap_largest, "ms", "<=", 60)
    yield Row(NAME, f"{what}, Asterisk's CPU (of one core)", used["Pont"], "%")
    yield Row(NAME, f"{what}, the same of bare ConfBridge", used["bare"], "%")
    yield Row(NAME, f"{what}, largest gap of bare ConfBridge", worst(w.worst for w in bare).gap_largest, "ms")
    yield Row(NAME, f"{what}, CPU against bare ConfBridge", used["Pont"] / used["bare"], "times", "<=", 1.05)


def _large_conference(bench: Bench, seconds: float, kind: str, number: str) -> Row:
    with bench.callers() as callers:
        legs = [callers.call(number, sound.tone(500 + 200 * talker)) for talker in range(TALKING)]
        with bench.sipp([number] * (LARGE - TALKING), ARRIVALS, silent=True) as sipp:
            try:
                arrive(bench, LARGE, LARGE / ARRIVALS + 30)
                window = watch(bench, legs, seconds)
            finally:
                bench.box.hang_up_all()
            sipp.finish(15)
    bench.say(f"one conference of {LARGE}, {kind}: largest gap {window.worst.gap_largest:.0f} ms")
    what = f"one conference of {LARGE}, {TALKING} talking, {kind}: Asterisk's CPU (of one core)"
    bound = ("<=", 65) if kind == "Pont" else ()
    return Row(NAME, what, window.cpu, "%", *bound)
