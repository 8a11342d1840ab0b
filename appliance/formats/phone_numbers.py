"""Telephone numbers: the many ways to write or dial one, and the one way in which it is kept (E.164)."""

from __future__ import annotations

import re

import phonenumbers

_WRITTEN = re.compile(r"\+?[0-9 ().\-]{1,32}")
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})
"""No-break spaces, with which French typography groups digits."""


def to_e164(dialled: str, region: str) -> str | None:
    """Return the number in E.164 ("+33970000600"), None if it is none.

    Understands national (0970...), international (+33..., 0033...) and what trunks deliver (33... without
    plus), with spaces, dots, dashes and brackets where people write them. `region`: ISO 3166. Pure.
    """
    text = dialled.strip().translate(_SPACES)
    if not _WRITTEN.fullmatch(text):
        return None
    readings = [text] if text.startswith(("+", "0")) else [text, "+" + text]
    parsed = [number for reading in readings if (number := _parse(reading, region))]
    for good in (phonenumbers.is_valid_number, _is_possible):
        for number in parsed:
            if good(number):
                return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _is_possible(number: phonenumbers.PhoneNumber) -> bool:
    """Return whether the number may exist, in a range newer than this box; a kept national 0 is not valid."""
    return phonenumbers.is_possible_number(number) and not number.italian_leading_zero


def forms(text: str, region: str) -> tuple[str, ...]:
    """Return the forms in which a caller's side may claim the number `text`; none if it is not a number."""
    e164 = to_e164(text, region)
    if e164 is None:
        return ()
    number = phonenumbers.parse(e164)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return e164, e164[1:], f"00{e164[1:]}", re.sub(r"\D", "", national)


def written(e164: str) -> str:
    """Return a number as people write it in any country: "+33 9 70 00 06 00"."""
    number = phonenumbers.parse(e164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def written_at_home(e164: str, region: str) -> str:
    """Return a number as people write it in the box's country: "09 70 00 06 00", those of others with "+".

    `region` (ISO 3166) is the box's: nobody says in which country a reader is, and most readers are where
    the box is. Numbers with one calling code dial each other in the national form.
    """
    number = phonenumbers.parse(e164)
    if number.country_code != phonenumbers.country_code_for_region(region):
        return written(e164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def written_for_guests(e164: str, region: str) -> str:
    """Return a number for readers of any country: "09 70 00 06 00 (+33 9 70 00 06 00)", else "+44 ..."."""
    anywhere, at_home = written(e164), written_at_home(e164, region)
    return anywhere if at_home == anywhere else f"{at_home} ({anywhere})"


def _parse(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
