"""pont-worker: everything that takes time and that no caller waits for (R32, R33, B6).

Two threads, so that a mail server that hangs keeps no recording: one makes MP3s, queues the mails about them
and deletes what is too old; the other sends mail.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable

from peewee import PeeweeException

from appliance.mail.delivery import deliver
from appliance.recordings.mail import MAIL_KINDS
from appliance.recordings.pipeline import Pipeline
from appliance.system.config import Config
from appliance.system.file_lock import locked
from appliance.wiring import wire

POLL_INTERVAL_S = 1.0
"""Seconds between two looks for work."""
DATABASE_TIMEOUT_S = 60.0
"""Seconds that a write waits for others: callers go first, and that a mail was taken must be noted."""
SWEEP_INTERVAL_S = 60.0
"""Seconds between two looks at age and disk."""

log = logging.getLogger("pont")


class StopRequested(BaseException):
    """The worker is to end: an order, which no handler of errors catches."""


class Worker:
    """Runs until `stop`."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._stopping = threading.Event()
        self._next_sweep = 0.0
        self._pipeline = Pipeline(config, self._check)

    def run(self) -> None:
        """Work until `stop`; what fails is tried again."""
        mail = threading.Thread(target=self._keep_doing, args=(self._send,), name="mail")
        mail.start()
        try:
            self._keep_doing(self._process)
        finally:
            self._stopping.set()
            mail.join()

    def stop(self) -> None:
        """End soon: an encoding is left, and done again."""
        self._stopping.set()

    def _check(self) -> None:
        if self._stopping.is_set():
            raise StopRequested

    def _keep_doing(self, step: Callable[[], bool]) -> None:
        """Do it again and again; at once while it says that there is more."""
        while not self._stopping.is_set():
            try:
                more = step()
            except StopRequested:
                return
            except (PeeweeException, OSError) as error:
                log.warning("%s failed: %s", threading.current_thread().name, error)
                more = False
            if not more:
                self._stopping.wait(POLL_INTERVAL_S)

    def _process(self) -> bool:
        now = time.time()
        more = self._pipeline.encode_next(now)
        self._pipeline.queue_mails(now)
        self._pipeline.delete_delivered_takes()
        if now >= self._next_sweep:
            self._pipeline.expire(now)
            self._pipeline.alert_on_low_disk(now)
            self._next_sweep = now + SWEEP_INTERVAL_S
        return more

    def _send(self) -> bool:
        deliver(self._config, time.time(), MAIL_KINDS)
        return False


def main() -> None:
    """Entry point of `pont-worker`."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    config = wire(DATABASE_TIMEOUT_S).config
    worker = Worker(config)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    with locked(config.paths.worker_lock):
        worker.run()
