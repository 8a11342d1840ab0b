"""pont-worker: the slow work that no caller waits for (R32, R33, B6).

Two threads, so that a hanging mail server delays no recording. One makes MP3s, enqueues the mails about them
and deletes expired recordings. The other delivers mail.
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
"""Seconds between two polls for work."""
DATABASE_TIMEOUT_S = 60.0
"""Seconds that a write waits for others. Long: calls go first, and that a mail was sent must be recorded."""
SWEEP_INTERVAL_S = 60.0
"""Seconds between two checks of expiry and disk space."""

log = logging.getLogger(__name__)


class StopRequested(BaseException):
    """A request to end the worker; a BaseException, so that no handler of errors catches it."""


class Worker:
    """The worker's two threads and their steps."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._stopping = threading.Event()
        self._next_sweep = 0.0
        self._pipeline = Pipeline(config, self._check)

    def run(self) -> None:
        """Work until stop(); a step that fails is retried."""
        mail = threading.Thread(target=self._repeat, args=(self._send,), name="mail")
        mail.start()
        try:
            self._repeat(self._process)
        finally:
            self._stopping.set()
            mail.join()

    def stop(self) -> None:
        """End run() soon; a running encoding is abandoned, and repeated after the next start."""
        self._stopping.set()

    def _check(self) -> None:
        if self._stopping.is_set():
            raise StopRequested

    def _repeat(self, step: Callable[[], bool]) -> None:
        """Repeat the step until stop(); without a pause while it returns True (more work)."""
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
    """Run `pont-worker` until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    config = wire(DATABASE_TIMEOUT_S).config
    worker = Worker(config)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    with locked(config.paths.worker_lock):
        worker.run()
