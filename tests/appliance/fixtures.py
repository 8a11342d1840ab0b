"""Fixtures of all tests that need no real box: one in a directory, whose database is new for each test."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.asterisk_config.gate_client import Gate
from appliance.asterisk_config.gate_server import GateServer
from appliance.migrations.runner import migrate
from appliance.models import database, open_database
from appliance.system.config import Config
from tests.appliance.box import FakeAsterisk, make_box
from tests.mail import Provider


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_box(tmp_path)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated database, to be copied: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("migrated") / "pont.db"
    open_database(file)
    migrate(file)
    database.close()  # The last one out leaves all of it in the one file.
    return file


@pytest.fixture
def db(config: Config, migrated: Path) -> Iterator[Config]:
    """A box with an empty, migrated database that the models are bound to."""
    shutil.copy(migrated, config.paths.database)
    open_database(config.paths.database)
    yield config
    database.close()


@pytest.fixture
def asterisk(config: Config) -> FakeAsterisk:
    return FakeAsterisk(config.paths.generated)


@pytest.fixture
def gate_path(tmp_path: Path) -> Path:
    """Where the gate of `gate` listens."""
    return tmp_path / "gate.sock"


@pytest.fixture
def put_off() -> threading.Event:
    """Whether the gate of `gate` put something off."""
    return threading.Event()


@pytest.fixture
def gate(gate_path: Path, db: Config, asterisk: FakeAsterisk, put_off: threading.Event) -> Iterator[Gate]:
    """A gate that serves, with the fake Asterisk behind it."""
    server = GateServer(gate_path, db, lambda: asterisk, put_off.set)
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield Gate(gate_path)
    server.close()
    thread.join()


@pytest.fixture
def provider(db: Config) -> Iterator[Provider]:  # noqa: ARG001
    """The box's mail server."""
    with Provider() as server:
        server.use()
        yield server
