"""Wrong codes in the database: whether a caller may try one now, and how failures are recorded (B2).

The rule itself is in lockout.py. Ask and count in one transaction, so that callers at the same instant cannot
share one count.
"""

from __future__ import annotations

from appliance.access_codes.lockout import WINDOW_S, CallerIdentity, Failure, Verdict, judge
from appliance.models import Bridge, PinFailure

MAX_CALLER_LENGTH = 40


def identity(phone: str | None, number: str) -> CallerIdentity:
    """Return under whom a caller's failures count: the SIP account if proved, else the claimed number."""
    return CallerIdentity(phone=phone) if phone else CallerIdentity(number=number[:MAX_CALLER_LENGTH])


def check(bridge: Bridge, caller: CallerIdentity, now: float) -> Verdict:
    """Say whether `caller` may try a code on the bridge at `now` (s since the epoch)."""
    return judge(recent_failures(now), bridge.id, caller, now)


def record_failure(bridge: Bridge, caller: CallerIdentity, now: float) -> None:
    """Record a wrong code."""
    PinFailure.create(bridge=bridge, phone=caller.phone, caller=caller.number, at=now)


def recent_failures(now: float) -> list[Failure]:
    """Return the failures on the whole box that count at `now`, without those that were lifted."""
    rows = PinFailure.select().where(PinFailure.at > now - WINDOW_S, ~PinFailure.lifted)
    return [Failure(row.bridge_id, CallerIdentity(row.phone, row.caller), row.at) for row in rows]
