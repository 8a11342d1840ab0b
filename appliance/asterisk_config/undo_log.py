"""Rolls back a saved use case when Asterisk refuses the configuration that results from it.

A transaction cannot stay open while Asterisk reloads. So temporary triggers record, for each row that
changes on this connection, the statement that restores it ("undo/redo" in SQLite's documentation).
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from appliance.models import TABLES, Table, database


class UndoLog:
    """A recording of the changes made in its `with` block, which rollback() undoes afterwards."""

    def __init__(self) -> None:
        self._statements: list[str] = []

    def __enter__(self) -> UndoLog:
        _run("CREATE TEMP TABLE undo_log (statement TEXT NOT NULL)")
        for table in TABLES:
            for trigger in _triggers(table):
                _run(trigger)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        rows = _run("SELECT statement FROM undo_log ORDER BY rowid DESC")
        self._statements = [statement for (statement,) in rows]
        for table in TABLES:
            for event in ("insert", "update", "delete"):
                _run(f"DROP TRIGGER temp.{_trigger_name(table, event)}")
        _run("DROP TABLE temp.undo_log")

    def rollback(self) -> None:
        """Restore all rows in one transaction. The caller ensures that nobody else changed them since."""
        with database.atomic("IMMEDIATE"):
            # A row that was deleted with its parent is restored before the parent.
            _run("PRAGMA defer_foreign_keys = ON")
            for statement in self._statements:
                _run(statement)


def _run(sql: str) -> Any:
    return database.execute_sql(sql)  # type: ignore[no-untyped-call]


def _trigger_name(table: type[Table], event: str) -> str:
    return f'"undo_{table._meta.table_name}_{event}"'


def _triggers(table: type[Table]) -> list[str]:
    """Return the SQL of the triggers that record how to undo an insert, an update and a delete."""
    name = f'"{table._meta.table_name}"'
    columns = [f'"{field.column_name}"' for field in table._meta.sorted_fields]
    old = " || ', ' || ".join(f"quote(old.{column})" for column in columns)
    settings = " || ', ' || ".join(f"'{column} = ' || quote(old.{column})" for column in columns)
    # Of a statement only names from the models are composed here; the values are quoted by SQLite.
    undoing = {
        "insert": ("AFTER", f"'DELETE FROM {name} WHERE id = ' || new.id"),  # noqa: S608
        "update": ("AFTER", f"'UPDATE {name} SET ' || {settings} || ' WHERE id = ' || new.id"),  # noqa: S608
        "delete": ("BEFORE", f"'INSERT INTO {name} ({', '.join(columns)}) VALUES (' || {old} || ')'"),  # noqa: S608
    }
    triggers = []
    for event, (when, statement) in undoing.items():
        head = f"CREATE TEMP TRIGGER {_trigger_name(table, event)} {when} {event} ON main.{name}"
        triggers.append(f"{head} BEGIN INSERT INTO undo_log VALUES ({statement}); END")  # noqa: S608
    return triggers
