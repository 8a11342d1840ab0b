"""Renders the files that Asterisk includes from rows of the database: bridge profiles, phones, trunk. Pure.

This module alone decides which values are safe, whatever the database holds. An object with a value that
Asterisk could read as something else is left out and reported. A person's name loses its unsafe characters.
Each text ends with a marker section named by a hash of the rest: Asterisk can be asked whether it read it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from appliance.errors import UnsafeValueError

HEADER = "; Written by pont from its database; what is changed here is lost at the next change there."
MARKER_PREFIX = "pont-generation-"
_HASH_LENGTH = 12
_CALLER_NAME_LENGTH = 60
_PATTERNS = {
    "language": r"fr|en",
    "extension": r"[0-9]{2,6}",
    "digest": r"[0-9a-f]{32}",
    "account": r"[A-Za-z0-9._+-]{1,64}",
    "host": r"[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:.]{2,45}",
    "password": r'(?:(?![;\[\]{}#\\"])[!-~]){8,64}',
}


@dataclass(frozen=True)
class BridgeRow:
    """The values of a bridge that ConfBridge needs."""

    id: int
    language: str


@dataclass(frozen=True)
class PhoneRow:
    """A SIP account; `digest` is HA1 in hex, `name` its user's full name, for display only."""

    username: str
    name: str
    digest: str


@dataclass(frozen=True)
class TrunkRow:
    """The trunk, with the fields of models.Trunk."""

    host: str
    username: str
    authenticate: str
    digest: str
    register: bool
    password: str


@dataclass(frozen=True)
class Rendered:
    """One rendered file."""

    text: str
    marker: str
    """Name of the last section, by which Asterisk is asked whether it read this text."""
    left_out: tuple[str, ...]
    """Objects that cannot be rendered, worded for people."""


def render_confbridge(bridges: Iterable[BridgeRow]) -> Rendered:
    """Render a bridge profile for each bridge."""
    objects = ((f"bridge {row.id}", _bridge(row)) for row in bridges)
    return _render(objects, "(bridge)")


def render_pjsip(phones: Iterable[PhoneRow], trunk: TrunkRow | None) -> Rendered:
    """Render endpoint, account and address record of each phone, and the trunk's objects."""

    def objects() -> Iterator[tuple[str, Iterator[str]]]:
        for row in phones:
            yield f"phone {row.username!r}", _phone(row)
        if trunk is not None:
            yield "the trunk", _trunk(trunk)

    return _render(objects(), "", "type = aor")


def safe_name(name: str) -> str:
    """Reduce a person's name to letters, digits, space and - . ' which have no meaning to Asterisk."""
    text = unicodedata.normalize("NFC", name)
    kept = "".join(mark for mark in text if unicodedata.category(mark)[0] == "L" or mark in "0123456789 -.'")
    return " ".join(kept.split())[:_CALLER_NAME_LENGTH].strip()


def identify_section(host: str) -> str:
    """Return the name of the `identify` object that recognises the trunk by its address.

    It depends on the host: under a fixed name, Asterisk keeps the old object if a new host does not resolve.
    """
    return f"trunk-{hashlib.sha256(host.encode()).hexdigest()[:8]}"


def _render(objects: Iterable[tuple[str, Iterator[str]]], template: str, *marker_lines: str) -> Rendered:
    lines = [HEADER]
    left_out = []
    for name, section in objects:
        try:
            lines.extend(list(section))
        except UnsafeValueError as error:
            left_out.append(f"{name}: {error}")
    body = "\n".join(lines)
    marker = MARKER_PREFIX + hashlib.sha256(body.encode()).hexdigest()[:_HASH_LENGTH]
    text = "\n".join([body, "", f"[{marker}]{template}", *marker_lines, ""])
    return Rendered(text, marker, tuple(left_out))


def _bridge(row: BridgeRow) -> Iterator[str]:
    language = _checked("language", row.language)
    yield f"\n[bridge-{int(row.id)}](bridge)\nlanguage = {language}"


def _phone(row: PhoneRow) -> Iterator[str]:
    # Yielded as one text, so that a phone is rendered completely or not at all.
    username = _checked("extension", row.username)
    digest = _checked("digest", row.digest)
    name = safe_name(row.name)
    caller = f'"{name}" <{username}>' if name else f"<{username}>"
    yield (
        f"\n[{username}](phone)\nauth = {username}\naors = {username}\ncallerid = {caller}"
        f"\n[{username}](phone-auth)\nusername = {username}\npassword_digest = MD5:{digest}"
        f"\n[{username}](phone-aor)"
    )


def _trunk(row: TrunkRow) -> Iterator[str]:
    parts = [_trunk_by_digest(row) if row.authenticate == "digest" else _trunk_by_address(row)]
    if row.register:
        parts.append(_trunk_registration(row))
    yield "".join(parts)


def _trunk_by_digest(row: TrunkRow) -> str:
    username = _checked("account", row.username)
    digest = _checked("digest", row.digest)
    return (
        "\n[trunk](trunk-endpoint)\nidentify_by = auth_username\nauth = trunk"
        f"\n[trunk](trunk-auth)\nusername = {username}\npassword_digest = MD5:{digest}"
    )


def _trunk_by_address(row: TrunkRow) -> str:
    host = _checked("host", row.host)
    return (
        "\n[trunk](trunk-endpoint)\nidentify_by = ip"
        f"\n[{identify_section(host)}]\ntype = identify\nendpoint = trunk\nmatch = {host}"
    )


def _trunk_registration(row: TrunkRow) -> str:
    # The provider's realm is not known in advance, so this one password is written in the clear.
    host = _checked("host", row.host)
    host = f"[{host}]" if ":" in host else host
    username = _checked("account", row.username)
    password = _checked("password", row.password)
    return (
        f"\n[trunk-register]\ntype = auth\nauth_type = digest\nusername = {username}\npassword = {password}"
        f"\n[trunk]\ntype = registration\noutbound_auth = trunk-register\nserver_uri = sip:{host}"
        f"\nclient_uri = sip:{username}@{host}\ncontact_user = {username}\nretry_interval = 30"
        "\nforbidden_retry_interval = 300\nfatal_retry_interval = 300\nmax_retries = 1000000"
    )


def _checked(kind: str, value: str) -> str:
    if not re.fullmatch(_PATTERNS[kind], value, re.ASCII):
        raise UnsafeValueError(f"its {kind} is not one")
    return value
