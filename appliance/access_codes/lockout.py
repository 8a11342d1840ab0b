"""How often PINs and passwords may be guessed (B2): counted across calls and lines, whoever calls.

Pure: failures and the clock come in as values. Limits hold in any window of one hour, so that
four digits take an attacker 1,000 hours, whatever caller IDs they claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

WINDOW_S = 3600.0
"""Seconds for which a failure counts."""
BRIDGE_LIMIT = 10
"""Failures an hour on one bridge; after them codes are refused there."""
CALLER_LIMIT = 6
"""Failures an hour of one caller ID on one bridge: an honest person's share, kept below the
bridge's so that one bad caller rarely closes the bridge for the others."""
BOX_LIMIT = 200
"""Failures an hour on the whole box: an attacker tries number after number."""
MAX_DELAY_S = 8.0


@dataclass(frozen=True)
class CallerIdentity:
    """The caller that failures are counted for. A number that reads like an account never counts as one."""

    phone: str = ""
    """SIP account proved by digest authentication, "" for none."""
    number: str = ""
    """Number as claimed, "" for a proved phone and for a withheld number."""

    @property
    def is_text(self) -> bool:
        """Whether the claimed number is another text, such as "phone 103"; to be shown in quotes only."""
        return bool(self.number) and not re.fullmatch(r"\+?[0-9]+", self.number, re.ASCII)


@dataclass(frozen=True)
class Failure:
    """One wrong code: where, by whom, when (s since the epoch)."""

    bridge_id: int
    caller: CallerIdentity
    at: float


@dataclass(frozen=True)
class Verdict:
    """Whether codes are compared now, and the delay of the answer."""

    locked_until: float | None
    """End of the lock-out (s since the epoch), None when there is none."""
    scope: str | None
    """What is locked out: "bridge", "caller", "box" or None."""
    delay: float
    """Seconds before a wrong code is answered; grows with the failures before."""

    @property
    def locked(self) -> bool:
        """No code may be compared now."""
        return self.locked_until is not None


OPEN = Verdict(None, None, 0.0)
"""No failures."""


def judge(failures: Sequence[Failure], bridge_id: int, caller: CallerIdentity | None, now: float) -> Verdict:
    """Say whether `caller` (None: one who never failed) may try a code on the bridge now.

    `failures`: those of the last hour on the whole box, in any order, without lifted ones.
    """
    # A failure later than `now` counts as well: its call was decided while this one waited.
    recent = [failure for failure in failures if failure.at > now - WINDOW_S]
    on_bridge = [failure.at for failure in recent if failure.bridge_id == bridge_id]
    by_caller = [f.at for f in recent if f.bridge_id == bridge_id and f.caller == caller]
    scopes = (
        ("bridge", on_bridge, BRIDGE_LIMIT),
        ("caller", by_caller, CALLER_LIMIT),
        ("box", [failure.at for failure in recent], BOX_LIMIT),
    )
    for scope, times, limit in scopes:
        if len(times) >= limit:
            # Open again as soon as fewer than `limit` are younger than the window.
            return Verdict(sorted(times)[-limit] + WINDOW_S, scope, 0.0)
    return Verdict(None, None, _delay(len(on_bridge)))


def _delay(failures: int) -> float:
    """No wait for a slip or two, then 1, 2, 4 and at most 8 seconds."""
    return 0.0 if failures < 3 else min(2.0 ** (failures - 3), MAX_DELAY_S)
