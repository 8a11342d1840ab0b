"""The database becomes what the models say, whoever migrates and how often."""

from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from peewee import IntegrityError, SqliteDatabase

from appliance import models
from appliance.errors import NewerDatabaseError
from appliance.migrations.runner import DIRECTORY, migrate, pending
from appliance.models import Bridge, Conference, Customer, Trunk, database
from appliance.system.config import Config


def schema(db: Any) -> list[list[str]]:
    """Every statement of the schema as its sorted parts: a column that was added later stands at the end."""
    rows = db.execute_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name != 'schema_migration' AND sql IS NOT NULL"
    )
    statements = (" ".join(sql.split()).removesuffix(")").partition("(") for (sql,) in rows)
    return sorted([head.strip(), *sorted(re.split(r", (?![^(]*\))", body))] for head, _, body in statements)


def test_the_migrated_schema_is_that_of_the_models(db: Config) -> None:  # noqa: ARG001
    fresh = SqliteDatabase(":memory:")
    with fresh.bind_ctx(models.TABLES):
        fresh.create_tables(models.TABLES)
        expected = schema(fresh)
    fresh.close()
    assert schema(database) == expected


def test_migrating_again_does_nothing(db: Config) -> None:
    assert migrate(db.paths.database) == []
    assert pending() == []


def test_of_two_who_migrate_at_once_one_does(config: Config) -> None:
    models.open_database(config.paths.database)

    def run(_: int) -> list[str]:
        try:
            return migrate(config.paths.database)
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [[], sorted(file.stem for file in DIRECTORY.glob("0*.py"))]


def test_a_database_of_a_newer_program_is_refused(db: Config) -> None:
    database.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('0099_later', '2030-01-01')")
    with pytest.raises(NewerDatabaseError, match=r"newer than this program.*0099_later"):
        migrate(db.paths.database)


def test_others_on_the_box_cannot_read_the_database(db: Config) -> None:
    Customer.create(name="x")
    for path in db.paths.data.glob("pont.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660, path


@pytest.mark.usefixtures("db")
def test_the_schema_itself_holds_the_limits() -> None:
    with pytest.raises(IntegrityError):
        Customer.create(name="x" * 81)
    with pytest.raises(IntegrityError):
        Bridge.create(user=1, pin_hash="", language="fr")
    with pytest.raises(IntegrityError):
        Trunk(id=2, username="x", authenticate="ip").save(force_insert=True)


@pytest.mark.usefixtures("db")
def test_a_bridge_has_one_running_conference_at_most() -> None:
    from tests.appliance.people import add_bridge, add_user

    bridge = add_bridge(add_user().email)
    Conference.create(bridge=bridge, started_at=1.0, ended_at=2.0)
    running = Conference.create(bridge=bridge, started_at=3.0)
    assert Conference.running(bridge) == running
    with pytest.raises(IntegrityError):
        Conference.create(bridge=bridge, started_at=4.0)


def test_invitations_of_before_say_when_they_are_over(config: Config) -> None:
    """0006: a weekly one of three times, begun in summer time."""
    models.open_database(config.paths.database)
    migrate(config.paths.database)
    database.execute_sql("PRAGMA foreign_keys = OFF")
    database.execute_sql("DELETE FROM schema_migration WHERE name = '0006_drafts'")
    for statement in ("DROP TABLE invitation_draft", "DROP INDEX invitation_over_at"):
        database.execute_sql(statement)
    database.execute_sql("ALTER TABLE invitation DROP COLUMN over_at")
    database.execute_sql(
        "INSERT INTO invitation VALUES (1, 1, 1, 'x', 0, 1, 'confirmed', 'x', '', 1792483200, 1792486800,"
        " 'Europe/Paris', 'weekly', 3, NULL, 0, '', 0, 0, NULL)"
    )
    migrate(config.paths.database)
    (over_at,) = database.execute_sql("SELECT over_at FROM invitation").fetchone()
    database.close()
    assert over_at == 1792486800 + 14 * 86_400 + 3600
