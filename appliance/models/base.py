"""The database, and what all tables share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from peewee import SQL, Model, SqliteDatabase

database = SqliteDatabase(None)
"""Bound to a file by the entry points, with open_database()."""


def open_database(path: Path, patience: float = 5.0) -> None:
    """Bind the models to the file; each thread connects at its first query.

    WAL: readers and the one writer do not wait for each other. A writer waits `patience` (s) for another.
    """
    database.init(
        str(path),
        pragmas={
            "journal_mode": "wal",
            "foreign_keys": 1,
            "busy_timeout": int(patience * 1000),
            "synchronous": "normal",
        },
    )


class Table(Model):
    """What all tables share."""

    id: Any

    class Meta:
        database = database
        legacy_table_names = False
        # Only what was set is written: a row read a moment ago does not undo what another process changed.
        only_save_dirty = True


def one_of(column: str, values: Iterable[str]) -> SQL:
    """Make the constraint that a column holds one of these values, which hold no quotes."""
    listed = ", ".join(f"'{value}'" for value in values)
    return SQL(f"CHECK ({column} IN ({listed}))")
