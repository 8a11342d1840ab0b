"""How pages write dates, lengths and numbers, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from appliance.models import User
from webui import appointments, shown
from webui.language import address, moment, telephone, telephone_for_guests

FIRST = datetime(2026, 12, 1, 13, 5, 9, tzinfo=UTC).timestamp()
"""14:05:09 in Paris."""


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
    assert shown.day(FIRST) == "mardi 1er décembre 2026"
    assert shown.date(FIRST) == "1er déc. 2026"
    assert shown.minute(FIRST) == "1er déc. 2026, 14:05"
    assert moment(FIRST) == "1er déc. 2026, 14:05:09"
    assert appointments.shortly(FIRST) == "mar. 1er déc. 2026, 14:05"


@pytest.mark.usefixtures("english")
def test_in_english_it_is_a_number() -> None:
    assert moment(FIRST) == "1 Dec 2026, 14:05:09"
    assert appointments.shortly(FIRST) == "Tue 1 Dec 2026, 14:05"


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
    assert shown.caller(claimed) == said


def plain(text: str) -> str:
    """The text with spaces of one kind."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
