"""Numbers out of times: percentiles, and how evenly packets arrive. Pure; times in s, gaps in ms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Flow:
    """How the sound of one leg arrived in one window of time."""

    rate: float
    """Packets per second; a G.711 leg of 20 ms packets has 50."""
    gap_99: float
    """99th percentile of the gaps between two packets, ms."""
    gap_largest: float
    """ms"""


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of all values do not exceed (nearest rank); nan of nothing."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def flow(arrivals: Sequence[float], begin: float, end: float) -> Flow:
    """How packets that arrived at these times (s, ascending) flowed from `begin` to `end`.

    A leg that fell silent before the end, or spoke late, shows that as a gap.
    """
    inside = [at for at in arrivals if begin <= at < end]
    gaps = [(later - earlier) * 1000 for earlier, later in pairwise([begin, *inside, end])]
    return Flow(len(inside) / (end - begin), percentile(gaps, 0.99), max(gaps))


def worst(flows: Iterable[Flow]) -> Flow:
    """The worst of each number, over the legs that were sampled; no leg at all is the worst there is."""
    legs = list(flows)
    if not legs:
        return Flow(0.0, math.inf, math.inf)
    return Flow(
        min(leg.rate for leg in legs),
        max(leg.gap_99 for leg in legs),
        max(leg.gap_largest for leg in legs),
    )


def smooth(leg: Flow) -> bool:
    """Whether a leg keeps the bounds of the design: 49.5 packets/s, gaps 30 ms (99th), 60 ms (largest)."""
    return leg.rate >= 49.5 and leg.gap_99 <= 30 and leg.gap_largest <= 60
