"""A database that an earlier version of the program made, and what its pages showed: see old/README.md."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from appliance.migrations.runner import migrate
from appliance.models import Recording, database, open_database
from appliance.system.config import Config

FILE = Path(__file__).parent / "old" / "0007.db"
VERSION = "0007_history_indexes"


@cache
def recorded() -> dict[str, Any]:
    """What was noted of it: `now`, `sha256`, `rows` by table, `pages` by address, language and part."""
    noted: dict[str, Any] = json.loads(FILE.with_suffix(".json").read_text(encoding="utf-8"))
    return noted


@contextmanager
def migrated(config: Config) -> Iterator[Config]:
    """A box that has this database, migrated, and an MP3 of each recording that had one; for the models."""
    shutil.copy(FILE, config.paths.database)
    open_database(config.paths.database)
    migrate(config.paths.database)
    for row in Recording.select().where(Recording.size.is_null(False)):
        (config.paths.recordings / f"{row.id}.mp3").write_bytes(b"ID3")
    yield config
    database.close()
