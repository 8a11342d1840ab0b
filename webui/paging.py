"""Lists, a page at a time, with the search that they were narrowed by."""

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
    """Take the page of `query` that the address asks for (`?page=2`), the last one if there are fewer.

    The ids of all rows are read and counted, in order, so that searching and sorting are done once.
    """
    row_id = query.model.id
    ids = [row[0] for row in query.columns(row_id).tuples()]
    asked = request.args.get("page", 1, type=int)
    number = min(max(asked, 1), Page([], 1, len(ids)).last)
    shown = ids[(number - 1) * SIZE : number * SIZE]
    return Page(list(query.where(row_id.in_(shown))), number, len(ids))


def behind() -> int | None:
    """Return the id of the row before which a log is read on (`?before=`), None for the newest rows."""
    before = request.args.get("before", type=int)
    return before if before is not None and abs(before) < 2**63 else None


def searched() -> str:
    """What the address searches for (`?q=`)."""
    return request.args.get("q", "").strip()[:100]


def install(app: Flask) -> None:
    """Make known to templates: `page_address(number)`, the same list and search, another page; and for logs
    `older_address(id)`, the rows behind this one, `newest_address()`, and `narrowed_address(name, value)`.
    """
    app.jinja_env.globals.update(
        page_address=lambda number: _address(page=number),
        older_address=lambda row_id: _address(before=row_id),
        newest_address=lambda: _address(before=None),
        narrowed_address=lambda name, value: _address(**{name: value or None, "before": None}),
    )


def _address(**values: int | str | None) -> str:
    wanted = {**request.args, **values}
    query = urlencode({name: value for name, value in wanted.items() if value is not None})
    return f"{request.path}?{query}" if query else request.path
