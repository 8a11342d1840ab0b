"""Wrong codes in the database: whether a caller may try one now, and that he tried in vain (B2).

The rule itself is in lockout.py. Ask and count in one transaction, so that callers at the same instant cannot
share one count.
"""

from __future__ import annotations

from appliance.access_codes.lockout import WINDOW, Failure, Verdict, judge
from appliance.models import Bridge, PinFailure

LONGEST_CALLER = 40


def caller_name(phone: str | None, number: str) -> str:
    """Under whom a caller's failures are counted: his SIP account if proved, else the number he claims."""
    return f"phone {phone}" if phone else number[:LONGEST_CALLER]


def check(bridge: Bridge, caller: str, now: float) -> Verdict:
    """Say whether `caller` may try a code on the bridge at `now` (s since the epoch)."""
    rows = PinFailure.select().where(PinFailure.at > now - WINDOW, ~PinFailure.lifted)
    return judge([Failure(row.bridge_id, row.caller, row.at) for row in rows], bridge.id, caller, now)


def record_failure(bridge: Bridge, caller: str, now: float) -> None:
    """Note a wrong code."""
    PinFailure.create(bridge=bridge, caller=caller, at=now)
