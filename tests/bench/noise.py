"""How much of this machine others used while something was measured: without it a miss may be theirs."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def busy(stat: str) -> int:
    """Ticks that all cores worked, from /proc/stat: all columns but idle, iowait and guests (proc(5))."""
    user, nice, system, _, _, irq, softirq, steal = (int(value) for value in stat.split("\n")[0].split()[1:9])
    return user + nice + system + irq + softirq + steal


class Noise:
    """Counts from its making on. `ours`: processes that are measured, beside this one and its children."""

    def __init__(self, ours: Sequence[int]) -> None:
        self._ours = {pid: _ticks(pid) for pid in ours}
        self._self = sum(os.times()[:4])
        self._busy = busy(Path("/proc/stat").read_text())
        self._begin = time.monotonic()

    def others(self) -> float:
        """Share of one core that everything else used, in %; the kernel's work for packets is part of it."""
        used = busy(Path("/proc/stat").read_text()) - self._busy
        used -= sum(max(0, _ticks(pid) - before) for pid, before in self._ours.items())
        seconds = used / TICKS - (sum(os.times()[:4]) - self._self)
        return 100 * max(0.0, seconds) / (time.monotonic() - self._begin)


def _ticks(pid: int) -> int:
    """utime and stime of a process; 0 if it is gone (pont-agi is started anew for some measurements)."""
    with contextlib.suppress(OSError):
        values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(values[11]) + int(values[12])
    return 0
