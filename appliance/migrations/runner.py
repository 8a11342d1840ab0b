"""Brings the database to the schema of this program: numbered migrations, each in one transaction.

playhouse.migrations runs them and records their names. This module adds a lock, so that one process migrates
at a time, and refuses a database that a newer program migrated.
"""

from __future__ import annotations

from pathlib import Path

from playhouse.migrations import Runner  # type: ignore[import-untyped]

from appliance.errors import NewerDatabaseError
from appliance.models import database
from appliance.system.file_lock import locked

DIRECTORY = Path(__file__).parent


def migrate(file: Path) -> list[str]:
    """Apply the pending migrations to the database in `file`; return their names.

    Makes the file if it does not exist. A concurrent run waits for the lock and then finds nothing pending.
    NewerDatabaseError if a newer program migrated it.
    """
    with locked(file.with_suffix(".migrate.lock")):
        if not file.exists():
            # SQLite gives -wal and -shm the same mode, so other Unix users of the group can write too.
            file.touch(0o660)
            file.chmod(0o660)
        refuse_newer()
        applied: list[str] = Runner(database, str(DIRECTORY)).up()
        return applied


def pending() -> list[str]:
    """List the names of the migrations that the database lacks."""
    return [
        migration.name for migration in Runner(database, str(DIRECTORY)).status() if not migration.applied
    ]


def refuse_newer() -> None:
    """Raise NewerDatabaseError if migrations were applied that this program does not have."""
    unknown = [row.name for row in Runner(database, str(DIRECTORY)).status() if row.path is None]
    if unknown:
        raise NewerDatabaseError(
            f"the database is newer than this program (it has {', '.join(unknown)}):"
            " install the program that it was made with, or restore a backup of before"
        )
