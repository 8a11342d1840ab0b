"""Retries a pending configuration until it is applied or refused."""

from __future__ import annotations

import logging
import threading
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
    """A background thread that applies the configuration when triggered, and retries while it is pending."""

    def __init__(self, config: Config, ami: Callable[[], Manager]) -> None:
        self._config, self._ami = config, ami
        self._triggered = threading.Event()
        threading.Thread(target=self._run, name="retry", daemon=True).start()

    def trigger(self) -> None:
        """Start an attempt at once; if one is running, another follows it, for what was saved in between."""
        self._triggered.set()

    def attempt(self) -> float | None:
        """Apply the configuration; return the seconds until the next attempt, None if none is needed."""
        reason = self._apply()
        if reason is None:
            return None
        log.warning("configuration pending, retry in %g s: %s", RETRY_DELAY_S, reason)
        return RETRY_DELAY_S

    def _run(self) -> None:
        delay = None
        while True:
            self._triggered.wait(delay)
            self._triggered.clear()
            delay = self.attempt()

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
