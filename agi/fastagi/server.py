"""The FastAGI server: few workers, because no script waits for a caller (the dialplan does).

A request that finds no place is closed, and the dialplan plays that to the caller. A silent peer loses its
worker after a time limit, so the server cannot fill up permanently.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from agi.fastagi.session import AGIHangup, Request

WORKERS = 16
MAX_WAITING = 256
"""Requests that may wait for a worker; at some 3 ms each the last one waits under a second."""
BACKLOG = 512
TIMEOUT_S = 5.0
"""Seconds for one exchange; as long as the dialplan waits for a whole script."""

Script = Callable[[Request], None]
log = logging.getLogger(__name__)


class FastAgiServer:
    """Serves `scripts` by the path of the agi:// address."""

    def __init__(self, host: str, port: int, scripts: Mapping[str, Script], workers: int = WORKERS) -> None:
        self._scripts = scripts
        self._socket = socket.create_server((host, port), backlog=BACKLOG)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="agi")
        self._room = threading.Semaphore(workers + MAX_WAITING)
        self._closing = False

    @property
    def address(self) -> tuple[str, int]:
        """Host and port it listens on."""
        host, port = self._socket.getsockname()
        return host, port

    def serve(self) -> None:
        """Serve requests until `close`."""
        while not self._closing:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                if self._closing:
                    break
                log.exception("cannot accept a FastAGI request")
                continue
            if not self._room.acquire(blocking=False):
                log.warning("too many FastAGI requests: one is rejected")
                connection.close()
                continue
            self._pool.submit(self._answer, connection)
        self._pool.shutdown()
        self._socket.close()

    def close(self) -> None:
        """Let `serve` end after the requests that run; safe in a signal handler."""
        self._closing = True
        with contextlib.suppress(OSError):  # Closed before.
            self._socket.shutdown(socket.SHUT_RDWR)

    def _answer(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(TIMEOUT_S)
            request = Request(connection)
            script = self._scripts.get(request.script)
            if script is None:
                log.warning("no FastAGI script of that name")
                return
            script(request)
        except (AGIHangup, OSError):
            log.debug("a caller hung up while a script ran")
        except Exception:
            # The connection is closed without an answer: the dialplan says "unavailable" (fail closed).
            log.exception("a FastAGI script failed")
        finally:
            self._room.release()
            # The request's streams keep the socket open: only a shutdown reaches Asterisk now.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
