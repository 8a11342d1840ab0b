"""A box whose database is made anew for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.config import Config
from appliance.migrate import migrate
from appliance.models import database, open_database
from tests.appliance.box import FakeAsterisk, make_box


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_box(tmp_path)


@pytest.fixture
def db(config: Config) -> Iterator[Config]:
    """A box with an empty, migrated database that the models are bound to."""
    open_database(config.paths.database)
    migrate(config.paths.database)
    yield config
    database.close()


@pytest.fixture
def asterisk(config: Config) -> FakeAsterisk:
    return FakeAsterisk(config.paths.generated)
