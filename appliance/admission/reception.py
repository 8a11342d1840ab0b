"""Receives a call: gathers what admission must know, lets it decide, counts a wrong code (B2).

Fails closed: every error raises, and the dialplan plays to the caller that the service is not
available. No transaction is open while a caller listens: each question is a call of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.access_codes import attempts, pins
from appliance.access_codes.lockout import OPEN, CallerIdentity
from appliance.admission.decision import Ask, BoxState, BridgeFacts, Caller, Decision, Refuse, decide
from appliance.conferences import spoken_names
from appliance.directory.bridges import find_dialled
from appliance.models import Bridge, Conference, Consent, database, organiser_phones
from appliance.recordings import lifecycle
from appliance.system.config import Config


@dataclass(frozen=True)
class Call:
    """A call as the dialplan presents it; texts are what the caller sent, of any content."""

    called: str
    caller_number: str
    caller: Caller
    calls: int
    """Calls admitted and still there."""
    channel_id: str
    """Asterisk's Uniqueid of the caller's channel."""
    began: float
    """When the call arrived (s since the epoch)."""


@dataclass(frozen=True)
class Reception:
    """What to do with the call, and in which language to say it."""

    decision: Decision
    language: str
    bridge_id: int | None
    spoken_name: str = ""
    """Recording of the caller's name (spoken_names.py): of this call, or earlier in the conference."""


def receive(call: Call, config: Config, pin_key: bytes, now: float) -> Reception:
    """Decide on a call at `now` (s since the epoch)."""
    bridge = find_dialled(call.called, config.region)
    if bridge is None:
        decision = decide(None, call.caller, _state(call, config, None, now))
        return Reception(decision, config.language, None)
    facts = _facts(bridge, call, pin_key)
    latest = Conference.latest(bridge)
    name = _spoken_name(call, config, latest)

    if call.caller.consents is not None:
        _record_consent(bridge, call, call.caller.consents, now)

    def ask() -> Decision:
        return decide(facts, call.caller, _state(call, config, bridge, now, latest, name))

    if not call.caller.digits:
        decision = ask()
    else:
        # One code after the other, so that callers at the same instant cannot share one count.
        with database.atomic("IMMEDIATE"):
            decision = ask()
            if isinstance(decision, Ask | Refuse) and decision.wrong_code:
                attempts.record_failure(bridge, _identity(call), now)
    return Reception(decision, bridge.language, bridge.id, name)


def _facts(bridge: Bridge, call: Call, pin_key: bytes) -> BridgeFacts:
    customer = bridge.user.customer
    return BridgeFacts(
        bridge_id=bridge.id,
        service_enabled=customer is not None and customer.service_enabled,
        is_pin=lambda digits: pins.matches(pin_key, bridge.id, digits, bridge.pin_hash),
        password=bridge.password,
        open_for_anyone=bridge.open_for_anyone,
        # Without a proved phone there is nothing to look up: most calls come from outside.
        organiser_phones=organiser_phones(bridge) if call.caller.phone else frozenset(),
    )


def _state(
    call: Call,
    config: Config,
    bridge: Bridge | None,
    now: float,
    latest: Conference | None = None,
    name: str = "",
) -> BoxState:
    if bridge is None:
        return BoxState(call.calls, config.admission_limit, OPEN, opened=False)
    lockout = OPEN
    if bridge.password or call.caller.digits:
        lockout = attempts.check(bridge, _identity(call), now)
    running = _running(latest)
    if running is None:
        ended = latest is not None and (latest.closing_at or 0.0) > call.began
        return BoxState(
            call.calls, config.admission_limit, lockout, opened=False, ended=ended,
            recording=lifecycle.will_record(bridge, None), consent_wanted=bridge.consent,
            names_wanted=bridge.announce and not name,
        )  # fmt: skip
    return BoxState(
        call.calls,
        config.admission_limit,
        lockout,
        opened=running.opened_at is not None,
        ended=running.closing_at is not None,
        locked=running.locked,
        muted_all=running.muted_all,
        recording=lifecycle.will_record(bridge, running),
        consent_wanted=bridge.consent,
        names_wanted=running.announcing and not name,
    )


def _running(latest: Conference | None) -> Conference | None:
    return latest if latest is not None and latest.ended_at is None else None


def _spoken_name(call: Call, config: Config, latest: Conference | None) -> str:
    if call.caller.named:
        name = spoken_names.file_stem(call.channel_id)
        return name if spoken_names.has_speech(config, name) else ""
    return spoken_names.previous_recording(_running(latest), call.caller.phone, call.caller_number)


def _record_consent(bridge: Bridge, call: Call, accepted: bool, now: float) -> None:
    """Record the answer once: the call is decided again after the name."""
    Consent.insert(
        bridge=bridge,
        channel=call.channel_id,
        caller=call.caller_number,
        phone=call.caller.phone or "",
        at=now,
        accepted=accepted,
    ).on_conflict_ignore().execute()


def _identity(call: Call) -> CallerIdentity:
    return attempts.identity(call.caller.phone, call.caller_number)
