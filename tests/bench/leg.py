"""One sampled leg: a call of ours, its signalling and its sound."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
import time
import uuid
from collections import deque

from tests.bench import dtmf, sip
from tests.bench.flow import Flow, flow
from tests.bench.sound import PACKET

T1 = 0.5
"""Seconds until a request without an answer is sent again, doubled each time (RFC 3261)."""


class Leg:
    """States are events (`answered`, `ended`) with their times; only Callers' thread calls the lower half."""

    def __init__(
        self,
        server: tuple[str, int],
        local: str,
        username: str,
        password: str,
        number: str,
        sound: bytes,
        caller: str,
    ) -> None:
        self._credentials = (username, password)
        self._sound = _packets(sound)
        self._keys: deque[bytes] = deque()
        self._key_stamp = 0
        self.signalling = _socket(local)
        self.signalling.connect(server)
        self.media = _socket(local)
        self._local, self._port = self.signalling.getsockname()
        self._uri = self._target = f"sip:{number}@{server[0]}:{server[1]}"
        self._id = uuid.uuid4().hex
        self._from = f"<sip:{caller}@{local}>;tag={self._id[:8]}"
        self._to = f"<{self._uri}>"
        self._sequence = 0
        self._pending: tuple[bytes, float, float] | None = None
        self._branch = ""
        self._media_of_peer: tuple[str, int] | None = None
        self._sent = 0
        self._source = random.getrandbits(32)
        self.answered, self.ended = threading.Event(), threading.Event()
        self.status = 0
        """Last final answer to the call."""
        self.invited_at = self.answered_at = self.ended_at = 0.0
        """s since the epoch"""
        self.key_ended_at = 0.0
        """When the end of the last key was first sent, s since the epoch; 0 before."""
        self.arrivals: list[float] = []
        """When each packet of sound came, s since the epoch."""
        self.payloads: list[bytes] = []

    def flow(self, begin: float, end: float) -> Flow:
        """How evenly sound came in between (s since the epoch)."""
        return flow(sorted(self.arrivals), begin, end)

    def invite(self) -> None:
        """Call."""
        self.invited_at = time.time()
        self._request("INVITE", [], sip.offer(self._local, self.media.getsockname()[1]))

    def hang_up(self) -> None:
        """End the call, if it has not ended."""
        if self.answered.is_set() and not self.ended.is_set():
            self._request("BYE", [])
        elif not self.answered.is_set():
            self.ended.set()

    def say(self, sound: bytes) -> None:
        """Send another sound from now on, over and over (A-law, whole packets)."""
        self._sound = _packets(sound)

    def press(self, key: str) -> None:
        """Press a key for 0.1 s; no sound is sent meanwhile, as phones do it."""
        self._keys.extend(dtmf.payloads(key))

    def close(self) -> None:
        """Give the sockets back."""
        self.signalling.close()
        self.media.close()

    # What Callers' thread does

    def tick(self, now: float) -> None:
        """Send the next packet of sound; send again what found no answer. `now`: monotonic s."""
        if self._pending is not None and now >= self._pending[1]:
            data, _, wait = self._pending
            self._send(data)
            self._pending = (data, now + 2 * wait, 2 * wait)
        if self._media_of_peer is not None and not self.ended.is_set():
            kind, stamp, payload = self._next_packet()
            header = struct.pack("!BBHII", 0x80, kind, self._sent & 0xFFFF, stamp & 0xFFFFFFFF, self._source)
            self._sent += 1
            with contextlib.suppress(OSError):  # Asterisk closed its end: the BYE is on its way.
                self.media.sendto(header + payload, self._media_of_peer)

    def _next_packet(self) -> tuple[int, int, bytes]:
        """Payload type (with marker), time stamp and payload: of a key that is pressed, else of the sound."""
        stamp = self._sent * PACKET
        if not self._keys:
            sound = self._sound
            return 8, stamp, sound[self._sent % len(sound)]
        payload = self._keys.popleft()
        event = dtmf.read(payload)
        assert event is not None
        first = event.duration == PACKET
        if first:
            self._key_stamp, self.key_ended_at = stamp, 0.0
        elif event.end and not self.key_ended_at:
            self.key_ended_at = time.time()
        return dtmf.PAYLOAD_TYPE | (0x80 if first else 0), self._key_stamp, payload

    def heard(self, data: bytes, at: float) -> None:
        """A datagram on the port for sound; kept if it is RTP with A-law."""
        if len(data) > 12 and data[0] >> 6 == 2 and data[1] & 0x7F == 8:
            self.arrivals.append(at)
            self.payloads.append(data[12:])

    def signalled(self, data: bytes, at: float) -> None:
        """A datagram on the port for SIP."""
        try:
            message = sip.parse(data)
        except ValueError:
            return
        if message.status == 0:
            self._asked(message, at)
        elif message.status < 200:
            self._pending = None if message.method == "INVITE" else self._pending
        elif message.method == "INVITE":
            self._decided(message, at)
        else:
            self._pending = None
            self.ended.set()

    def _asked(self, request: sip.Message, at: float) -> None:
        if request.method == "ACK":
            return
        again = request.method in ("INVITE", "UPDATE") and request.body
        self._send(
            sip.answer(request, body=sip.offer(self._local, self.media.getsockname()[1]) if again else "")
        )
        if request.method == "BYE":
            self.ended_at = at
            self.ended.set()

    def _decided(self, message: sip.Message, at: float) -> None:
        """A final answer to the call: acknowledge it (also when it comes again), and act on the first."""
        first = int(message.headers["cseq"].split()[0]) == self._sequence and not self.answered.is_set()
        self._pending = None if first else self._pending
        if message.status < 300:
            self._to = message.headers["to"]
            self._target = sip.address_of(message.headers.get("contact", self._target))
            self._acknowledge(message, self._target, f"z9hG4bK{uuid.uuid4().hex}")
            if first:
                self._media_of_peer = sip.media(message.body)
                self.status, self.answered_at = message.status, at
                self.answered.set()
            return
        self._acknowledge(message, self._uri, self._branch)
        if not first:
            return
        if message.status == 401 and self._sequence == 1:
            username, password = self._credentials
            proof = sip.authorization(
                message.headers["www-authenticate"], "INVITE", self._uri, username, password
            )
            offer = sip.offer(self._local, self.media.getsockname()[1])
            self._request("INVITE", [("Authorization", proof)], offer)
        else:
            self.status, self.ended_at = message.status, at
            self.ended.set()

    def _request(self, method: str, more: list[tuple[str, str]], body: str = "") -> None:
        self._sequence += 1
        self._branch = f"z9hG4bK{uuid.uuid4().hex}"
        data = self._build(method, self._target, self._branch, self._sequence, self._to, more, body)
        self._send(data)
        self._pending = (data, time.monotonic() + T1, T1)

    def _acknowledge(self, message: sip.Message, target: str, branch: str) -> None:
        sequence = int(message.headers["cseq"].split()[0])
        self._send(self._build("ACK", target, branch, sequence, message.headers["to"], [], ""))

    def _build(
        self,
        method: str,
        target: str,
        branch: str,
        sequence: int,
        to: str,
        more: list[tuple[str, str]],
        body: str,
    ) -> bytes:
        headers = [
            ("Via", f"SIP/2.0/UDP {self._local}:{self._port};branch={branch};rport"),
            ("Max-Forwards", "70"), ("From", self._from), ("To", to), ("Call-ID", self._id),
            ("CSeq", f"{sequence} {method}"), ("Contact", f"<sip:bench@{self._local}:{self._port}>"), *more,
        ]  # fmt: skip
        if body:
            headers.append(("Content-Type", "application/sdp"))
        return sip.build(f"{method} {target} SIP/2.0", headers, body)

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # Lost, as a datagram may be: it is sent again.
            self.signalling.send(data)


def _packets(sound: bytes) -> list[bytes]:
    return [sound[start : start + PACKET] for start in range(0, len(sound), PACKET)]


def _socket(local: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((local, 0))
    sock.setblocking(False)
    return sock
