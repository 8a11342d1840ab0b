"""Validation of what people type."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from appliance.errors import RefusedError
from appliance.formats.unicode import normalize
from appliance.messages import Text
from appliance.models import ACCOUNT_ROLES, EXTENSION_PATTERN, NAME_LENGTH
from appliance.system.config import LANGUAGES

_INVISIBLE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks that turn the direction of text: a name with one reads differently from what it is."""

MAX_EMAIL_LENGTH = 254
"""Characters (RFC 5321, 4.5.3.1.3)."""
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?)+", re.ASCII)


def name(value: str, field: Text) -> str:
    """Return a name as it is kept: stripped, one kind of spaces, 1 to 80 characters, nothing invisible."""
    text = normalize(value).strip()
    if any(unicodedata.category(mark) in _INVISIBLE for mark in text) or _BIDI.search(text):
        raise RefusedError(
            "the %(field)s contains control characters: type it again, in one line", field=field
        )
    text = " ".join(text.split())
    if not text:
        raise RefusedError("the %(field)s is empty: give one", field=field)
    if len(text) > NAME_LENGTH:
        raise RefusedError(
            "the %(field)s has %(length)s characters: shorten it to at most %(most)s",
            field=field,
            length=len(text),
            most=NAME_LENGTH,
        )
    return text


def email(value: str) -> str:
    """Return an e-mail address as it is kept: in small letters, of valid form (not tried out)."""
    address = value.strip()
    if len(address) > MAX_EMAIL_LENGTH:
        raise RefusedError("an e-mail address has at most %(most)s characters", most=MAX_EMAIL_LENGTH)
    try:
        valid = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        hint = f": {one_line(str(error))}"
        raise RefusedError(
            "%(value)s is not a valid e-mail address", hint=hint, value=quote(value)
        ) from error
    return valid.normalized.lower()


def host(value: str, example: str) -> str:
    """Return a host's name or address as it is kept; whether there is such a host is another question."""
    host = value.strip()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        if _HOST_NAME.fullmatch(host) and not host.replace(".", "").isdigit():
            return host.lower().rstrip(".")
    raise RefusedError(
        "%(value)s is not a valid host name or address: use one such as %(example)s",
        value=quote(host),
        example=example,
    )


def language(value: str) -> str:
    """Return the language if every prompt exists in it."""
    return _one_of(value, LANGUAGES, Text("language"))


def role(value: str) -> str:
    """Return the role if it is one of ACCOUNT_ROLES."""
    return _one_of(value, ACCOUNT_ROLES, Text("role"))


@cache
def _time_zones() -> set[str]:
    """Names of the tz database; walking its files takes 15 ms."""
    return available_timezones()


def time_zone(value: str) -> str:
    """Return the name of a time zone of the tz database."""
    zones = _time_zones()
    if value not in zones:
        hint = f": {closest(value, zones, 'use one such as Europe/Paris')}"
        raise RefusedError("%(value)s is not a time zone", hint=hint, value=quote(value))
    return value


def extension(value: str) -> str:
    """Return an extension if it looks like one; whether it is free is another question."""
    if not re.fullmatch(EXTENSION_PATTERN, value, re.ASCII):
        raise RefusedError("%(value)s is not a valid extension: use 2 to 6 digits", value=quote(value))
    return value


def normalize_query(value: str) -> str:
    """Prepare a typed name for a look-up; bytes that are not text find nothing."""
    text = value.encode(errors="replace").decode()
    return normalize(" ".join(text.split()))


def unknown(kind: Text, value: str, known: Iterable[str]) -> RefusedError:
    """Make the error for a name that is not in the directory, with the closest name that is."""
    hint = f": {closest(value, known, f'`pont {kind} list` shows those there are')}"
    return RefusedError("there is no %(kind)s %(value)s", hint=hint, kind=kind, value=quote(value))


def closest(value: str, known: Iterable[str], otherwise: str) -> str:
    """Return a question for the closest of `known`, else `otherwise`."""
    by_small = {item.casefold(): item for item in known}
    near = get_close_matches(value[:NAME_LENGTH].casefold(), by_small, n=1, cutoff=0.6)
    return f"did you mean {by_small[near[0]]}?" if near else otherwise


def quote(value: str) -> str:
    """Quote what somebody typed so that it stays one short line whatever it contains."""
    return repr(value if len(value) <= 60 else value[:57] + "...")


def one_line(text: str) -> str:
    """Keep a message of a library from becoming several lines."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())


def _one_of(value: str, allowed: tuple[str, ...], field: Text) -> str:
    if value not in allowed:
        hint = f": use {', '.join(allowed[:-1])} or {allowed[-1]}"
        raise RefusedError("%(value)s is not a valid %(field)s", hint=hint, value=quote(value), field=field)
    return value
