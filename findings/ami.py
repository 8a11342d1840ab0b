"""A small client of Asterisk's manager interface (AMI): it sends actions and reads events."""

import socket
import time

PORT = 5038
TIMEOUT_S = 20


class Ami:
    """One connection, logged in. A message is a dict of its lines; lines with one name become a list."""

    def __init__(self, user: str = "finding") -> None:
        self._socket = socket.create_connection(("127.0.0.1", PORT), timeout=TIMEOUT_S)
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\r\n")
        self.greeting = self._lines.readline().strip()
        self.events: list[dict[str, str | list[str]]] = []
        self.ask("Login", Username=user, Secret="finding")  # noqa: S106 - of a throw-away Asterisk

    def ask(self, action: str, **headers: str) -> dict[str, str | list[str]]:
        """Send an action and return its response. Events that come first are kept for `wait_for`."""
        lines = [f"Action: {action}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self._socket.sendall("\r\n".join(lines).encode())
        while "Response" not in (message := self._message()):
            self.events.append(message)
        return message

    def wait_for(self, event: str, **wanted: str) -> dict[str, str | list[str]]:
        """Return the first event of that name with these lines that was not returned yet."""
        deadline = time.monotonic() + TIMEOUT_S
        seen = 0
        while time.monotonic() < deadline:
            if seen == len(self.events):
                self.events.append(self._message())
            message = self.events[seen]
            if message.get("Event") == event and wanted.items() <= message.items():
                return self.events.pop(seen)
            seen += 1
        raise TimeoutError(f"no {event} {wanted}")

    def _message(self) -> dict[str, str | list[str]]:
        message: dict[str, str | list[str]] = {}
        while (line := self._lines.readline()) != "\r\n" or not message:
            if not line:
                raise EOFError("Asterisk closed the connection")
            name, _, value = line.rstrip("\r\n").partition(":")
            value = value.removeprefix(" ")
            if name not in message:
                message[name] = value
            elif isinstance(had := message[name], list):
                had.append(value)
            else:
                message[name] = [had, value]
        message.pop("", None)  # a blank line before the message
        return message
