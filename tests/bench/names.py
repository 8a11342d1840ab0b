"""`names`: people who join at once and say their names; each is in the conference soon after their name.

A name is a tone, said once the box records it (its file is there), ended with `#`. "After their name" counts
from the packet that says this key is up to Asterisk's event that they are in, as it reaches this process.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from appliance.conferences import spoken_names
from appliance.system.ami import Message
from tests.bench import sound
from tests.bench.bench import BRIDGES, Bench, pont_number
from tests.bench.box import BenchError, wait_until
from tests.bench.callers import Callers
from tests.bench.flow import percentile
from tests.bench.leg import Leg
from tests.bench.report import Row

NAME = "names"
PEOPLE, WITHIN = 50, 10.0
"""Who join, and s in which all of them call."""
LONG = 1.5
"""s that a name lasts."""
PATIENCE = 45.0
"""s for the last one: welcome, question and name take some 15."""
LOOK = 0.02
BRIDGE = pont_number(BRIDGES - 2)
DIRECTORY = "var/lib/pont-media/names"


@dataclass
class Channels:
    """Who calls on which channel, and when it came into the conference; by the stem of its name's file.

    `heard` runs on the reader's thread.
    """

    callers: dict[str, str] = field(default_factory=dict)
    entered: dict[str, float] = field(default_factory=dict)
    """s since the epoch"""

    def heard(self, event: Message) -> None:
        """Note one event."""
        if event.get("Channel", "").startswith("PJSIP/"):
            stem = spoken_names.file_stem(event.get("Uniqueid", ""))
            if event["Event"] == "Newchannel":
                self.callers[stem] = event.get("CallerIDNum", "")
            elif event["Event"] == "ConfbridgeJoin":
                self.entered[stem] = time.time()


@dataclass
class Crowd:
    """The callers, and what each of them does next."""

    callers: Callers
    directory: Path
    channels: Channels
    legs: dict[str, Leg] = field(default_factory=dict)
    """By caller's number."""
    speaking: dict[str, float] = field(default_factory=dict)
    """Since when (monotonic s), by stem."""
    done: set[str] = field(default_factory=set)
    tone: bytes = field(default_factory=lambda: sound.tone(440))

    def call(self) -> None:
        """The next one calls."""
        number = f"+336000001{len(self.legs):02}"
        self.legs[number] = self.callers.call(BRIDGE, sound.SILENCE, caller=number)

    def go_on(self) -> None:
        """Whoever is being recorded says their name; whoever has said it presses #."""
        now = time.monotonic()
        for file in self.directory.glob(f"*.{spoken_names.FORMAT}"):
            leg = self.leg(file.stem)
            if leg is not None and file.stem not in self.speaking:
                self.speaking[file.stem] = now
                leg.say(self.tone)
        for stem, since in self.speaking.items():
            leg = self.leg(stem)
            if leg is not None and stem not in self.done and now - since >= LONG:
                self.done.add(stem)
                leg.press("#")
                leg.say(sound.SILENCE)

    def leg(self, stem: str) -> Leg | None:
        """Whose channel this is."""
        return self.legs.get(self.channels.callers.get(stem, ""))

    def delays(self) -> list[float]:
        """s from each name to the conference; infinite for who said none or did not come in."""
        entered = {
            self.channels.callers.get(stem, ""): at for stem, at in dict(self.channels.entered).items()
        }
        return [
            entered[number] - leg.key_ended_at if number in entered and leg.key_ended_at else math.inf
            for number, leg in self.legs.items()
        ]


def measure(bench: Bench) -> Iterator[Row]:
    """Let them join, in a bridge that announces."""
    rounds = 1 if bench.quick else 3
    delays: list[float] = []
    recorded = 0
    bench.box.run(["pont", "bridge", "change", BRIDGE, "--announce"])
    try:
        for _ in range(rounds):
            more, files = _join(bench)
            delays += more
            recorded += files
    finally:
        bench.box.run(["pont", "bridge", "change", BRIDGE, "--no-announce"])
    what = f"{rounds} times {PEOPLE} people who call within {WITHIN:.0f} s"
    came = sum(1 for delay in delays if math.isfinite(delay))
    yield Row(NAME, f"{what}: said a name and came in", came, "", "=", rounds * PEOPLE)
    yield Row(NAME, f"{what}: names kept", recorded, "", "=", rounds * PEOPLE)
    yield Row(NAME, "end of the name until they are in the conference, slowest", max(delays), "s", "<=", 3)
    yield Row(NAME, "end of the name until they are in the conference, median", percentile(delays, 0.5), "s")


def _join(bench: Bench) -> tuple[list[float], int]:
    """Delays of all, and how many names are there at the end."""
    directory = bench.box.root / DIRECTORY
    wait_until(lambda: not any(directory.iterdir()), 30, "the end of names of an earlier conference")
    channels = Channels()
    with bench.box.ami(channels.heard) as ami, bench.callers() as callers:
        for event in ("Newchannel", "ConfbridgeJoin"):
            ami.action("Filter", Operation="Add", Filter=f"Event: {event}")
        crowd = Crowd(callers, directory, channels)
        begin = time.monotonic()
        try:
            while len(channels.entered) < PEOPLE and time.monotonic() < begin + WITHIN + PATIENCE:
                if len(crowd.legs) < PEOPLE and time.monotonic() >= begin + len(crowd.legs) * WITHIN / PEOPLE:
                    crowd.call()
                crowd.go_on()
                time.sleep(LOOK)
            recorded = sum(1 for file in directory.glob(f"*.{spoken_names.FORMAT}") if crowd.leg(file.stem))
            delays = crowd.delays()
            if not crowd.speaking:
                raise BenchError("the box recorded no name, or of nobody who is known here by their number")
        finally:
            bench.box.hang_up_all()
    bench.say(
        f"{len(channels.entered)} of {PEOPLE} came in, the slowest {max(delays):.2f} s after their name; "
        f"{recorded} names kept"
    )
    return delays, recorded
