"""The database, and the base class of all tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from peewee import SQL, Model, SqliteDatabase

database = SqliteDatabase(None)
"""Bound to a file by the entry points, with open_database()."""


def open_database(path: Path, timeout: float = 5.0) -> None:
    """Bind the models to the file; each thread connects at its first query.

    In WAL mode readers and the one writer do not block each other. A writer waits `timeout` (s) for another.
    """
    database.init(
        str(path),
        pragmas={
            "journal_mode": "wal",
            "foreign_keys": 1,
            "busy_timeout": int(timeout * 1000),
            "synchronous": "normal",
        },
    )


class Table(Model):
    """The base class of all tables."""

    id: Any

    class Meta:
        database = database
        legacy_table_names = False
        # save() writes only the fields that were set, so it does not overwrite another process's changes.
        only_save_dirty = True


def one_of(column: str, values: Iterable[str]) -> SQL:
    """Make the constraint that a column holds one of these values. They must not contain quotes."""
    listed = ", ".join(f"'{value}'" for value in values)
    return SQL(f"CHECK ({column} IN ({listed}))")
