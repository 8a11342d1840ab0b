"""Lists, a page at a time: whatever their length, the database is asked for what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request

SIZE = 25


@dataclass(frozen=True)
class Page:
    """Some rows of a query, and where they stand in all of it."""

    rows: list[Any]
    number: int
    """From 1."""
    total: int
    """Rows on all pages."""

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(1, -(-self.total // SIZE))

    @property
    def first_row(self) -> int:
        """Place of the first row that is shown, from 1."""
        return (self.number - 1) * SIZE + 1


def page_of(query: Any) -> Page:
    """Take the page of `query` that the address asks for (`?page=2`), the last one if there are fewer."""
    total = query.count()
    asked = request.args.get("page", 1, type=int)
    number = min(max(asked, 1), Page([], 1, total).last)
    return Page(list(query.limit(SIZE).offset((number - 1) * SIZE)), number, total)


def searched() -> str:
    """What the address searches for (`?q=`)."""
    return request.args.get("q", "").strip()[:100]


def install(app: Flask) -> None:
    """Make `page_address(number)` known to templates: the same list and search, another page."""
    app.jinja_env.globals["page_address"] = _address


def _address(number: int) -> str:
    return f"{request.path}?{urlencode({**request.args, 'page': number})}"
