from __future__ import annotations

import json
import math

import pytest

from tests.bench.report import Row, as_json, number, table


@pytest.mark.parametrize(
    ("comparison", "value", "good"),
    [
        ("<=", 5, True),
        ("<=", 5.1, False),
        (">=", 5, True),
        (">=", 4.9, False),
        ("=", 5, True),
        ("=", 6, False),
    ],
)
def test_a_bound_holds_or_not(comparison: str, value: float, good: bool) -> None:
    assert Row("m", "w", value, "ms", comparison, 5).good is good


@pytest.mark.parametrize("comparison", ["<=", ">=", "="])
def test_what_is_no_number_holds_no_bound(comparison: str) -> None:
    assert Row("m", "w", math.nan, "ms", comparison, 5).verdict == "MISSES"


def test_a_row_without_a_bound_has_no_verdict() -> None:
    row = Row("m", "w", 5, "ms")
    assert row.good is None
    assert row.verdict == ""


def test_the_table_is_in_columns() -> None:
    rows = [Row("legs", "largest gap", 61.25, "ms", "<=", 60), Row("legs", "CPU", 120, "%")]
    assert table(rows).splitlines() == [
        "what               measured  bound",
        "legs: largest gap  61.2 ms   <= 60 ms  MISSES",
        "legs: CPU          120 %",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(50.0, "50"), (1.0312, "1.03"), (1234.5, "1234"), (math.inf, "inf"), (math.nan, "nan")],
)
def test_numbers_are_no_longer_than_they_are_true(value: float, text: str) -> None:
    assert number(value) == text


def test_json_knows_no_infinity() -> None:
    (row,) = json.loads(json.dumps(as_json([Row("m", "w", math.inf, "s", "<=", 3)]), allow_nan=False))
    assert row["value"] is None
    assert row["good"] is False
