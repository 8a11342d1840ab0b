"""The cable between the box and this machine: which packets of phones' calls pass, and when.

Phones are programs of their own and keep no time of a packet; the kernel does (SO_TIMESTAMPNS), of those they
send as of those they get, on one clock. Needs the rights of root, as the lab does.
"""

from __future__ import annotations

import bisect
import contextlib
import fcntl
import re
import select
import socket
import struct
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from tests.bench import dtmf, sip, sound
from tests.bench.box import BenchError
from tests.bench.callers import TIMESTAMPS, drain
from tests.phone.hearing import Samples

EVERYTHING = 3  # ETH_P_ALL of <linux/if_ether.h>: any other shows only what comes in, not what goes out.
ADDRESS_OF_INTERFACE = 0x8915  # SIOCGIFADDR of <linux/sockios.h>


@dataclass(frozen=True)
class Datagram:
    """A UDP datagram."""

    source: tuple[str, int]
    target: tuple[str, int]
    data: bytes


def datagram(packet: bytes) -> Datagram | None:
    """Read an IPv4 packet; None if it holds no whole UDP datagram."""
    if len(packet) < 28 or packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_UDP:
        return None
    if struct.unpack("!H", packet[6:8])[0] & 0x3FFF:  # A fragment.
        return None
    start = (packet[0] & 0x0F) * 4
    source, target, length = struct.unpack("!HHH", packet[start : start + 6])
    return Datagram(
        (socket.inet_ntoa(packet[12:16]), source),
        (socket.inet_ntoa(packet[16:20]), target),
        packet[start + 8 : start + length],
    )


@dataclass
class Stream:
    """Sound in packets (A-law); times are s since the epoch."""

    arrivals: list[float] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)

    def between(self, begin: float, end: float) -> Stream:
        """What came from one moment to another."""
        first, last = (bisect.bisect_left(self.arrivals, at) for at in (begin, end))
        return Stream(self.arrivals[first:last], self.payloads[first:last])

    def samples(self) -> Samples:
        """All of it without the pauses between packets."""
        return sound.samples(self.payloads)

    def times(self, positions: NDArray[np.int64]) -> NDArray[np.float64]:
        """When these of the samples can be heard: each with its packet, and as late in it as it is."""
        starts = np.cumsum([0] + [len(payload) for payload in self.payloads])
        index = np.searchsorted(starts[:-1], positions, "right") - 1
        return np.asarray(np.array(self.arrivals)[index] + (positions - starts[index]) / sound.RATE)


@dataclass
class Key:
    """A key that a phone sent; times are those of its first packet and of the first that says it is up."""

    key: str
    stamp: int
    began: float
    ended: float | None = None


class Wire:
    """A `with` block in which packets are noted. Phones that call in it are known by their numbers."""

    def __init__(self, address: str, sip_port: int) -> None:
        """`address` is this machine's on the cable, `sip_port` the box's."""
        self._address, self._sip_port = address, sip_port
        self._ports: dict[str, int] = {}
        self._heard: dict[int, Stream] = defaultdict(Stream)
        self._keys: dict[int, list[Key]] = defaultdict(list)
        self._stopping = False

    def __enter__(self) -> Wire:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        self._socket.bind((interface(self._address), EVERYTHING))
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, TIMESTAMPS, 1)
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        self._thread.join()
        self._socket.close()

    def heard_by(self, number: str) -> Stream:
        """What was sent to the phone that calls as `number`."""
        return self._heard[self._port(number)]

    def keys_of(self, number: str) -> list[Key]:
        """What was pressed on it."""
        return self._keys[self._port(number)]

    def _port(self, number: str) -> int:
        if number not in self._ports:
            raise BenchError(f"no call of {number} was seen on the cable")
        return self._ports[number]

    def _run(self) -> None:
        while not self._stopping:
            if select.select([self._socket], [], [], 0.2)[0]:
                drain(self._socket, self.take)

    def take(self, packet: bytes, at: float) -> None:
        """Note one packet."""
        found = datagram(packet)
        if found is None:
            return
        if found.target[1] == self._sip_port:
            self._take_call(found.data)
        elif found.target[0] == self._address and found.target[1] in self._ports.values():
            self._take_sound(self._heard[found.target[1]], found.data, at)
        elif found.source[0] == self._address and found.source[1] in self._ports.values():
            _take_key(self._keys[found.source[1]], found.data, at)

    def _take_call(self, data: bytes) -> None:
        if data.startswith(b"INVITE "):
            with contextlib.suppress(ValueError):
                message = sip.parse(data)
                caller = re.search(r"sip:([^@>]*)@", message.headers.get("from", ""))
                if caller is not None:
                    self._ports[caller[1]] = sip.media(message.body)[1]

    def _take_sound(self, stream: Stream, data: bytes, at: float) -> None:
        if len(data) > 12 and data[0] >> 6 == 2 and data[1] & 0x7F == 8:
            # The payload first: who reads meanwhile goes by the arrivals.
            stream.payloads.append(data[12:])
            stream.arrivals.append(at)


def _take_key(keys: list[Key], data: bytes, at: float) -> None:
    event = dtmf.read(data[12:])
    if event is None:
        return
    stamp = int.from_bytes(data[4:8], "big")
    if not keys or keys[-1].stamp != stamp:
        keys.append(Key(event.key, stamp, at))
    if event.end and keys[-1].ended is None:
        keys[-1].ended = at


def interface(address: str) -> str:
    """Name of this machine's interface with an address; BenchError if there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # One without an address.
                answer = fcntl.ioctl(sock, ADDRESS_OF_INTERFACE, struct.pack("256s", name.encode()[:15]))
                if socket.inet_ntoa(answer[20:24]) == address:
                    return name
    raise BenchError(f"no interface of this machine has the address {address}")
