"""Counts as they are said: French has its own ideas of 1, 21, 71, 80, 81 and 91."""

from __future__ import annotations

import pytest

from appliance.speech.spoken_numbers import number

FRENCH = {
    0: "0", 1: "une", 16: "16", 17: "17", 20: "20", 21: "20 et une", 22: "20 2", 61: "60 et une",
    70: "60 10", 71: "60 et 11", 77: "60 17", 80: "80", 81: "80 une", 90: "80 10", 91: "80 11", 99: "80 19",
    100: "hundred", 101: "hundred une", 200: "2 hundred", 1971: "thousand 9 hundred 60 et 11",
}  # fmt: skip
ENGLISH = {0: "0", 1: "1", 13: "13", 21: "20 1", 90: "90", 99: "90 9", 100: "1 hundred", 250: "2 hundred 50"}


def said(value: int, language: str) -> str:
    return " ".join(file.rpartition("/")[2] for file in number(value, language))


@pytest.mark.parametrize("value", FRENCH)
def test_french(value: int) -> None:
    assert said(value, "fr") == FRENCH[value]


@pytest.mark.parametrize("value", ENGLISH)
def test_english(value: int) -> None:
    assert said(value, "en") == ENGLISH[value]


def test_only_counts_are_said() -> None:
    for value in (-1, 10_000):
        with pytest.raises(ValueError, match="0 to 9999"):
            number(value, "fr")
