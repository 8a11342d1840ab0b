"""Dates as mails and pages write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from babel import Locale

from appliance.mail.wording import Reader, format_day

FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 2)
FRENCH, ENGLISH = Locale("fr"), Locale("en", "GB")


@pytest.mark.parametrize(
    ("pattern", "first", "second"),
    [
        ("medium", "1er déc. 2026", "2 déc. 2026"),
        ("long", "1er décembre 2026", "2 décembre 2026"),
        ("full", "mardi 1er décembre 2026", "mercredi 2 décembre 2026"),
        ("EEE d MMM y", "mar. 1er déc. 2026", "mer. 2 déc. 2026"),
    ],
)
def test_in_french_only_the_first_of_a_month_is_an_ordinal(pattern: str, first: str, second: str) -> None:
    assert format_day(FIRST, pattern, FRENCH) == first
    assert format_day(SECOND, pattern, FRENCH) == second


def test_days_that_end_in_a_1_and_figures_alone_stay() -> None:
    assert format_day(date(2026, 12, 21), "long", FRENCH) == "21 décembre 2026"
    assert format_day(date(2026, 1, 31), "full", FRENCH) == "samedi 31 janvier 2026"
    assert format_day(FIRST, "short", FRENCH) == "01/12/2026"


def test_in_english_the_first_of_a_month_is_a_number() -> None:
    assert format_day(FIRST, "long", ENGLISH) == "1 December 2026"


def test_a_reader_of_mails_finds_the_first_of_a_month_as_people_write_it() -> None:
    at = datetime(2026, 12, 1, 13, 0, tzinfo=UTC).timestamp()
    reader = Reader("fr", "Europe/Paris")
    assert (reader.day(at), reader.weekday(at), reader.day_of_week(at)) == (
        "1er décembre 2026", "mardi 1er décembre 2026", "mardi",
    )  # fmt: skip
