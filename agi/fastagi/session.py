"""All of pyst2's AGI that Pont uses: one FastAGI request as Asterisk 22 and Python 3 need it.

pyst2 0.5.1 takes over a signal handler, writes every line (PINs included) to stderr, fails on bytes
that are not UTF-8, quotes nothing and takes the end of the stream for an answer; each is put right here.
"""

from __future__ import annotations

import socket
from typing import TextIO, cast

from asterisk.agi import AGI, AGIHangup

__all__ = ["AGIHangup", "Request"]

MAX_LINE_LENGTH = 8192
MAX_HEADERS = 100


class Request(AGI):  # type: ignore[misc]  # pyst2 is untyped
    """One connection from Asterisk. Raises AGIHangup when the caller or the connection is gone.

    A time limit set on the socket holds for every exchange (TimeoutError).
    """

    def __init__(self, connection: socket.socket) -> None:  # the base's would install a signal handler
        self.stdin = connection.makefile("r", encoding="utf-8", errors="surrogateescape", newline="\n")
        self.stdout = connection.makefile("w", encoding="utf-8", errors="surrogateescape", newline="\n")
        self.stderr = _Silence()
        self._got_sighup = False
        self.env: dict[str, str] = {}
        self._get_agi_env()

    @property
    def script(self) -> str:
        """The path of the agi:// address, which names the entry point."""
        return self.env.get("agi_network_script", "")

    def values(self, *variables: str) -> list[str]:
        """Read channel variables in one exchange; each must be free of `/` (URI-encoded or digits)."""
        joined = self.get_full_variable("/".join(f"${{{name}}}" for name in variables))
        values = cast(str, joined).split("/")
        if len(values) != len(variables):
            raise ValueError("a channel variable holds a separator")
        return values

    def set(self, variable: str, value: object) -> None:
        """Set a channel variable."""
        self.set_variable(variable, str(value))

    def _get_agi_env(self) -> None:
        for _ in range(MAX_HEADERS):
            line = self._line()
            if not line:
                return
            name, _, value = line.partition(":")
            # The first wins: what a caller sent comes after what Asterisk says of itself.
            self.env.setdefault(name.strip(), value.strip())
        raise AGIHangup("not an AGI request: no end of headers")

    def get_result(self, _stdin: TextIO | None = None) -> dict[str, tuple[str, str]]:
        """Read one answer. A HANGUP line may stand before it or in its place."""
        line = self._line()
        if line.startswith("HANGUP"):
            raise AGIHangup("the caller hung up")
        code, _, rest = line.partition(" ")
        if code != "200" or not rest.startswith("result="):
            raise AGIHangup(f"Asterisk answers {code[:3]!r}")
        result, _, data = rest.removeprefix("result=").partition(" ")
        if result == "-1":
            raise AGIHangup("the caller hung up")
        return {"result": (result, data.strip().removeprefix("(").removesuffix(")"))}

    def _line(self) -> str:
        line: str = self.stdin.readline(MAX_LINE_LENGTH)
        if not line.endswith("\n"):
            raise AGIHangup("the connection ended")
        return line.rstrip("\r\n")

    def _quote(self, string: object) -> str:
        text = str(string)
        if any(mark in text for mark in "\r\n\0"):
            raise ValueError("line break in a value for Asterisk")
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'


class _Silence:
    """A stderr that keeps nothing: what passes here can be a PIN."""

    def write(self, text: str) -> int:
        return len(text)
