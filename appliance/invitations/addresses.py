"""Reads lists of e-mail addresses as people paste them (R29), and says what is wrong with the rest."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote

from email_validator import EmailNotValidError, validate_email

from appliance.errors import RefusedError
from appliance.formats.unicode import normalize
from appliance.mail.message import one_line
from appliance.messages import Text
from appliance.models import NAME_LENGTH

MAX_ADDRESSES = 200
"""Addresses in one invitation."""
MAX_LIST_LENGTH, LONGEST_PIECE = 100_000, 1000
"""Characters: of 200 long addresses with names, and of one of them."""
MAX_SHOWN_LENGTH = 60

_PIECE = re.compile(r'((?:"[^"\n]*"|<[^<>\n]*>|[^,;\t\n])*)([,;\t\n]?)')
"""What stands between two separators; in quotes and brackets they are none."""
_BRACKETED = re.compile(r"([^<>]*)<([^<>]*)>")
_MAILTO = re.compile(r"mailto:([^?]*)", re.IGNORECASE)
_LINE_ENDS = re.compile("\r\n?|[\v\f\u0085\u2028\u2029]")
_NOT_IN_NAMES = re.compile("[<>;]")
_AROUND = " \"'()[]<>\u2018\u2019\u201c\u201d\u00ab\u00bb"
"""What programs put around names and addresses."""


class Reason(Enum):
    """Why an entry is left out, and what to do."""

    NO_ADDRESS = Text("it has no @: write it as name@company.example, or remove it")
    INVALID = Text("mail cannot be sent to it: correct it, or remove it")
    TOO_MANY = Text("there are %(most)s before it: invite the rest separately", most=MAX_ADDRESSES)


@dataclass(frozen=True)
class Address:
    """One recipient; `name` is "" if none was given."""

    address: str
    name: str = ""


@dataclass(frozen=True)
class Problem:
    """An entry of the list that is not an address: as it was written, shortened."""

    text: str
    reason: Reason


@dataclass
class Parsed:
    """The addresses of a list in order, each once, regardless of capitals."""

    addresses: list[Address] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def written(address: Address) -> str:
    """Write an address as parse() reads it."""
    return f'"{address.name}" <{address.address}>' if address.name else address.address


def parse(text: str) -> Parsed:
    """Read a list: addresses with or without names, between commas, semicolons, tabs, ends of lines, spaces.

    RefusedError only if the text is too long for a list.
    """
    if len(text) > MAX_LIST_LENGTH:
        raise RefusedError("that is too long for a list of addresses: paste nothing but addresses")
    reader = _Reader()
    for piece, separator in _PIECE.findall(_plain(text)):
        reader.take(piece.strip(), separator)
    return reader.parsed


class _Reader:
    """Goes through the pieces, and keeps a possible name for the next address."""

    def __init__(self) -> None:
        self.parsed = Parsed()
        self._seen: set[str] = set()
        self._names: list[tuple[str, str]] = []
        """Pieces without @, each with what separates it from the next."""

    def take(self, piece: str, separator: str) -> None:
        if len(piece) > LONGEST_PIECE:
            self._complain(piece, Reason.INVALID)
        elif "@" in piece:
            self._take_addresses(piece, self._name_before(piece))
        elif piece:
            self._names.append((piece, separator))
        if separator not in (",", "\t"):
            self._leave_names()

    def _name_before(self, piece: str) -> str:
        """A name that stands before its address: in cells of a table, or as in "Last, First <address>"."""
        first, bracket, _ = piece.partition("<")
        name = ""
        if self._names and self._names[-1][1] == "\t":
            name = " ".join(cell for cell, _ in self._names) + " "
            self._names.clear()
        elif self._names and bracket and first.strip() and "@" not in first:
            name = self._names.pop()[0] + ", "
        self._leave_names()
        return name

    def _leave_names(self) -> None:
        for name, _ in self._names:
            self._complain(name, Reason.NO_ADDRESS)
        self._names.clear()

    def _take_addresses(self, piece: str, name: str) -> None:
        end = 0
        for match in _BRACKETED.finditer(piece):
            before, address = match.groups()
            # Some write an address where its name should be.
            name = self._take_words(name + before)
            self._add(address, name)
            name, end = "", match.end()
        rest = self._take_words(name + piece[end:])
        if rest:
            self._complain(rest, Reason.NO_ADDRESS)

    def _take_words(self, text: str) -> str:
        """Take addresses without brackets, each with the words before it; return the words after them."""
        words: list[str] = []
        for word in text.split():
            if "@" in word:
                self._add(word, " ".join(words))
                words = []
            else:
                words.append(word)
        return " ".join(words)

    def _add(self, written: str, name: str) -> None:
        address = written.strip(_AROUND)
        if link := _MAILTO.match(address):
            address = unquote(link[1])
        address = address.rstrip(".:")
        if address.casefold() in self._seen:
            return
        if len(self.parsed.addresses) == MAX_ADDRESSES:
            self._complain(address, Reason.TOO_MANY)
            return
        try:
            valid = validate_email(address, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            self._complain(address, Reason.INVALID)
            return
        if valid.normalized.casefold() not in self._seen:
            self.parsed.addresses.append(Address(valid.normalized, _name(name)))
        self._seen |= {address.casefold(), valid.normalized.casefold()}

    def _complain(self, text: str, reason: Reason) -> None:
        line = one_line(text)
        shown = line if len(line) <= MAX_SHOWN_LENGTH else line[: MAX_SHOWN_LENGTH - 1] + "…"
        self.parsed.problems.append(Problem(shown, reason))


def _name(text: str) -> str:
    """Return a name without what stands around it, and without what means something in a list."""
    # A header that was pasted whole begins with its name.
    name = _NOT_IN_NAMES.sub(" ", text.rpartition(":")[2].replace("\\", "").replace('"', "'"))
    return " ".join(name.split()).strip(_AROUND)[:NAME_LENGTH].strip(_AROUND)


def _plain(text: str) -> str:
    """Return the text with one kind of spaces and ends of lines, and nothing that cannot be seen."""
    lines = _LINE_ENDS.sub("\n", normalize(text))
    return "".join(" " if mark.isspace() and mark not in "\n\t" else mark for mark in lines if _is_seen(mark))


def _is_seen(mark: str) -> bool:
    return mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cf", "Cs")
