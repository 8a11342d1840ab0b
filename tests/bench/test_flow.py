from __future__ import annotations

import math

import pytest

from tests.bench.flow import Flow, flow, percentile, smooth, worst


def every_20_ms(begin: float, count: int) -> list[float]:
    return [begin + 0.02 * index for index in range(count)]


def test_even_packets_are_50_a_second_with_gaps_of_20_ms() -> None:
    seen = flow(every_20_ms(100.01, 500), 100.0, 110.0)
    assert seen.rate == 50
    assert seen.gap_99 == pytest.approx(20, abs=0.01)
    assert seen.gap_largest == pytest.approx(20, abs=0.01)


def test_a_hole_shows_as_the_largest_gap_only() -> None:
    arrivals = [at for at in every_20_ms(0, 1000) if not 5.0 < at < 5.07]
    seen = flow(arrivals, 0, 20)
    assert seen.gap_99 == pytest.approx(20, abs=0.01)
    assert seen.gap_largest == pytest.approx(80, abs=0.01)


def test_a_leg_that_falls_silent_before_the_end_has_a_gap_up_to_the_end() -> None:
    assert flow(every_20_ms(0, 100), 0, 10).gap_largest == pytest.approx(8020, abs=0.1)


def test_a_leg_that_hears_nothing_has_one_gap_as_long_as_the_window() -> None:
    assert flow([], 0, 5) == Flow(0.0, 5000.0, 5000.0)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_percentiles_are_by_nearest_rank(share: float, expected: float) -> None:
    assert percentile(range(100, 0, -1), share) == expected


def test_the_percentile_of_nothing_is_no_number() -> None:
    assert math.isnan(percentile([], 0.99))


def test_the_worst_of_legs_takes_each_number_from_the_leg_that_has_it_worst() -> None:
    assert worst([Flow(50, 21, 70), Flow(49, 25, 40)]) == Flow(49, 25, 70)
    assert worst([]) == Flow(0, math.inf, math.inf)


@pytest.mark.parametrize("leg", [Flow(49.4, 20, 20), Flow(50, 31, 31), Flow(50, 20, 61)])
def test_one_number_out_of_bounds_is_enough(leg: Flow) -> None:
    assert smooth(Flow(50, 30, 60))
    assert not smooth(leg)
