from __future__ import annotations

import struct

import pytest

from tests.bench import dtmf, sip
from tests.bench.leg import Leg
from tests.bench.sound import PACKET, SILENCE


def test_a_key_is_held_and_its_end_said_three_times() -> None:
    events = [dtmf.read(payload) for payload in dtmf.payloads("#")]
    assert [(event.key, event.end, event.duration) for event in events if event is not None] == [
        *(("#", False, PACKET * number) for number in range(1, 6)),
        *[("#", True, PACKET * 5)] * 3,
    ]


@pytest.mark.parametrize("payload", [b"", SILENCE, bytes([16, 10, 0, 160])])
def test_what_is_no_key_is_none(payload: bytes) -> None:
    assert dtmf.read(payload) is None


def test_the_payload_type_is_the_one_offered() -> None:
    offer = sip.offer("10.0.0.1", 4000)
    assert f"a=rtpmap:{dtmf.PAYLOAD_TYPE} telephone-event/8000" in offer
    assert f"m=audio 4000 RTP/AVP 8 {dtmf.PAYLOAD_TYPE}\r\n" in offer


def test_a_leg_sends_a_key_in_place_of_its_sound_and_notes_when_it_is_up() -> None:
    leg = Leg(("127.0.0.1", 9), "127.0.0.1", "", "", "1", SILENCE, "+33600000000")
    sent: list[bytes] = []
    leg._media_of_peer = leg.media.getsockname()
    try:
        leg.tick(0.0)
        leg.press("#")
        for number in range(9):
            leg.tick(0.0)
            assert (leg.key_ended_at > 0) is (number >= 5)
        for _ in range(10):
            sent.append(leg.media.recv(200))
    finally:
        leg.close()
    heads = [struct.unpack("!BBHI", packet[:8]) for packet in sent]
    kinds = [kind for _, kind, _, _ in heads]
    assert kinds == [8, dtmf.PAYLOAD_TYPE | 0x80, *[dtmf.PAYLOAD_TYPE] * 7, 8]
    assert [sequence for _, _, sequence, _ in heads] == list(range(10))
    assert [stamp // PACKET for *_, stamp in heads] == [0, *[1] * 8, 9]
