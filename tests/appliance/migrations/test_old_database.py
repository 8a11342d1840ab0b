"""A database of an earlier version comes through all later migrations with every row."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from appliance.migrations.runner import pending
from appliance.system.config import Config
from tests.appliance.migrations import past


@pytest.fixture
def old() -> Iterator[sqlite3.Connection]:
    """The kept database as it lies there; nothing is written beside it."""
    with closing(sqlite3.connect(f"file:{past.FILE}?mode=ro&immutable=1", uri=True)) as connection:
        yield connection


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows there are in each table of the kept database."""
    return {
        table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
        for table in past.recorded()["rows"]
    }


def test_the_kept_database_is_the_one_that_was_recorded() -> None:
    assert hashlib.sha256(past.FILE.read_bytes()).hexdigest() == past.recorded()["sha256"]


def test_the_kept_database_is_whole_and_of_version_0007(old: sqlite3.Connection) -> None:
    assert old.execute("SELECT max(name) FROM schema_migration").fetchone() == (past.VERSION,)
    assert old.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert old.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_kept_database_has_rows_in_every_table(old: sqlite3.Connection) -> None:
    tables = {name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables - {"schema_migration"} == set(past.recorded()["rows"])
    assert counts(old) == past.recorded()["rows"]
    assert min(counts(old).values()) > 0


def test_migrating_the_old_database_keeps_every_row(config: Config) -> None:
    with past.migrated(config) as box:
        assert pending() == []
        with closing(sqlite3.connect(box.paths.database)) as connection:
            assert counts(connection) == past.recorded()["rows"]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
