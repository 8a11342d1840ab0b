"""Callers whose sound is looked at packet by packet: SIP legs that send a tone and note what comes when.

One thread serves them all. Arrival times are the kernel's (SO_TIMESTAMPNS), so that a busy machine delays
what is seen here no more than any phone on a cable would see.
"""

from __future__ import annotations

import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable
from types import TracebackType

from tests.bench.leg import Leg

TIMESTAMPS = 35  # SO_TIMESTAMPNS of <asm-generic/socket.h>; Python does not name it
TICK = 0.02
"""Seconds between two packets of a leg."""


class Callers:
    """A `with` block in which legs can be made; at its end all are hung up."""

    def __init__(self, server: tuple[str, int], local: str, username: str, password: str) -> None:
        """Calls go to `server` from address `local`, with this account."""
        self._account = (server, local, username, password)
        self._legs: list[Leg] = []
        self._selector = selectors.DefaultSelector()
        self._lock = threading.Lock()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="callers", daemon=True)

    def __enter__(self) -> Callers:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for leg in self._legs:
            leg.hang_up()
        for leg in self._legs:
            leg.ended.wait(2)
        self._stopping = True
        self._thread.join()
        for leg in self._legs:
            leg.close()

    def call(self, number: str, sound: bytes, *, caller: str = "+33600000000") -> Leg:
        """Call `number` and go on at once; `sound` (A-law, whole packets) is sent over and over."""
        with self._lock:
            server, local, username, password = self._account
            leg = Leg(server, local, username, password, number, sound, caller)
            for sock, handler in ((leg.signalling, leg.signalled), (leg.media, leg.heard)):
                sock.setsockopt(socket.SOL_SOCKET, TIMESTAMPS, 1)
                self._selector.register(sock, selectors.EVENT_READ, handler)
            self._legs.append(leg)
            leg.invite()
            return leg

    def _run(self) -> None:
        next_tick = time.monotonic()
        while not self._stopping:
            for key, _ in self._selector.select(max(0.0, next_tick - time.monotonic())):
                drain(key.fileobj, key.data)
            if time.monotonic() >= next_tick:
                next_tick += TICK
                with self._lock:
                    for leg in self._legs:
                        leg.tick(time.monotonic())


def drain(sock: object, handler: Callable[[bytes, float], None]) -> None:
    """Hand over all that has arrived, each with its arrival time (s since the epoch)."""
    assert isinstance(sock, socket.socket)
    while True:
        try:
            data, ancillary, _, _ = sock.recvmsg(4096, 64)
        except (BlockingIOError, ConnectionRefusedError):
            return
        at = time.time()
        for level, kind, value in ancillary:
            if level == socket.SOL_SOCKET and kind == TIMESTAMPS:
                seconds, nanoseconds = struct.unpack("qq", value[:16])
                at = seconds + nanoseconds / 1e9
        handler(data, at)
