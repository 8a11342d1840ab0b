"""What pages showed of a database of an earlier version, they show of it migrated: each row, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from appliance.system.config import Config
from tests.appliance.migrations import past
from tests.webui.browser import Browser
from tests.webui.rows import Rows, rows_of

INSTALLERS = {"fr": "ines@example.com", "en": "ivan@example.com"}
"""Who reads which language."""
KINDS = ("conferences", "recordings", "mails", "lockouts", "audit")
"""How the addresses of pages begin."""
MARK = re.compile(r"\d\d:\d\d(?::\d\d)?|[^\s“”]+@[^\s“”]+")
"""What tells a row from others, however it is worded: times of day, e-mail addresses."""
WORD = re.compile(r"[a-z][a-z_-]{2,}")
ALIKE = frozenset(
    {"code", "codes", "date", "e-mail", "message", "messages", "page", "pages", "pin", "service"}
    | {"english", "fran", "ais"}
)
"""Words of both languages, and how languages call themselves."""


@pytest.fixture
def db(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    """A box whose database was the old one, at the moment at which its pages were noted down."""
    monkeypatch.setattr("time.time", lambda: past.recorded()["now"])
    with past.migrated(config) as box:
        yield box


class Reader:
    """Reads the pages of the site in one language."""

    def __init__(self, app: Flask, language: str) -> None:
        self._language = language
        self._browser = Browser(app, language)
        assert self._browser.sign_in(INSTALLERS[language]).status_code == 303

    def read(self, address: str) -> Rows:
        """What stands on a page."""
        answer = self._browser.get(address)
        assert answer.status_code == 200, address
        return rows_of(answer.get_data(as_text=True))

    def noted(self, address: str) -> Rows:
        """What stood there before."""
        rows: Rows = past.recorded()["pages"][address][self._language]
        return rows


@pytest.fixture(params=INSTALLERS)
def reader(app: Flask, request: pytest.FixtureRequest) -> Reader:
    return Reader(app, request.param)


@pytest.fixture
def both(app: Flask) -> tuple[Reader, Reader]:
    return Reader(app, "fr"), Reader(app, "en")


def addresses(kind: str) -> list[str]:
    """Of the pages that were noted down."""
    return [address for address in past.recorded()["pages"] if re.match(rf"/{kind}\b", address)]


def marks(rows: Rows) -> dict[str, list[list[str]]]:
    """By which one knows each row of each part."""
    return {part: [MARK.findall(" ".join(row)) for row in of_part] for part, of_part in rows.items()}


def words(rows: Rows) -> set[str]:
    return {
        word for of_part in rows.values() for row in of_part for word in WORD.findall(" ".join(row).lower())
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_page_has_all_its_rows_in_their_order(kind: str, reader: Reader) -> None:
    for address in addresses(kind):
        assert marks(reader.read(address)) == marks(reader.noted(address)), address


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_shows_a_key_in_the_place_of_words(kind: str, both: tuple[Reader, Reader]) -> None:
    """A key, or a sentence that is not translated, would stand on the page in both languages."""
    for address in addresses(kind):
        french, english = (words(reader.read(address)) for reader in both)
        before_in_french, before_in_english = (words(reader.noted(address)) for reader in both)
        assert (french & english) - (before_in_french & before_in_english) <= ALIKE, address


def test_what_happened_is_said_in_the_words_of_the_reader(both: tuple[Reader, Reader]) -> None:
    for address in addresses("conferences/"):
        rows = [reader.read(address)["happened"] for reader in both]
        for in_french, in_english in zip(*rows, strict=True):
            assert all(in_french), (address, in_french)
            assert in_french[2] != in_english[2], (address, in_french)


def test_who_keyed_wrong_codes_is_named_in_the_words_of_the_reader(both: tuple[Reader, Reader]) -> None:
    """Phones and hidden numbers are; claimed numbers and texts read the same in both languages."""
    shown = [reader.read("/lockouts")["facts"] for reader in both]
    noted = [reader.noted("/lockouts")["facts"] for reader in both]
    for rows in zip(*shown, *noted, strict=True):
        french, english, before_in_french, before_in_english = (set(row[1].split(", ")) for row in rows)
        assert (len(french), len(english)) == (len(before_in_french), len(before_in_english)), rows
        assert len(french & english) <= len(before_in_french & before_in_english), rows
