"""A client of the Asterisk Manager Interface, as far as Pont needs it: actions, lists, events.

Not pyst2: its manager accepts a newline in a value, which starts a second action and so gives a shell. Its
waits also do not end when the connection dies.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO, Protocol

from appliance.errors import AmiError, AmiRefusedError

Message = dict[str, str]
"""Headers of one response or event; the values of a repeated header are joined by newlines."""

_END: Message = {}


class Manager(Protocol):
    """The part of Ami that changes of the configuration use; tests implement it with a fake."""

    def __enter__(self) -> Manager:
        """Connect and log in; AmiError if that fails."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def action(self, name: str, **headers: str) -> Message:
        """See Ami."""

    def command(self, line: str) -> list[str]:
        """See Ami."""

    def events_of(self, name: str, **headers: str) -> list[Message]:
        """See Ami."""


class Ami:
    """One connection, whose actions may be sent from any thread.

    `on_event` is called on the reader's thread and must not wait for an action of the same connection: put
    the event in a queue. `on_close` is called once, when the connection ends. `timeout` (s) bounds connecting
    and every action.
    """

    def __init__(
        self,
        host: str,
        port: int,
        username: str,
        secret: str,
        on_event: Callable[[Message], None] | None = None,
        on_close: Callable[[], None] | None = None,
        timeout: float = 5.0,
    ) -> None:
        self._address = (host, port)
        self._login = {"Username": username, "Secret": secret, "Events": "on" if on_event else "off"}
        self._on_event = on_event
        self._on_close = on_close
        self._timeout = timeout
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._waiting: dict[str, queue.SimpleQueue[Message]] = {}
        self._socket: socket.socket | None = None
        self._gone = False

    def __enter__(self) -> Ami:
        """Connect and log in; AmiError if that fails."""
        host, port = self._address
        try:
            self._socket = socket.create_connection(self._address, self._timeout)
            stream = self._socket.makefile("rb")
            greeting = stream.readline()
        except OSError as error:
            raise AmiError(f"Asterisk does not answer at {host}:{port}: {error}") from error
        if not greeting.startswith(b"Asterisk Call Manager"):
            self._socket.close()
            raise AmiError(f"the server at {host}:{port} is not Asterisk's manager")
        self._socket.settimeout(None)
        threading.Thread(target=self._read, args=(stream,), name="ami-reader", daemon=True).start()
        try:
            self.action("Login", **self._login)
        except AmiError:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; every thread that waits for an answer gets an AmiError."""
        if self._socket is not None:
            with contextlib.suppress(OSError):  # Asterisk closed it first.
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()

    def action(self, name: str, **headers: str) -> Message:
        """Send one action and return its response. Underscores in header names stay as they are.

        AmiRefusedError if Asterisk refuses, AmiError without answer, ValueError if a value has a line break.
        """
        with _Exchange(self, name, headers) as exchange:
            return exchange.response()

    def command(self, line: str) -> list[str]:
        """Run a command of Asterisk's console and return the lines it prints. Errors as of action()."""
        output = self.action("Command", Command=line).get("Output", "")
        return output.split("\n") if output else []

    def events_of(self, name: str, **headers: str) -> list[Message]:
        """Send an action that answers with a list, and return its events. Errors as of action()."""
        with _Exchange(self, name, headers) as exchange:
            response = exchange.response()
            if response.get("EventList", "").lower() != "start":
                return []
            events = []
            while (event := exchange.next()).get("EventList", "").lower() != "complete":
                events.append(event)
            return events

    def _read(self, stream: BinaryIO) -> None:
        try:
            while (message := _read_message(stream)) is not None:
                waiting = self._waiting.get(message.get("ActionID", ""))
                if waiting is not None and not message.get("Event", "").startswith("OriginateResponse"):
                    waiting.put(message)
                elif "Event" in message and self._on_event is not None:
                    self._on_event(message)
        except (OSError, ValueError):
            pass  # close() was called during the read; handled as the end of the stream.
        finally:
            with self._lock:
                waiting_now = list(self._waiting.values())
                self._gone = True
            for waiting in waiting_now:
                waiting.put(_END)
            if self._on_close is not None:
                self._on_close()


class _Exchange:
    """One action, and the messages that answer it under its ActionID."""

    def __init__(self, ami: Ami, name: str, headers: dict[str, str]) -> None:
        self._ami = ami
        self._name = name
        self._id = headers.get("ActionID", f"pont-{next(ami._ids)}")
        self._lines = _lines({"Action": name, **headers, "ActionID": self._id})
        self._answers: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def __enter__(self) -> _Exchange:
        ami = self._ami
        with ami._lock:
            if ami._socket is None or ami._gone:
                raise AmiError("the connection to Asterisk is closed")
            ami._waiting[self._id] = self._answers
            try:
                ami._socket.sendall(self._lines)
            except OSError as error:
                del ami._waiting[self._id]
                raise AmiError(f"the connection to Asterisk is closed: {error}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._ami._lock:
            self._ami._waiting.pop(self._id, None)

    def response(self) -> Message:
        message = self.next()
        if message.get("Response") == "Error":
            raise AmiRefusedError(message.get("Message", "no reason given"), self._name)
        return message

    def next(self) -> Message:
        try:
            message = self._answers.get(timeout=self._ami._timeout)
        except queue.Empty:
            raise AmiError(f"Asterisk did not answer {self._name} within {self._ami._timeout:g} s") from None
        if message is _END:
            raise AmiError(f"the connection to Asterisk was lost during {self._name}")
        return message


def _lines(headers: dict[str, str]) -> bytes:
    for name, value in headers.items():
        if any(mark in name + value for mark in "\r\n\0"):
            raise ValueError(f"line break in the value of AMI header {name}")
    return ("".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode()


def _read_message(stream: BinaryIO) -> Message | None:
    """Read up to the empty line that ends a message; None at the end of the stream."""
    message: Message = {}
    while raw := stream.readline():
        line = raw.decode(errors="replace").rstrip("\r\n")
        if not line:
            if message:
                return message
            continue
        name, _, value = line.partition(": ")
        name = name.removesuffix(":")
        message[name] = f"{message[name]}\n{value}" if name in message else value
    return None
