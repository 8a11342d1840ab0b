"""Time zones are called as people call them, in their language."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from babel import Locale

from appliance.formats import time_zones
from appliance.formats.reader import Reader

WINTER, SUMMER = 1_795_000_000.0, 1_782_000_000.0


@pytest.mark.parametrize(
    ("zone", "french", "english"),
    [
        ("Europe/Paris", "Paris", "Paris"), ("Europe/London", "Londres", "London"),
        ("Africa/Cairo", "Le Caire", "Cairo"), ("America/New_York", "New York", "New York"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "Buenos Aires"),
        ("America/Montreal", "Montreal", "Montreal"), ("Europe/Kyiv", "Kyiv", "Kyiv"),
        ("UTC", "", ""), ("Etc/GMT+5", "", ""), ("EST5EDT", "", ""),
    ],
)  # fmt: skip
def test_a_zone_is_called_after_a_town(zone: str, french: str, english: str) -> None:
    assert (time_zones.city_name(zone, Locale("fr")), time_zones.city_name(zone, Locale("en", "GB"))) == (
        french,
        english,
    )


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("Europe/Paris", WINTER, "UTC+1"), ("Europe/Paris", SUMMER, "UTC+2"), ("UTC", WINTER, "UTC"),
        ("Europe/London", WINTER, "UTC"), ("Asia/Kathmandu", WINTER, "UTC+5:45"),
        ("America/New_York", SUMMER, "UTC−4"), ("America/St_Johns", WINTER, "UTC−3:30"),
    ],
)  # fmt: skip
def test_how_far_its_clocks_are_from_utc_depends_on_the_season(zone: str, at: float, expected: str) -> None:
    assert time_zones.utc_offset(zone, at) == expected


def test_mails_say_both_or_the_town_alone_for_what_repeats() -> None:
    assert Reader("fr", "Europe/London").zone(SUMMER) == "Londres, UTC+1"
    assert Reader("fr", "Europe/London").zone(None) == "Londres"
    assert Reader("fr", "Etc/GMT+5").zone(SUMMER) == Reader("fr", "Etc/GMT+5").zone(None) == "UTC−5"
    for zone in available_timezones() - {"localtime", "Factory"}:
        assert Reader("fr", zone).zone(WINTER), zone
