"""The web process's end of the gate."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from appliance.asterisk_config.configuration import Outcome, Pending
from appliance.asterisk_config.gate_protocol import APPLY, OUTCOMES, PING
from appliance.errors import AmiError, ConfigurationRefusedError

TIMEOUT_S = 40.0
"""Seconds to wait for an answer: longer than the gate waits for Asterisk."""
_KINDS = {name: outcome for outcome, name in OUTCOMES.items()}


class Gate:
    """A client of pont-gate, with one connection for each request."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def apply_saved(self) -> Outcome:
        """Ask the gate to apply the saved database; Pending if it does not answer: it applies when it starts.

        ConfigurationRefusedError if Asterisk refuses it.
        """
        try:
            answer = self._ask(APPLY)
        except AmiError as error:
            return Pending((), str(error))
        if "refused" in answer:
            raise ConfigurationRefusedError(answer["refused"])
        fields = {**answer["fields"], "left_out": tuple(answer["fields"]["left_out"])}
        return _KINDS[answer["outcome"]](**fields)

    def ping(self) -> None:
        """Return if the gate and Asterisk answer; else AmiError."""
        self._ask(PING)

    def _ask(self, request: bytes) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(TIMEOUT_S)
            try:
                connection.connect(str(self._path))
                connection.sendall(request)
                line = connection.makefile("rb").readline()
            except OSError as error:
                raise AmiError(f"the gate to Asterisk does not answer at {self._path}: {error}") from error
        if not line:
            raise AmiError("the gate to Asterisk closed the connection")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise AmiError(answer["error"])
        return answer
