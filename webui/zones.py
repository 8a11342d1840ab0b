"""Time zones to choose from: by continent and town, in the viewer's language."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from appliance.formats import time_zones
from appliance.formats.text_search import folded
from webui.language import LOCALES, language

CONTINENTS = {
    "Europe": _l("Europe"),
    "Africa": _l("Africa"),
    "America": _l("America"),
    "Asia": _l("Asia"),
    "Atlantic": _l("Atlantic"),
    "Australia": _l("Australia"),
    "Indian": _l("Indian Ocean"),
    "Pacific": _l("Pacific"),
    "Arctic": _l("Arctic"),
    "Antarctica": _l("Antarctica"),
}
UTC = "UTC"


def choices(*first: str) -> list[SelectChoice]:
    """What a select shows: these zones and UTC first, then the others by continent."""
    towns = _towns(language())
    top = dict.fromkeys([*first, UTC])
    usual = [SelectChoice(zone, town(zone), optgroup=_("Usual")) for zone in top]
    others = [
        SelectChoice(zone, label, optgroup=str(name))
        for continent, name in CONTINENTS.items()
        for label, zone in towns[continent]
        if zone not in top
    ]
    return usual + others


def town(zone: str) -> str:
    """Name of a zone for people: its town in the viewer's language."""
    return time_zones.city_name(zone, Locale.parse(LOCALES[language()])) or zone


@cache
def _towns(wanted: str) -> dict[str, list[tuple[str, str]]]:
    """Towns and their zones, by continent."""
    locale = Locale.parse(LOCALES[wanted])
    found: dict[str, list[tuple[str, str]]] = {continent: [] for continent in CONTINENTS}
    for zone in available_timezones():
        continent = zone.partition("/")[0]
        if continent in found and not time_zones.is_alias(zone):
            found[continent].append((time_zones.city_name(zone, locale), zone))
    return {
        continent: sorted(pairs, key=lambda pair: (folded(pair[0]), pair[1]))
        for continent, pairs in found.items()
    }
