"""The web's end of the gate: the same methods as appliance.ami.Ami, for what the gate lets pass."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from appliance.ami import AmiError, AmiRefused, Message

PATIENCE = 40.0
"""Seconds for an answer: longer than the gate waits for Asterisk."""


class GateClient:
    """One connection through the gate to Asterisk; AmiError if either is away."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket: socket.socket | None = None
        self._stream: BinaryIO | None = None

    def __enter__(self) -> GateClient:
        """Connect; the gate answers once Asterisk has let it in."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(PATIENCE)
            self._socket.connect(str(self._path))
            self._stream = self._socket.makefile("rb")
            self._answer()
        except OSError as error:
            self.close()
            raise AmiError(f"the gate to Asterisk does not answer at {self._path}: {error}") from error
        except AmiError:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        for end in (self._stream, self._socket):
            if end is not None:
                end.close()

    def action(self, name: str, **headers: str) -> Message:
        """Send one action and return its response."""
        response: Message = self._ask("action", name, headers)
        return response

    def command(self, line: str) -> list[str]:
        """Run a command of Asterisk's console and return the lines it prints."""
        lines: list[str] = self._ask("command", line, {})
        return lines

    def events_of(self, name: str, **headers: str) -> list[Message]:
        """Return the events of an action that answers with a list."""
        events: list[Message] = self._ask("events_of", name, headers)
        return events

    def _ask(self, method: str, name: str, headers: dict[str, str]) -> Any:
        if self._socket is None:
            raise AmiError("the connection to the gate is closed")
        try:
            self._socket.sendall(json.dumps([method, name, headers]).encode() + b"\n")
            return self._answer()
        except OSError as error:
            raise AmiError(f"the gate to Asterisk does not answer: {error}") from error

    def _answer(self) -> Any:
        line = self._stream.readline() if self._stream is not None else b""
        if not line:
            raise AmiError("the gate to Asterisk closed the connection")
        answer = json.loads(line)
        if "refused" in answer:
            raise AmiRefused(answer["refused"])
        if "error" in answer:
            raise AmiError(answer["error"])
        return answer["result"]
