"""Conferences take place when people say, on their clocks, also in the weeks in which clocks change (R28)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from appliance.errors import RefusedError
from appliance.invitations import times
from appliance.invitations.times import Recurrence, Repeats
from tests.appliance.invitations.invited import at

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"


def utc(shown: str, zone: str) -> str:
    """The moment that somebody means who writes this."""
    return datetime.fromtimestamp(times.moment(at(shown), zone), UTC).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("shown", "zone", "meant"),
    [
        ("2026-11-24 14:00", PARIS, "2026-11-24 13:00"), ("2026-07-01 14:00", PARIS, "2026-07-01 12:00"),
        ("2026-03-29 01:59", PARIS, "2026-03-29 00:59"), ("2026-03-29 03:00", PARIS, "2026-03-29 01:00"),
        ("2026-10-25 03:00", PARIS, "2026-10-25 02:00"), ("2026-11-01 02:00", NEW_YORK, "2026-11-01 07:00"),
        ("2026-03-08 03:00", NEW_YORK, "2026-03-08 07:00"), ("2026-06-01 12:00", "UTC", "2026-06-01 12:00"),
        ("2026-06-01 12:00", "Asia/Kathmandu", "2026-06-01 06:15"),
    ],
)  # fmt: skip
def test_a_time_is_that_of_clocks_in_the_zone(shown: str, zone: str, meant: str) -> None:
    assert utc(shown, zone) == meant


@pytest.mark.parametrize(
    ("shown", "zone", "meant"),
    [("2026-10-25 02:30", PARIS, "2026-10-25 00:30"), ("2026-11-01 01:30", NEW_YORK, "2026-11-01 05:30")],
)
def test_of_two_times_that_clocks_show_alike_the_first_is_meant(shown: str, zone: str, meant: str) -> None:
    assert utc(shown, zone) == meant
    assert times.local(times.moment(at(shown), zone), zone) == at(shown)


@pytest.mark.parametrize(
    ("shown", "zone"),
    [("2026-03-29 02:00", PARIS), ("2026-03-29 02:59", PARIS), ("2026-03-08 02:30", NEW_YORK),
     ("2011-12-30 12:00", "Pacific/Apia")],
)  # fmt: skip
def test_a_time_that_clocks_never_show_is_refused(shown: str, zone: str) -> None:
    with pytest.raises(RefusedError, match=f"clocks in {zone} are put forward and never show {shown[-5:]}"):
        times.moment(at(shown), zone)


@pytest.mark.parametrize("year", [1, 1999, 3000, 9999])
def test_a_year_that_is_a_slip_of_the_fingers_is_refused(year: int) -> None:
    with pytest.raises(RefusedError, match=f"the year {year} cannot be right"):
        times.moment(at("2026-01-01 00:00").replace(year=year), "Pacific/Kiritimati")


FIRST = date(2026, 1, 31)


def days(repeats: str, count: int | None = None, until: date | None = None, first: date = FIRST) -> list[str]:
    return [f"{day:%m-%d}" for day in times.days(first, Recurrence(Repeats(repeats), count, until))]


def test_a_conference_repeats_as_often_as_it_is_said() -> None:
    assert days("none") == ["01-31"]
    assert days("weekly", 3) == ["01-31", "02-07", "02-14"]
    assert days("weekly", until=date(2026, 2, 13)) == ["01-31", "02-07"]
    assert days("weekly", until=date(2026, 2, 14)) == ["01-31", "02-07", "02-14"]
    assert days("weekly", until=FIRST) == days("weekly", 1) == ["01-31"]
    assert days("monthly", 3, first=date(2026, 11, 30)) == ["11-30", "12-30", "01-30"]


def test_months_without_that_day_are_left_out() -> None:
    assert days("monthly", 4) == ["01-31", "03-31", "05-31", "07-31"]
    assert days("monthly", until=date(2026, 6, 30)) == ["01-31", "03-31", "05-31"]
    assert days("monthly", 3, first=date(2028, 1, 29)) == ["01-29", "02-29", "03-29"]


def test_a_conference_repeats_for_two_years_at_most() -> None:
    assert len(days("weekly", 104)) == 104
    assert len(days("weekly", until=date(2028, 2, 1))) == 105
    assert len(days("monthly", 25, first=date(2026, 1, 1))) == 25


@pytest.mark.parametrize(
    ("repeats", "count", "until", "reason"),
    [
        ("weekly", None, None, "say how many times"), ("weekly", 2, date(2026, 3, 1), "say how many times"),
        ("weekly", 0, None, "1 to 104 times"), ("weekly", 105, None, "1 to 104 times"),
        ("weekly", -1, None, "1 to 104 times"), ("monthly", 26, None, "two years at most: lower the number"),
        ("weekly", None, date(2026, 1, 30), "before the first one"),
        ("weekly", None, date(2028, 2, 2), "two years at most: choose an earlier last day"),
        ("monthly", None, date.max, "two years at most"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    repeats: str, count: int | None, until: date | None, reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        days(repeats, count, until)


WEEKLY = Recurrence(Repeats.WEEKLY, 4)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-10-01 00:00", "2026-10-18 22:00"), ("2026-10-18 23:00", "2026-10-18 22:00"),
        ("2026-10-19 01:00", "2026-10-18 22:00"), ("2026-10-19 01:01", "2026-10-25 22:00"),
        ("2026-10-26 01:00", "2026-10-25 22:00"), ("2026-10-26 01:01", "2026-11-01 22:00"),
        ("2026-11-09 01:00", "2026-11-08 22:00"), ("2027-01-01 00:00", "2026-11-08 22:00"),
    ],
)  # fmt: skip
def test_the_next_time_is_the_first_that_is_not_over(now: str, expected: str) -> None:
    """Three hours past midnight, each week, over a change of clocks."""
    begins, ends = (times.moment(at(text), PARIS) for text in ("2026-10-18 22:00", "2026-10-19 01:00"))
    moment = times.moment(at(now), PARIS)
    assert times.next_at(begins, ends, PARIS, WEEKLY, moment) == times.moment(at(expected), PARIS)


def test_it_is_over_when_its_last_time_ends() -> None:
    begins, ends = (times.moment(at(text), PARIS) for text in ("2026-10-18 22:00", "2026-10-19 01:00"))
    assert times.over_at(begins, ends, PARIS, Recurrence()) == ends
    assert times.over_at(begins, ends, PARIS, WEEKLY) == times.moment(at("2026-11-09 01:00"), PARIS)
