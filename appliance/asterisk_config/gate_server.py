"""pont-gate's end of the gate: a Unix socket, and a thread for each connection."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import socketserver
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peewee import PeeweeException

from appliance.asterisk_config import configuration
from appliance.asterisk_config.configuration import Pending
from appliance.asterisk_config.gate_protocol import APPLY, OUTCOMES, PING
from appliance.errors import AmiError, ConfigurationRefusedError
from appliance.models import database
from appliance.system.ami import Manager
from appliance.system.config import Config

MAX_CONNECTIONS = 16
"""Connections served in parallel; the next one waits."""
IDLE_S = 10.0
"""Seconds a client may stay silent before it is disconnected."""
MAX_REQUEST_BYTES = 100
"""Bytes read of a request; all real ones are shorter."""

log = logging.getLogger(__name__)
Answer = dict[str, Any]


class GateServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A server on a Unix socket, to which only its own user can connect."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = MAX_CONNECTIONS

    def __init__(
        self, path: Path, config: Config, ami: Callable[[], Manager], retry: Callable[[], None]
    ) -> None:
        """Bind the socket at `path`; `retry` is called when a configuration is pending."""
        path.unlink(missing_ok=True)
        self._config, self._ami, self._retry = config, ami, retry
        self._slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        before = os.umask(0o177)
        try:
            super().__init__(str(path), _Conversation)
        finally:
            os.umask(before)

    def serve(self) -> None:
        """Serve until close()."""
        with self:
            self.serve_forever()

    def close(self) -> None:
        """Make serve() return; safe in a signal handler, as it does not block."""
        threading.Thread(target=self.shutdown, daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a request in its own thread, as soon as a slot is free."""
        self._slots.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer the request, and free the slot even if that fails."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Log a failure, unless the client disconnected or stayed silent."""
        if not isinstance(sys.exception(), OSError):
            log.exception("a request to the gate failed")

    def answer(self, request: bytes) -> Answer:
        """Carry out a request and return the answer."""
        try:
            if request == APPLY:
                return self._apply_saved()
            if request == PING:
                with self._ami():
                    return {}
        except AmiError as error:
            return {"error": str(error)}
        except (PeeweeException, OSError) as error:
            log.error("%s: %s", request.decode().strip(), error)
            self._retry()
            return {"error": str(error)}
        log.warning("unknown request: %r", request)
        return {"error": "unknown request"}

    def _apply_saved(self) -> Answer:
        with database.connection_context():
            try:
                outcome = configuration.apply_saved(self._config, self._ami)
            except ConfigurationRefusedError as refusal:
                log.error("%s", refusal)  # The client may have disconnected already.
                return {"refused": str(refusal)}
        if isinstance(outcome, Pending):
            self._retry()
        return {"outcome": OUTCOMES[type(outcome)], "fields": dataclasses.asdict(outcome)}


class _Conversation(socketserver.StreamRequestHandler):
    """One connection: one line read, one line answered."""

    server: GateServer
    timeout = IDLE_S

    def handle(self) -> None:
        """Read the request and answer it."""
        answer = self.server.answer(self.rfile.readline(MAX_REQUEST_BYTES))
        self.wfile.write(json.dumps(answer).encode() + b"\n")
