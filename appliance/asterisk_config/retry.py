"""Retries a pending configuration until it is applied or refused."""

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
"""Seconds between two attempts to apply a pending configuration."""

log = logging.getLogger(__name__)


class PendingRetry:
    """A background thread that applies the configuration, and retries until it is applied or refused."""

    def __init__(self, config: Config, ami: Callable[[], Manager]) -> None:
        self._config, self._ami = config, ami
        self._lock = threading.Lock()
        self._requested = self._running = False

    def trigger(self) -> None:
        """Start an attempt; if one is running, another follows it, for what was saved in between."""
        with self._lock:
            self._requested = True
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="retry", daemon=True).start()

    def _run(self) -> None:
        while self._is_requested():
            while (reason := self._apply()) is not None:
                log.warning("configuration pending, retry in %g s: %s", RETRY_DELAY_S, reason)
                time.sleep(RETRY_DELAY_S)

    def _is_requested(self) -> bool:
        with self._lock:
            self._running, self._requested = self._requested, False
            return self._running

    def _apply(self) -> str | None:
        """Apply the configuration; return why it is still pending, None if it is not."""
        try:
            with database.connection_context():
                outcome = configuration.apply(self._config, self._ami)
        except ConfigurationRefusedError as refusal:
            log.error("%s", refusal)
            return None
        except (OSError, PeeweeException) as error:  # The disk is full, the database locked.
            return str(error)
        return outcome.reason if isinstance(outcome, Pending) else None
