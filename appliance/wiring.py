"""Puts configuration, database and Asterisk together for the entry points; none of it at import."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from appliance.asterisk_config import configuration
from appliance.errors import AmiError
from appliance.models import open_database
from appliance.system.ami import Ami, Message
from appliance.system.config import Config, load

CONFIG_FILE = "/etc/pont/pont.toml"
GATE = Path("/run/pont-gate/gate.sock")
"""Where pont-gate listens; its unit makes the directory."""
LISTENER_TIMEOUT_S = 5.0
"""Seconds in which Asterisk must answer one who listens to it."""
DATABASE_TIMEOUT_S = 5.0
CHANGE_TIMEOUT_S = 30.0
"""Seconds in which it must answer one who changes its configuration: it reloads 10,000 phones in 4."""


@dataclass(frozen=True)
class Wiring:
    """What an entry point works with."""

    config: Config

    def ami(
        self,
        on_event: Callable[[Message], None] | None = None,
        on_close: Callable[[], None] | None = None,
    ) -> Ami:
        """Make a connection to Asterisk, not yet open; AmiError if there is no password for it."""
        address = self.config.ami
        path = self.config.paths.secrets / "ami"
        try:
            secret = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise AmiError(f"{path} cannot be read: make it with pont-secrets {path.parent}") from error
        patience = LISTENER_TIMEOUT_S if on_event is not None else CHANGE_TIMEOUT_S
        return Ami(address.host, address.port, address.username, secret, on_event, on_close, patience)

    def apply_saved(self) -> configuration.Outcome:
        """See configuration.apply_saved(); for those who may write what Asterisk includes."""
        return configuration.apply_saved(self.config, self.ami)


def wire(database_patience: float = DATABASE_TIMEOUT_S) -> Wiring:
    """Read the configuration (PONT_CONFIG, else /etc/pont/pont.toml) and bind the database to its file.

    `database_patience`: seconds that a write waits for others; callers wait no longer for what is theirs.
    """
    config = load(Path(os.environ.get("PONT_CONFIG", CONFIG_FILE)))
    open_database(config.paths.database, database_patience)
    return Wiring(config)
