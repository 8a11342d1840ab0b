"""Brings into force later what could not come into force when it was saved."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from peewee import PeeweeException

from appliance.asterisk_config import configuration
from appliance.asterisk_config.configuration import Pending
from appliance.errors import ConfigurationRefusedError
from appliance.models import database
from appliance.system.ami import Manager
from appliance.system.config import Config

RETRY_DELAY_S = 30.0
"""Seconds until a configuration that is pending is tried again."""

log = logging.getLogger("pont")


class PendingRetry:
    """Applies the configuration on a thread of its own, again and again until it is in force or refused."""

    def __init__(self, config: Config, ami: Callable[[], Manager]) -> None:
        self._config, self._ami = config, ami
        self._lock = threading.Lock()
        self._asked = self._at_it = False

    def trigger(self) -> None:
        """Apply what is pending; whoever is at it already looks once more at its end."""
        with self._lock:
            self._asked = True
            if not self._at_it:
                self._at_it = True
                threading.Thread(target=self._run, name="catch-up", daemon=True).start()

    def _run(self) -> None:
        while self._is_asked():
            while (reason := self._missing()) is not None:
                log.warning("the configuration is not in force yet: %s", reason)
                time.sleep(RETRY_DELAY_S)

    def _is_asked(self) -> bool:
        with self._lock:
            self._at_it, self._asked = self._asked, False
            return self._at_it

    def _missing(self) -> str | None:
        """Apply the configuration; why it is still pending, None if it is not."""
        try:
            with database.connection_context():
                outcome = configuration.apply(self._config, self._ami)
        except ConfigurationRefusedError as refusal:
            log.error("%s", refusal)
            return None
        except (OSError, PeeweeException) as error:  # The disk is full, the database locked.
            return str(error)
        return outcome.reason if isinstance(outcome, Pending) else None
