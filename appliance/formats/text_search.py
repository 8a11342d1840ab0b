"""Searching and sorting by names as people do: without regard to accents and capital letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from peewee import fn

from appliance.models import database


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Return `text` in small letters without accents."""
    marks = unicodedata.normalize("NFD", text.casefold())
    return "".join(mark for mark in marks if not unicodedata.combining(mark))


database.register_function(folded, "folded", 1)


def order(*fields: Any) -> Any:
    """Make the term that sorts a query by these fields."""
    return fn.folded(_joined(fields))


def holding(query: Any, text: str, *fields: Any) -> Any:
    """Narrow a query to rows with each word of `text` somewhere in the fields, none of which is NULL."""
    for word in folded(text).split():
        query = query.where(fn.INSTR(fn.folded(_joined(fields)), word) > 0)
    return query


def _joined(fields: tuple[Any, ...]) -> Any:
    joined = fields[0]
    for field in fields[1:]:
        joined = joined.concat(" ").concat(field)
    return joined
