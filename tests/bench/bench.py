"""What every measurement works with: the box, a place for files, callers, somebody to tell how far it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from tests.bench import sound
from tests.bench.box import Box
from tests.bench.callers import Callers
from tests.bench.sipp import FOREVER, Account, Sipp

ORGANISED = 160
"""Bridges that alice's phone may open."""
BRIDGES = 200
"""Bridges that are there for every measurement but `change`."""
FILL = Path(__file__).with_name("fill.py")


@dataclass(frozen=True)
class Bench:
    """One run."""

    box: Box
    directory: Path
    quick: bool
    say: Callable[[str], None]

    @cached_property
    def asterisk(self) -> int:
        """Process id of the box's Asterisk, as seen from here."""
        return self.box.process("asterisk")

    @cached_property
    def _names(self) -> count[int]:
        return count(1)

    def callers(self, account: Account | None = None) -> Callers:
        """Legs that are looked at; from the trunk unless another account is given."""
        who = account or self.box.trunk()
        return Callers((who.host, who.port), who.local, who.username, who.password)

    def sipp(
        self,
        numbers: Sequence[str],
        rate: float,
        *,
        account: Account | None = None,
        stay: int = FOREVER,
        silent: bool = False,
    ) -> Sipp:
        """Many callers, `rate` a second, who send a tone (or packets of silence) and stay so many ms."""
        path = self.directory / ("silence.al" if silent else "tone.al")
        path.write_bytes(sound.SILENCE * 50 if silent else sound.tone(440))
        return Sipp(
            self.directory / f"sipp{next(self._names)}",
            account or self.box.trunk(),
            path,
            numbers,
            rate,
            stay,
        )

    def fill(self, bridges: int) -> float:
        """Let the box have so many bridges, made or removed through the product's core; seconds that took."""
        argv = ["runuser", "-u", "pont", "--", "/opt/pont/venv/bin/python", "-", str(bridges), str(ORGANISED)]
        answer = json.loads(self.box.run(argv, FILL.read_text(), within=900))
        self.say(f"{answer['bridges']} bridges are there ({answer['seconds']:.0f} s)")
        return float(answer["seconds"])


def pont_number(index: int) -> str:
    """Extension of bridge number `index` (fill.py)."""
    return str(700000 + index)
