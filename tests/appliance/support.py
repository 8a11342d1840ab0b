"""What tests of rules and use cases work on: an empty, migrated database and an example configuration."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from appliance.config import AgiAddress, AmiAddress, Config, Paths, Recordings, Sip
from appliance.migrate import migrate
from appliance.models import database, open_database


@contextlib.contextmanager
def empty_database(directory: Path) -> Iterator[None]:
    """Bind the models to a new database in `directory`."""
    file = directory / "pont.db"
    open_database(file)
    migrate(file)
    yield
    database.close_all() if hasattr(database, "close_all") else database.close()


def example_config(directory: Path) -> Config:
    """A whole configuration with its paths in `directory`; nothing listens at its addresses."""
    return Config(
        language="fr",
        region="FR",
        time_zone="Europe/Paris",
        admission_limit=400,
        ami=AmiAddress("127.0.0.1", 5038, "pont"),
        agi=AgiAddress("127.0.0.1", 4573),
        sip=Sip("192.0.2.10", 5060, "pont"),
        recordings=Recordings(keep_days=90, keep_days_most=365, floor_mb=1),
        mail_largest_mb=10,
        web_url="https://pont.example",
        paths=Paths(directory, directory / "generated", directory / "secrets", directory / "media"),
    )
