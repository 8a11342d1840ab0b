"""Lock-outs after wrong PINs: seen and lifted (B2)."""

from __future__ import annotations

import time
from typing import Any

from appliance.directory import audit, bridges
from appliance.directory.errors import Refused
from appliance.directory.transaction import whole
from appliance.lockout import WINDOW, Failure, judge
from appliance.models import Bridge, PinFailure


def overview(now: float) -> list[dict[str, Any]]:
    """Bridges with wrong codes in the last hour: how many, from where, and until when they are locked out."""
    rows = list(PinFailure.select().where(PinFailure.at > now - WINDOW, ~PinFailure.lifted))
    failures = [Failure(row.bridge_id, row.caller, row.at) for row in rows]
    result = []
    for bridge in Bridge.select().where(Bridge.id.in_({row.bridge_id for row in rows})).order_by(Bridge.id):
        mine = [failure for failure in failures if failure.bridge_id == bridge.id]
        callers = sorted({failure.caller for failure in mine})
        locked = [caller for caller in callers if judge(failures, bridge.id, caller, now).locked]
        # A caller that never failed is locked out only when the whole bridge, or the box, is.
        whole_bridge = judge(failures, bridge.id, "\0", now)
        result.append(
            {
                "bridge": bridges.describe(bridge),
                "failures": len(mine),
                "callers": callers,
                "locked_callers": callers if whole_bridge.locked else locked,
                "scope": whole_bridge.scope or ("caller" if locked else None),
                "locked_until": whole_bridge.locked_until,
            }
        )
    return result


@whole
def lift(bridge: Bridge | None, *, actor: str) -> int:
    """Forget the wrong codes of a bridge, or of all (None); return how many counted."""
    recent = (PinFailure.at > time.time() - WINDOW) & ~PinFailure.lifted
    if bridge is not None:
        recent &= PinFailure.bridge == bridge
    lifted = PinFailure.update(lifted=True).where(recent).execute()
    if not lifted:
        raise Refused("nothing is counted there: no lock-out to lift", hint=" (pont lockout list)")
    audit.record(actor, "lockout.lift", bridges.describe(bridge) if bridge else "all", f"failures: {lifted}")
    return int(lifted)
