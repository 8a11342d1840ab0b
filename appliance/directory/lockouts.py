"""Lists and lifts lock-outs after wrong codes (B2)."""

from __future__ import annotations

import time
from typing import Any

from appliance.access_codes.attempts import recent_failures
from appliance.access_codes.lockout import WINDOW_S, CallerIdentity, judge
from appliance.directory import bridges
from appliance.errors import RefusedError
from appliance.journal import audit_log
from appliance.models import Bridge, PinFailure, User
from appliance.models.transaction import atomic


def overview(now: float, among: Any = None) -> list[dict[str, Any]]:
    """List bridges with wrong codes in the last hour: their count, callers, and the end of lock-outs.

    `among`: ids of bridges, or a query of them, None for all. Callers are CallerIdentity, times seconds since
    the epoch.
    """
    failures = recent_failures(now)
    bridge_ids = {failure.bridge_id for failure in failures}
    result = []
    chosen = Bridge.select(Bridge, User).join(User).where(Bridge.id.in_(bridge_ids)).order_by(Bridge.id)
    if among is not None:
        chosen = chosen.where(Bridge.id.in_(among))
    for bridge in chosen:
        mine = [failure for failure in failures if failure.bridge_id == bridge.id]
        callers = sorted({failure.caller for failure in mine}, key=_phones_first)
        ends = {caller: judge(failures, bridge.id, caller, now).locked_until for caller in callers}
        locked = {caller: end for caller, end in ends.items() if end is not None}
        # A caller without failures is locked out only if the whole bridge, or the box, is.
        whole_bridge = judge(failures, bridge.id, None, now)
        result.append(
            {
                "bridge": bridges.describe(bridge),
                "bridge_id": bridge.id,
                "organiser": bridge.user.full_name,
                "failures": len(mine),
                "callers": callers,
                "locked_callers": callers if whole_bridge.locked else list(locked),
                "scope": whole_bridge.scope or ("caller" if locked else None),
                "locked_until": whole_bridge.locked_until or max(locked.values(), default=None),
            }
        )
    return result


def box_until(now: float) -> float | None:
    """Return when the lock-out of the whole box ends (s since the epoch), None if there is none."""
    return judge(recent_failures(now), 0, None, now).locked_until


@atomic
def lift(bridge: Bridge | None, *, actor: str) -> int:
    """Stop counting the wrong codes of a bridge, or of all (None); return how many; RefusedError if none."""
    recent = (PinFailure.at > time.time() - WINDOW_S) & ~PinFailure.lifted
    if bridge is not None:
        recent &= PinFailure.bridge == bridge
    lifted = PinFailure.update(lifted=True).where(recent).execute()
    if not lifted:
        raise RefusedError(
            "no wrong codes are counted there: no lock-out to lift", hint=" (pont lockout list)"
        )
    audit_log.record(
        actor, "lockout.lift", bridges.describe(bridge) if bridge else "all", f"failures: {lifted}"
    )
    return int(lifted)


def _phones_first(caller: CallerIdentity) -> tuple[bool, str, str]:
    return not caller.phone, caller.phone, caller.number
