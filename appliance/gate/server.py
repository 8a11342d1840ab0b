"""The gate's own end: a request a line, `[method, name, headers]` in JSON, and an answer a line.

`{"result": ...}`, `{"refused": reason}` when Asterisk or the gate says no, else `{"error": reason}`.
The first answer, to nothing, says whether Asterisk let the gate in: a connection here is a connection there.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from appliance.ami import Ami, AmiError, AmiRefused
from appliance.gate import allowed

CONNECTIONS = 16
"""At once; who comes then waits."""
IDLE = 60.0
"""Seconds for which a connection may say nothing."""
LONGEST = 1000
"""Bytes of a request."""

log = logging.getLogger("pont")


class GateServer:
    """Listens on a Unix socket that its own user alone can connect to."""

    def __init__(self, path: Path, connect: Callable[[], Ami]) -> None:
        path.unlink(missing_ok=True)
        self._connect = connect
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
                self._relay(connection, stream)
        except OSError:
            pass  # Who asked is gone, or says nothing any more.
        finally:
            self._room.release()

    def _relay(self, connection: socket.socket, stream: BinaryIO) -> None:
        try:
            with self._connect() as ami:
                _send(connection, {"result": None})
                while line := stream.readline(LONGEST):
                    _send(connection, answer(ami, line))
        except AmiError as error:
            _send(connection, {"error": str(error)})


def answer(ami: Ami, line: bytes) -> dict[str, Any]:
    """Ask Asterisk what `line` asks, if that may pass."""
    try:
        method, name, headers = json.loads(line)
        fits = _fits(method, name, headers)
    except (ValueError, TypeError, AttributeError):
        fits = False
    if not fits:
        log.warning("the gate lets this not pass: %r", line[:200])
        return {"refused": "the gate lets this not pass"}
    try:
        return {"result": getattr(ami, method)(name, **headers)}
    except AmiRefused as refusal:
        return {"refused": str(refusal)}
    except AmiError as error:
        return {"error": str(error)}


def _fits(method: str, name: str, headers: dict[str, str]) -> bool:
    if method == "command":
        return headers == {} and allowed.command(name)
    if method == "action":
        return allowed.action(name, headers)
    return method == "events_of" and allowed.events_of(name, headers)


def _send(connection: socket.socket, value: dict[str, Any]) -> None:
    connection.sendall(json.dumps(value).encode() + b"\n")
