from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from tests.bench.crowd import seats
from tests.bench.sipp import Account, count, scenario

ACCOUNT = Account("10.0.0.2", 5060, "10.0.0.1", "trunk", "pw")


def test_the_scenario_proves_who_calls_and_sends_sound() -> None:
    root = ET.fromstring(scenario(ACCOUNT, Path("/tmp/tone.al"), stay=1000))  # noqa: S314  # our own text
    requests = [(send.text or "").split()[0] for send in root.iter("send")]
    assert requests == ["INVITE", "ACK", "INVITE", "ACK", "SIP/2.0", "BYE"]
    assert "[authentication username=trunk password=pw]" in [s.text or "" for s in root.iter("send")][2]
    assert [step.get("rtp_stream") for step in root.iter("exec")] == ["/tmp/tone.al,-1,8,PCMA/8000"]
    assert [step.get("timeout") for step in root.iter("recv") if step.get("timeout")] == ["1000"]


def test_headers_and_body_are_parted_by_one_empty_line() -> None:
    invite = scenario(ACCOUNT, Path("/tmp/tone.al")).split("CDATA[\n")[1].split("]]>")[0]
    headers, _, body = invite.partition("\n\n")
    assert headers.startswith("INVITE ")
    assert headers.endswith("Content-Length: [len]")
    assert body.startswith("v=0\n")


def test_the_last_line_of_the_statistics_counts() -> None:
    text = "TotalCallCreated;SuccessfulCall(C);FailedCall(C)\n5;1;0\n10;8;2\n"
    assert count(text) == {"begun": 10, "succeeded": 8, "failed": 2}


def test_the_sampled_sit_in_rooms_spread_evenly_and_every_room_is_full() -> None:
    numbers = [str(room) for room in range(80)]
    crowd, chosen = seats(numbers, 5)
    assert chosen == ["0", "16", "32", "48", "64"]
    assert sorted(crowd + chosen) == sorted(numbers * 5)
