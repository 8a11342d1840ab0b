"""The gate's own end."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peewee import PeeweeException

from appliance.asterisk_config import configuration
from appliance.asterisk_config.configuration import Pending
from appliance.asterisk_config.gate_protocol import BRING_INTO_FORCE, PING
from appliance.errors import AmiError, ConfigurationRefusedError
from appliance.models import database
from appliance.system.ami import Manager
from appliance.system.config import Config

CONNECTIONS = 16
"""At once; who comes then waits."""
IDLE = 10.0
"""Seconds for which who is connected may say nothing."""
LONGEST = 100
"""Bytes of a request."""

log = logging.getLogger("pont")
Answer = dict[str, Any]


class GateServer:
    """Listens on a Unix socket that its own user alone can connect to."""

    def __init__(
        self, path: Path, config: Config, ami: Callable[[], Manager], later: Callable[[], None]
    ) -> None:
        """`later` is called when something is to come into force that could not now."""
        path.unlink(missing_ok=True)
        self._config, self._ami, self._later = config, ami, later
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            self._socket.bind(str(path))
        finally:
            os.umask(before)
        self._socket.listen(CONNECTIONS)
        self._room = threading.BoundedSemaphore(CONNECTIONS)

    def serve(self) -> None:
        """Serve until close()."""
        while True:
            self._room.acquire()
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # Closed.
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def close(self) -> None:
        """End serve()."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _converse(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(IDLE)
            with connection, connection.makefile("rb") as stream:
                answer = self._answer(stream.readline(LONGEST))
                connection.sendall(json.dumps(answer).encode() + b"\n")
        except OSError:
            pass  # Who asked is gone, or says nothing any more.
        finally:
            self._room.release()

    def _answer(self, request: bytes) -> Answer:
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
            self._later()
            return {"error": str(error)}
        log.warning("this does not pass the gate: %r", request)
        return {"error": "this does not pass the gate"}

    def _bring_into_force(self) -> Answer:
        with database.connection_context():
            try:
                outcome = configuration.bring_into_force(self._config, self._ami)
            except ConfigurationRefusedError as refusal:
                log.error("%s", refusal)  # Who asked may have lost patience.
                return {"refused": str(refusal)}
        if isinstance(outcome, Pending):
            self._later()
        return {"outcome": type(outcome).__name__, "fields": dataclasses.asdict(outcome)}
