"""The gate's own end: a Unix socket, a thread for each connection."""

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
from appliance.asterisk_config.gate_protocol import BRING_INTO_FORCE, OUTCOMES, PING
from appliance.errors import AmiError, ConfigurationRefusedError
from appliance.models import database
from appliance.system.ami import Manager
from appliance.system.config import Config

CONNECTIONS = 16
"""Connections at once; the next one waits."""
IDLE_S = 10.0
"""Seconds a client may stay silent before it is disconnected."""
MAX_REQUEST = 100
"""Bytes of a request."""

log = logging.getLogger("pont")
Answer = dict[str, Any]


class GateServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Listens on a Unix socket that its own user alone can connect to."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = CONNECTIONS

    def __init__(
        self, path: Path, config: Config, ami: Callable[[], Manager], retry: Callable[[], None]
    ) -> None:
        """`retry` is called when a configuration could not be applied now."""
        path.unlink(missing_ok=True)
        self._config, self._ami, self._retry = config, ami, retry
        self._slots = threading.BoundedSemaphore(CONNECTIONS)
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
        """Let serve() end; safe in a signal handler, as it waits for nothing."""
        threading.Thread(target=self.shutdown, daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a request in a thread of its own, once there is a slot for it."""
        self._slots.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Free the slot at the end, however it ends."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Log a failure; a client that left, or stayed silent, is none."""
        if not isinstance(sys.exception(), OSError):
            log.exception("a request to the gate failed")

    def answer(self, request: bytes) -> Answer:
        """Do what a request asks for."""
        try:
            if request == BRING_INTO_FORCE:
                return self._bring_into_force()
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

    def _bring_into_force(self) -> Answer:
        with database.connection_context():
            try:
                outcome = configuration.bring_into_force(self._config, self._ami)
            except ConfigurationRefusedError as refusal:
                log.error("%s", refusal)  # The client may have stopped waiting.
                return {"refused": str(refusal)}
        if isinstance(outcome, Pending):
            self._retry()
        return {"outcome": OUTCOMES[type(outcome)], "fields": dataclasses.asdict(outcome)}


class _Conversation(socketserver.StreamRequestHandler):
    """One connection: a line is read, a line is answered."""

    server: GateServer
    timeout = IDLE_S

    def handle(self) -> None:
        """Read the request and answer it."""
        answer = self.server.answer(self.rfile.readline(MAX_REQUEST))
        self.wfile.write(json.dumps(answer).encode() + b"\n")
