"""Brings the database to the schema of this program: numbered migrations, each in one transaction.

playhouse.migrations runs them and notes their names; what it lacks stands here: one migrates at a time, and a
database of a newer program is left alone.
"""

from __future__ import annotations

from pathlib import Path

from playhouse.migrations import Runner  # type: ignore[import-untyped]

from appliance.errors import NewerDatabaseError
from appliance.models import database
from appliance.system.file_lock import locked

DIRECTORY = Path(__file__).parent


def migrate(file: Path) -> list[str]:
    """Apply what the database in `file` lacks, and make it if need be; return the names of what was applied.

    Who comes second waits and finds nothing to do.
    """
    with locked(file.with_suffix(".migrate.lock")):
        if not file.exists():
            # -wal and -shm copy this mode: another Unix user of the group may then write as well.
            file.touch(0o660)
            file.chmod(0o660)
        refuse_newer()
        applied: list[str] = Runner(database, str(DIRECTORY)).up()
        return applied


def pending() -> list[str]:
    """Names of the migrations that the database lacks."""
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
