"""Receives a call: gathers what admission must know, lets it decide, counts a wrong code (B2).

Fails closed: whatever goes wrong here raises, and the dialplan tells the caller that the service is
not available. No transaction is open while a caller listens: each question is a call of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance import admission, pins
from appliance.config import Config
from appliance.directory import bridge_called
from appliance.lockout import OPEN, WINDOW, Failure, judge
from appliance.models import Bridge, Conference, PinFailure, database, organiser_phones


@dataclass(frozen=True)
class Call:
    """A call as the dialplan presents it; texts are what the caller sent, of any content."""

    called: str
    caller_number: str
    caller: admission.Caller
    calls: int
    """Calls admitted and still there."""


@dataclass(frozen=True)
class Reception:
    """What to do with the call, and in which language to say it."""

    decision: admission.Decision
    language: str
    bridge_id: int | None


def receive(call: Call, config: Config, pin_key: bytes, now: float) -> Reception:
    """Decide on a call at `now` (s since the epoch)."""
    bridge = bridge_called(call.called, config.region)
    if bridge is None:
        decision = admission.decide(None, call.caller, _state(call, config, None, now))
        return Reception(decision, config.language, None)
    facts = _facts(bridge, call, pin_key)
    if not call.caller.digits:
        decision = admission.decide(facts, call.caller, _state(call, config, bridge, now))
    else:
        # One code after the other, so that callers at the same instant cannot share one count.
        with database.atomic("IMMEDIATE"):
            decision = admission.decide(facts, call.caller, _state(call, config, bridge, now))
            if not isinstance(decision, admission.Enter) and decision.wrong_code:
                PinFailure.create(bridge=bridge, caller=_lockout_name(call), at=now)
    return Reception(decision, bridge.language, bridge.id)


def _facts(bridge: Bridge, call: Call, pin_key: bytes) -> admission.BridgeFacts:
    customer = bridge.user.customer
    return admission.BridgeFacts(
        bridge_id=bridge.id,
        service_enabled=customer is not None and customer.service_enabled,
        is_pin=lambda digits: pins.matches(pin_key, bridge.id, digits, bridge.pin_hash),
        password=bridge.password,
        open_for_anyone=bridge.open_for_anyone,
        # Nobody's phone, nothing to ask the database: most calls come from outside.
        organiser_phones=organiser_phones(bridge) if call.caller.phone else frozenset(),
    )


def _state(call: Call, config: Config, bridge: Bridge | None, now: float) -> admission.BoxState:
    lockout = OPEN
    if bridge is not None and (bridge.password or call.caller.digits):
        rows = PinFailure.select().where(PinFailure.at > now - WINDOW, ~PinFailure.lifted)
        failures = [Failure(row.bridge_id, row.caller, row.at) for row in rows]
        lockout = judge(failures, bridge.id, _lockout_name(call), now)
    return admission.BoxState(
        calls=call.calls,
        limit=config.admission_limit,
        lockout=lockout,
        opened=bridge is not None and Conference.is_open(bridge),
    )


def _lockout_name(call: Call) -> str:
    return f"phone {call.caller.phone}" if call.caller.phone else call.caller_number[:40]
