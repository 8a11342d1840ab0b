"""Keys as packets (RFC 4733): what is sent for one, and what one of them says. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tests.bench.sound import PACKET

KEYS = "0123456789*#ABCD"
PAYLOAD_TYPE = 101
"""That our own legs offer (sip.offer)."""
END = 0x80
VOLUME = 10  # -10 dBm0


@dataclass(frozen=True)
class Event:
    """What one packet says of a key."""

    key: str
    end: bool
    """It is up again."""
    duration: int
    """Samples so far."""


def payloads(key: str, packets: int = 5) -> list[bytes]:
    """Packets, 20 ms each, of a key that is held so long; the last is sent three times, as the end."""
    code, whole = KEYS.index(key), packets * PACKET
    held = [struct.pack("!BBH", code, VOLUME, PACKET * number) for number in range(1, packets + 1)]
    return held + [struct.pack("!BBH", code, END | VOLUME, whole)] * 3


def read(payload: bytes) -> Event | None:
    """What a packet says; None if it is no key. (Sound in packets of four bytes there is none.)"""
    if len(payload) != 4 or payload[0] >= len(KEYS):
        return None
    code, flags, duration = struct.unpack("!BBH", payload)
    return Event(KEYS[code], bool(flags & END), duration)
