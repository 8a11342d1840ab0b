"""The viewer's language and time zone: those of their account once they are signed in, else the browser's."""

from __future__ import annotations

from datetime import UTC, datetime

from babel import negotiate_locale
from flask import Flask, g, request
from flask_babel import Babel, format_time, get_locale, get_timezone, gettext, refresh

from appliance.formats.phone_numbers import written_at_home, written_for_guests
from appliance.formats.reader import format_day
from appliance.messages import Text
from appliance.models import User
from appliance.system.config import LANGUAGES
from webui.access import viewer_if_any
from webui.context import site

LOCALES = {"fr": "fr", "en": "en_GB"}
NAMES = {"fr": "Français", "en": "English"}


def install(app: Flask) -> None:
    """Set Flask-Babel up, and what templates show times (s since the epoch) and telephone numbers with."""
    Babel(app, locale_selector=lambda: LOCALES[language()], timezone_selector=_time_zone)
    app.jinja_env.filters.update(
        moment=moment, telephone=telephone, telephone_for_guests=telephone_for_guests
    )
    app.jinja_env.globals["language"] = language


def language() -> str:
    """The viewer's language."""
    user = g.get("addressee") or viewer_if_any()
    if user is not None:
        return user.language
    # "en-US, fr;q=0.5" is English first, though French alone is matched to the letter.
    return negotiate_locale(request.accept_languages.values(), LANGUAGES, sep="-") or site().config.language


def address(user: User) -> None:
    """Use the language of somebody who is not signed in, but whose link identifies them."""
    g.addressee = user
    refresh()


def say(text: Text) -> str:
    """Translate a sentence of the core for the viewer; it begins with a capital, unless with a value."""
    said = text.translated(gettext)
    return said if text.begins_with_value else said[:1].upper() + said[1:]


def moment(at: float) -> str:
    """Date and time of day, such as "24 nov. 2026, 14:05:09"."""
    return f"{date_as(at, 'medium')}, {format_time(datetime.fromtimestamp(at, UTC), 'medium')}"


def date_as(at: float, pattern: str) -> str:
    """Date on the viewer's clock, in a pattern that format_day() takes."""
    return format_day(local(at).date(), pattern, get_locale())


def local(at: float) -> datetime:
    """A time (s since the epoch) on the viewer's clock."""
    return datetime.fromtimestamp(at, UTC).astimezone(get_timezone())


def telephone(e164: str) -> str:
    """A number as people write it, on one line: "09 70 00 06 00", of another country "+44 20 7946 0018"."""
    return written_at_home(e164, site().config.region).replace(" ", "\u00a0")


def telephone_for_guests(e164: str) -> str:
    """A number as invitations give it, each form on one line: "09 70 00 06 00 (+33 9 70 00 06 00)"."""
    return written_for_guests(e164, site().config.region).replace(" ", "\u00a0").replace("\u00a0(", " (")


def _time_zone() -> str:
    user = viewer_if_any()
    return user.time_zone if user is not None else site().config.time_zone
