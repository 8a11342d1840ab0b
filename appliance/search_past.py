"""History of conferences, recordings and changes: the newest first, read backwards page by page (B6).

These grow without end, so a page begins after a known row, and nothing counts the rows before it.
Ids are found first, in indexes alone, for any number of bridges; then the few rows that are shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from peewee import SQL, fn

from appliance.directory import bridges
from appliance.formats import phone_numbers, text_search
from appliance.models import AuditEntry, Bridge, Conference, Participation, Recording, User

WALK = 5_000
"""Conferences searched for a name in one request; 30 ms."""
LOG_WALK = 10_000
"""Entries of the audit log searched for words in one request; 60 ms."""
_DIGITS = re.compile(r"\+?[0-9 .()\-]+")


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to."""

    bridges: Any = None
    """Ids of bridges, or a query of them; None for all there are."""
    since: float | None = None
    """From when on (s since the epoch)."""
    until: float | None = None
    """Before when."""


@dataclass(frozen=True)
class Page:
    """Some rows."""

    rows: list[Any]
    older: int | None
    """Id after which the next page begins; None at the end."""


def conferences(asked: Filter, caller: str, region: str, before: int | None, most: int) -> Page:
    """Conferences, those that run among them, behind the one with the id `before`; at most `most`.

    `caller`: words of the name or number of somebody who was there, "" for any. A whole number is found
    however long ago it called; for other words WALK conferences are looked through, which may yield fewer.
    """
    query = Conference.select(Conference.id).order_by(Conference.started_at.desc(), Conference.id.desc())
    if asked.bridges is not None:
        query = query.where(Conference.bridge.in_(asked.bridges))
    query = _in_time(query, Conference.started_at, asked)
    last = Conference.get_or_none(Conference.id == before) if before is not None else None
    if last is not None:
        behind = (Conference.started_at < last.started_at) | (Conference.id < last.id)
        query = query.where((Conference.started_at <= last.started_at) & behind)
    farthest = None
    if called := phone_numbers.forms(caller, region):
        there = Participation.select(Participation.conference).where(Participation.caller.in_(called))
        query = query.where(Conference.id.in_(there))
    elif caller:
        farthest = query.columns(Conference.id, Conference.started_at).offset(WALK - 1).first()
        if farthest is not None:
            query = query.where(Conference.started_at >= farthest.started_at)
        there = Participation.select(Participation.id).where(Participation.conference == Conference.id)
        query = query.where(fn.EXISTS(_holding(there, caller)))
    ids, older = _page(query, most)
    rows = Conference.select(Conference, Bridge, User).join(Bridge).join(User).where(Conference.id.in_(ids))
    ordered = rows.order_by(Conference.started_at.desc(), Conference.id.desc())
    return Page(list(ordered), older if older is not None or farthest is None else farthest.id)


def recordings(asked: Filter, states: Collection[str], before: int | None, most: int) -> Page:
    """Recordings in one of these states (any, if none is given), behind the one with the id `before`."""
    query = Recording.select(Recording.id).order_by(Recording.id.desc())
    if asked.bridges is not None:
        query = query.join(Conference).where(Conference.bridge.in_(asked.bridges))
    query = _in_time(query, Recording.started_at, asked)
    if states:
        query = query.where(Recording.state.in_(states))
    if before is not None:
        query = query.where(Recording.id < before)
    ids, older = _page(query, most)
    whole = Recording.select(Recording, Conference, Bridge, User).join(Conference).join(Bridge).join(User)
    return Page(list(whole.where(Recording.id.in_(ids)).order_by(Recording.id.desc())), older)


def page(query: Any, most: int) -> Page:
    """At most so many rows of a query that is sorted by ids, the highest first."""
    rows = list(query.limit(most + 1))
    return Page(rows[:most], rows[most - 1].id if len(rows) > most else None)


def log(text: str, before: int | None, most: int) -> Page:
    """Entries of the audit log that hold these words, behind the one with the id `before`.

    For words LOG_WALK entries are looked through, which may yield fewer than `most`.
    """
    query = AuditEntry.select().order_by(AuditEntry.id.desc())
    if before is not None:
        query = query.where(AuditEntry.id < before)
    farthest = query.columns(AuditEntry.id).offset(LOG_WALK - 1).first() if text else None
    if farthest is not None:
        query = query.where(AuditEntry.id >= farthest.id)
    fields = (AuditEntry.actor, AuditEntry.action, AuditEntry.subject, AuditEntry.detail)
    found = page(text_search.holding(query, text, *fields), most)
    return Page(found.rows, found.older if found.older or farthest is None else farthest.id)


def bridges_of(text: str, region: str, among: Any) -> Any:
    """Ids of the bridges that `text` means: by short number, number, or words of a user's name or address.

    `among` these ids, or a query of them; None for all there are.
    """
    query = Bridge.select(Bridge.id).join(User)
    if among is not None:
        query = query.where(Bridge.id.in_(among))
    called = bridges.find_dialled(text, region)
    if called is not None:
        query = query.where(Bridge.id == called.id)
    else:
        query = text_search.holding(query, text, User.first_name, User.last_name, User.email)
    # Found now: as a part of another query, SQLite may look for the words once for each of its rows.
    rows: Any = query.tuples()
    ids = [row_id for (row_id,) in rows]
    return SQL("(SELECT value FROM json_each(?))", (json.dumps(ids),))


def people_at_once(conference_ids: Collection[int]) -> dict[int, int]:
    """Return the most people at the same time in each of these conferences; only those that had any."""
    rows: Any = (
        Participation.select(Participation.conference, Participation.entered_at, Participation.left_at)
        .where(Participation.conference.in_(conference_ids))
        .tuples()
    )
    steps: dict[int, list[tuple[float, int]]] = {}
    for conference_id, entered_at, left_at in rows:
        mine = steps.setdefault(conference_id, [])
        mine.append((entered_at, 1))
        if left_at is not None:
            mine.append((left_at, -1))
    return {conference_id: most_at_once(mine) for conference_id, mine in steps.items()}


def most_at_once(steps: list[tuple[float, int]]) -> int:
    """Highest count that comes of these steps (moment, 1 or -1). Pure."""
    most = present = 0
    for _, step in sorted(steps):
        present += step
        most = max(most, present)
    return most


def _in_time(query: Any, field: Any, asked: Filter) -> Any:
    if asked.since is not None:
        query = query.where(field >= asked.since)
    if asked.until is not None:
        query = query.where(field < asked.until)
    return query


def _holding(people: Any, text: str) -> Any:
    """Those with these words in their name or number, or with these digits however they are grouped."""
    if _DIGITS.fullmatch(text):
        digits = re.sub(r"\D", "", text).lstrip("0")
        return people.where(fn.INSTR(Participation.caller, digits) > 0)
    return text_search.holding(people, text, Participation.caller, Participation.name)


def _page(query: Any, most: int) -> tuple[list[int], int | None]:
    """Ids that a query of ids finds, and the one that the next stretch is behind."""
    ids = [row_id for (row_id,) in query.limit(most + 1).tuples()]
    return (ids[:most], ids[most - 1]) if len(ids) > most else (ids, None)
