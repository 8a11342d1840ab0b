"""`admission`: what FastAGI costs a caller on their way in against a static dialplan, and if it ever fails.

An organiser's phone enters with no question asked: only FastAGI lies between. Times are those of Asterisk's
events (channel there, caller in the conference): a call that sipp counts may have failed inside.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from appliance.system.ami import Message
from tests.bench.bench import Bench, pont_number
from tests.bench.flow import percentile
from tests.bench.report import Row

NAME = "admission"
RATE = 50
"""Calls a second."""
STAY = 2000
"""ms that a caller stays."""
ROOMS = 10
"""Few, so that some ten people are in each all the time: what is to be measured is the way in, not anchors
that come and go with the second person."""
STATIC = "87"


@dataclass
class Entries:
    """Collects when channels began and entered a conference; `heard` runs on the reader's thread."""

    began: dict[str, float] = field(default_factory=dict)
    entered: dict[str, float] = field(default_factory=dict)

    def heard(self, event: Message) -> None:
        """Note one event."""
        if event.get("Channel", "").startswith("PJSIP/"):
            if event["Event"] == "Newchannel":
                self.began[event["Uniqueid"]] = time.monotonic()
            elif event["Event"] == "ConfbridgeJoin":
                self.entered[event["Uniqueid"]] = time.monotonic()

    def failed(self) -> int:
        """Callers who reached the box and not the conference, although they stayed long enough."""
        return len(self.began.keys() - self.entered.keys())

    def times(self) -> list[float]:
        """ms from channel to conference, of those who came in."""
        return [(self.entered[channel] - self.began[channel]) * 1000 for channel in self.entered]


def measure(bench: Bench) -> Iterator[Row]:
    """Both ways in turn: many calls through FastAGI, some without."""
    rounds, through, without = (2, 500, 250) if bench.quick else (4, 2500, 500)
    for step in ("1,Answer", "2,ConfBridge(${EXTEN},default_bridge,person,codes)", "3,Hangup"):
        bench.box.asterisk(f"dialplan add extension _{STATIC}XXXX,{step} into from-phone replace")
    agi: list[float] = []
    static: list[float] = []
    failed = unborn = 0
    for _ in range(rounds):
        static += _round(bench, [f"{STATIC}{index % ROOMS:04}" for index in range(without)]).times()
        entries = _round(bench, [pont_number(index % ROOMS) for index in range(through)])
        agi += entries.times()
        failed += entries.failed()
        unborn += through - len(entries.began)
        bench.say(
            f"{len(agi)} callers let in by FastAGI, {failed} not; to the conference 99 % within "
            f"{percentile(agi, 0.99):.1f} ms, from a static dialplan {percentile(static, 0.99):.1f} ms"
        )
    yield Row(NAME, f"callers whom FastAGI failed, of {rounds * through}", failed, "", "=", 0)
    yield Row(NAME, "callers whom Asterisk did not answer (SIP retransmissions in vain)", unborn, "", "=", 0)
    for share, name in ((0.5, "median"), (0.99, "99th percentile")):
        yield Row(NAME, f"into the conference, {name}, FastAGI", percentile(agi, share), "ms")
        yield Row(NAME, f"into the conference, {name}, static dialplan", percentile(static, share), "ms")
    more = percentile(agi, 0.99) - percentile(static, 0.99)
    yield Row(NAME, f"FastAGI's cost at {RATE} calls/s, 99th percentile", more, "ms", "<=", 20)


def _round(bench: Bench, numbers: Sequence[str]) -> Entries:
    entries = Entries()
    with bench.box.ami(entries.heard) as ami:
        for name in ("Newchannel", "ConfbridgeJoin"):
            ami.action("Filter", Operation="Add", Filter=f"Event: {name}")
        with bench.sipp(numbers, RATE, account=bench.box.phone("101"), stay=STAY) as sipp:
            sipp.finish(len(numbers) / RATE + 30)  # The last one came in STAY seconds before.
    return entries
