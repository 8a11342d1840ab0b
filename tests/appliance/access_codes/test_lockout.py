"""Guessing is locked out across calls (B2)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.access_codes.lockout import (
    BOX_LIMIT,
    BRIDGE_LIMIT,
    CALLER_LIMIT,
    WINDOW_S,
    CallerIdentity,
    Failure,
    judge,
)

NOW = 1_000_000.0


def claimed(number: str) -> CallerIdentity:
    return CallerIdentity(number=number)


def failures(count: int, *, bridge: int = 1, number: str | None = None, ago: float = 10.0) -> list[Failure]:
    return [
        Failure(bridge, claimed(number if number is not None else f"+331{n}"), NOW - ago)
        for n in range(count)
    ]


def test_a_bridge_is_locked_out_after_ten_failures_whatever_caller_ids_are_claimed() -> None:
    assert not judge(failures(BRIDGE_LIMIT - 1), 1, claimed("+33999"), NOW).locked
    verdict = judge(failures(BRIDGE_LIMIT), 1, claimed("+33999"), NOW)
    assert (verdict.scope, verdict.locked_until) == ("bridge", NOW - 10 + WINDOW_S)


def test_one_caller_is_locked_out_before_they_close_the_bridge_for_others() -> None:
    bad = failures(CALLER_LIMIT, number="+33666")
    assert judge(bad, 1, claimed("+33666"), NOW).scope == "caller"
    assert not judge(bad, 1, claimed("+33777"), NOW).locked


def test_walking_along_the_numbers_locks_the_box_out() -> None:
    spread = [Failure(n, claimed(f"+331{n}"), NOW - 5) for n in range(BOX_LIMIT)]
    assert judge(spread, 5000, claimed("+33999"), NOW).scope == "box"
    assert not judge(spread[1:], 5000, claimed("+33999"), NOW).locked


def test_a_number_that_reads_like_an_account_is_not_that_phone() -> None:
    bad = failures(CALLER_LIMIT, number="phone 101")
    assert judge(bad, 1, claimed("phone 101"), NOW).locked
    assert not judge(bad, 1, CallerIdentity(phone="101"), NOW).locked
    assert not judge(failures(CALLER_LIMIT, number="101"), 1, CallerIdentity(phone="101"), NOW).locked


def test_failures_on_another_bridge_do_not_count() -> None:
    assert not judge(failures(BRIDGE_LIMIT, bridge=2), 1, claimed(""), NOW).locked


def test_a_lockout_ends_when_the_failures_are_an_hour_old() -> None:
    old = failures(BRIDGE_LIMIT, ago=WINDOW_S)
    assert not judge(old, 1, claimed(""), NOW).locked
    assert judge(failures(BRIDGE_LIMIT, ago=WINDOW_S - 1), 1, claimed(""), NOW).locked_until == NOW + 1


def test_the_answer_to_a_wrong_code_comes_later_and_later() -> None:
    delays = [judge(failures(count), 1, claimed("x"), NOW).delay for count in range(BRIDGE_LIMIT)]
    assert delays == [0, 0, 0, 1, 2, 4, 8, 8, 8, 8]


@given(st.lists(st.floats(0, 5 * WINDOW_S), max_size=120))
def test_no_hour_ever_sees_more_than_ten_guesses(waits: list[float]) -> None:
    """An attacker who tries as fast as they are let, at any moments, with a new caller ID each time."""
    now = NOW
    seen: list[Failure] = []
    for number, wait in enumerate(waits):
        now += wait
        if not judge(seen, 1, claimed(f"+336{number}"), now).locked:
            seen.append(Failure(1, claimed(f"+336{number}"), now))
    for failure in seen:
        window = [other for other in seen if failure.at - WINDOW_S < other.at <= failure.at]
        assert len(window) <= BRIDGE_LIMIT
