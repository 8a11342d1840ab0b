"""How pages write dates, lengths and numbers, in both languages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from appliance.models import User
from webui import appointments, jinja_filters
from webui.language import address, moment, telephone, telephone_for_guests

FIRST = datetime(2026, 12, 1, 13, 5, 9, tzinfo=UTC).timestamp()
"""14:05:09 in Paris."""


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> float:
    """A moment at which time stands still."""
    at = FIRST + 20 * 86_400
    monkeypatch.setattr(time, "time", lambda: at)
    return at


@pytest.fixture
def french(app: Flask, people: dict[str, User]) -> Iterator[None]:
    with app.test_request_context():
        people["alice"].language = "fr"
        address(people["alice"])
        yield


@pytest.fixture
def english(app: Flask, people: dict[str, User]) -> Iterator[None]:
    with app.test_request_context():
        address(people["alice"])
        yield


@pytest.mark.usefixtures("french")
def test_in_french_the_first_of_a_month_is_an_ordinal_on_every_page() -> None:
    assert jinja_filters.day(FIRST) == "mardi 1er décembre 2026"
    assert jinja_filters.date(FIRST) == "1er déc. 2026"
    assert jinja_filters.datetime_short(FIRST) == "1er déc. 2026, 14:05"
    assert moment(FIRST) == "1er déc. 2026, 14:05:09"
    assert appointments.shortly(FIRST) == "mar. 1er déc. 2026, 14:05"


@pytest.mark.usefixtures("english")
def test_in_english_it_is_a_number() -> None:
    assert moment(FIRST) == "1 Dec 2026, 14:05:09"
    assert appointments.shortly(FIRST) == "Tue 1 Dec 2026, 14:05"


AGES = [
    (0, "less than a minute", "moins d’une minute"),
    (59, "less than a minute", "moins d’une minute"),
    (60, "1 min", "1 min"),
    (179, "2 mins", "2 min"),
    (4_330, "1 hr 12 mins", "1 h 12 min"),
]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("seconds", "said", "_french"), AGES)
def test_what_goes_on_is_told_by_how_long(now: float, seconds: float, said: str, _french: str) -> None:
    assert jinja_filters.elapsed(now - seconds) == said


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(("seconds", "_english", "said"), AGES)
def test_in_french_too(now: float, seconds: float, _english: str, said: str) -> None:
    assert plain(jinja_filters.elapsed(now - seconds)) == said


@pytest.mark.usefixtures("english")
def test_a_clock_that_was_put_back_makes_no_length_below_zero(now: float) -> None:
    assert jinja_filters.elapsed(now + 30) == "less than a minute"
    assert jinja_filters.lately(now + 30) == "21 Dec 2026, 14:05"


@pytest.mark.usefixtures("english")
def test_what_has_just_happened_is_told_by_how_long_ago(now: float) -> None:
    told = [jinja_filters.lately(now - seconds) for seconds in (5, 150, 3_599, 3_600)]
    assert told == ["just now", "2 mins ago", "59 mins ago", "21 Dec 2026, 13:05"]


@pytest.mark.usefixtures("french")
def test_in_french_it_is_as_well(now: float) -> None:
    told = [plain(jinja_filters.lately(now - seconds)) for seconds in (5, 150, 3_600)]
    assert told == ["à l’instant", "il y a 2 min", "21 déc. 2026, 13:05"]


@pytest.mark.usefixtures("english")
def test_numbers_of_the_boxs_country_are_in_the_national_form_on_one_line() -> None:
    assert telephone("+33970000600") == "09 70 00 06 00".replace(" ", "\u00a0")
    assert telephone("+442079460018") == "+44 20 7946 0018".replace(" ", "\u00a0")
    assert plain(telephone_for_guests("+33970000600")) == "09 70 00 06 00 (+33 9 70 00 06 00)"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("claimed", "said"),
    [
        ("33612345678", "06 12 34 56 78"),
        ("+442079460018", "+44 20 7946 0018"),
        ("101", "101"),
        ("", "hidden number"),
        ("anonymous", "anonymous"),
    ],
)
def test_so_are_those_of_callers(claimed: str, said: str) -> None:
    assert jinja_filters.caller(claimed) == said


def plain(text: str) -> str:
    """The text with spaces of one kind."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
