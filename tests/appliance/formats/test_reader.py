"""Dates, lengths and French as mails and pages write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel import Locale

from appliance.formats.reader import Reader, format_day
from appliance.mail.wording import TEXTS

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


FRENCH_TEXTS = sorted(TEXTS.glob("*.fr.*"))


@pytest.mark.parametrize("path", FRENCH_TEXTS, ids=lambda path: path.name)
def test_french_mails_are_typeset_with_spaces_that_do_not_break(path: Path) -> None:
    text = re.sub(r"{#.*?#}|style=\"[^\"]*\"|{%.*?%}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"[^\S\u00a0\n][:;!?»]|«[^\u00a0]|\u202f|\.\.\.| #", text)


@pytest.mark.parametrize("path", FRENCH_TEXTS, ids=lambda path: path.name)
def test_french_mails_use_the_words_of_the_pages(path: Path) -> None:
    other = r"[Cc]ode PIN|PIN de création|administrateur|[Éé]lectronique|[Cc]ourri|(?<![eE]-)\bmails?\b"
    assert not re.search(other, re.sub(r"{[{%#].*?[}%#]}", "", path.read_text(), flags=re.DOTALL))


def test_units_are_tied_to_their_numbers_by_one_kind_of_space() -> None:
    reader = Reader("fr", "UTC")
    assert {*reader.length(4_330), *reader.length(59), *reader.size(23_400_000)} & {"\u202f"} == set()
    assert (reader.length(4_320), reader.size(23_400_000)) == ("1\u00a0h 12\u00a0min", "23,4\u00a0Mo")
