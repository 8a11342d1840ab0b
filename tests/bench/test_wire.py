from __future__ import annotations

import socket
import struct

import numpy as np
import pytest

from tests.bench import dtmf, sip, sound
from tests.bench.box import BenchError
from tests.bench.wire import Stream, Wire, datagram, interface

PHONE, BOX = ("10.0.0.1", 4000), ("10.0.0.2", 12000)


def packet(source: tuple[str, int], target: tuple[str, int], data: bytes, fragment: int = 0) -> bytes:
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(data), 1, fragment, 64, socket.IPPROTO_UDP, 0)
    ip += socket.inet_aton(source[0]) + socket.inet_aton(target[0])
    return ip + struct.pack("!HHHH", source[1], target[1], 8 + len(data), 0) + data + b"padding"


def rtp(payload: bytes, kind: int = 8, stamp: int = 0) -> bytes:
    return struct.pack("!BBHII", 0x80, kind, 0, stamp, 7) + payload


def wire_with_a_call() -> Wire:
    wire = Wire(PHONE[0], 5060)
    headers = [("From", '"A" <sip:101@10.0.0.2>;tag=x'), ("CSeq", "1 INVITE")]
    invite = sip.build("INVITE sip:600@10.0.0.2 SIP/2.0", headers, sip.offer(*PHONE))
    wire.take(packet((PHONE[0], 5062), (BOX[0], 5060), invite), 1.0)
    return wire


def test_a_datagram_is_read_without_what_follows_it() -> None:
    found = datagram(packet(PHONE, BOX, b"hello"))
    assert found is not None
    assert (found.source, found.target, found.data) == (PHONE, BOX, b"hello")


@pytest.mark.parametrize("other", [b"", b"\x60" + bytes(60), packet(PHONE, BOX, b"x", fragment=0x2000)])
def test_other_packets_are_none(other: bytes) -> None:
    assert datagram(other) is None


def test_what_a_phone_hears_is_noted_with_its_time() -> None:
    wire = wire_with_a_call()
    wire.take(packet(BOX, PHONE, rtp(sound.SILENCE)), 2.0)
    wire.take(packet(BOX, PHONE, rtp(bytes(4), kind=101)), 2.02)
    wire.take(packet(PHONE, BOX, rtp(sound.SILENCE)), 2.03)
    wire.take(packet(BOX, (PHONE[0], 4002), rtp(sound.SILENCE)), 2.04)
    heard = wire.heard_by("101")
    assert (heard.arrivals, heard.payloads) == ([2.0], [sound.SILENCE])
    with pytest.raises(BenchError, match="no call of 102"):
        wire.heard_by("102")


def test_keys_are_noted_from_their_first_packet_to_the_first_that_ends_them() -> None:
    wire, at = wire_with_a_call(), 0
    for stamp, key in ((100, "*"), (9000, "3")):
        for payload in dtmf.payloads(key):
            wire.take(packet(PHONE, BOX, rtp(payload, kind=120, stamp=stamp)), float(at))
            at += 1
    assert [(key.key, key.began, key.ended) for key in wire.keys_of("101")] == [("*", 0, 5), ("3", 8, 13)]


def test_a_sample_is_as_late_as_its_packet_also_after_a_pause() -> None:
    stream = Stream([1.0, 1.02, 5.0], [sound.SILENCE] * 3)
    times = stream.times(np.array([0, 80, 160, 320, 400]))
    assert times.tolist() == pytest.approx([1.0, 1.01, 1.02, 5.0, 5.01])
    assert stream.between(1.01, 5.0).arrivals == [1.02]


def test_an_interface_is_found_by_its_address() -> None:
    assert interface("127.0.0.1") == "lo"
    with pytest.raises(BenchError, match=r"no interface .* 192\.0\.2\.99"):
        interface("192.0.2.99")
