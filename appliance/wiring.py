"""Puts configuration, database and Asterisk together for the entry points. An import opens nothing."""

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
"""Socket of pont-gate; its unit makes the directory."""
LISTENER_TIMEOUT_S = 5.0
"""Seconds to wait for Asterisk on a connection that receives events."""
CHANGE_TIMEOUT_S = 30.0
"""Seconds to wait for Asterisk on a connection that changes its configuration; 10,000 phones reload in 4."""
DATABASE_TIMEOUT_S = 5.0
"""Seconds that a write waits for other writers."""


@dataclass(frozen=True)
class Wiring:
    """The configuration, and the connections made from it, for one entry point."""

    config: Config

    def ami(
        self,
        on_event: Callable[[Message], None] | None = None,
        on_close: Callable[[], None] | None = None,
    ) -> Ami:
        """Make a connection to Asterisk, not yet open; AmiError if its password cannot be read."""
        address = self.config.ami
        path = self.config.paths.secrets / "ami"
        try:
            secret = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise AmiError(f"{path} cannot be read: make it with pont-secrets {path.parent}") from error
        timeout = LISTENER_TIMEOUT_S if on_event is not None else CHANGE_TIMEOUT_S
        return Ami(address.host, address.port, address.username, secret, on_event, on_close, timeout)

    def apply_saved(self) -> configuration.Outcome:
        """Run configuration.apply_saved(). Only for processes that may write the files Asterisk includes."""
        return configuration.apply_saved(self.config, self.ami)


def wire(database_timeout: float = DATABASE_TIMEOUT_S) -> Wiring:
    """Read the configuration (PONT_CONFIG, else /etc/pont/pont.toml) and bind the database to its file.

    `database_timeout`: seconds that a write waits for other writers. ConfigError if pont.toml is unusable.
    """
    config = load(Path(os.environ.get("PONT_CONFIG", CONFIG_FILE)))
    open_database(config.paths.database, database_timeout)
    return Wiring(config)
