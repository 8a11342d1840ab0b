"""G.711 A-law sound: the tone that callers send, and what a leg received as samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.phone.hearing import Samples, rms
from tests.phone.sounds import g711

RATE = 8000
PACKET = 160
"""Samples, and bytes, of 20 ms."""
AUDIBLE = 100.0
"""RMS of one packet from which on something is heard: -50 dBFS. Silence as A-law is 8."""
SILENCE = bytes([0xD5]) * PACKET

_DECODED = g711(np.arange(256, dtype=np.uint8), "alaw").astype(np.int32)
_ORDER = np.argsort(_DECODED, kind="stable")
_LEVELS = _DECODED[_ORDER]


def encode(samples: Samples) -> bytes:
    """A-law codes of samples (16 bit scale): for each the code that decodes to the nearest level."""
    wanted = samples.astype(np.int32)
    above = np.clip(np.searchsorted(_LEVELS, wanted), 1, 255)
    nearer = np.where(wanted - _LEVELS[above - 1] < _LEVELS[above] - wanted, above - 1, above)
    return _ORDER[nearer].astype(np.uint8).tobytes()


def tone(freq: int, seconds: int = 1, amplitude: float = 4000.0) -> bytes:
    """A-law of a tone (whole Hz: it can be repeated without a click)."""
    at = np.arange(seconds * RATE) / RATE
    return encode((amplitude * np.sin(2 * np.pi * freq * at)).astype(np.int16))


def samples(payloads: Sequence[bytes]) -> Samples:
    """What was received, as 16 bit samples."""
    return g711(np.frombuffer(b"".join(payloads), np.uint8), "alaw")


def first_audible(payloads: Sequence[bytes]) -> int | None:
    """Index of the first packet in which something is heard."""
    return next((index for index, payload in enumerate(payloads) if rms(samples([payload])) >= AUDIBLE), None)
