"""Who may enter which conference, and in which role (R1, R3 to R11, R16, R19): one pure decision.

A call is a short dialogue: `decide` is asked once when it arrives and again after each time the
caller was asked for a code. It sees plain values only, the clock included, so that every case is
a row of a table; agi/fastagi/join.py reads the values and carries the answer to the dialplan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from appliance.access_codes.lockout import Verdict
from appliance.models import ConferenceRole
from appliance.speech.prompts import Prompt

MAX_TRIES = 3
"""Codes a caller may enter in one call (R10)."""
WELCOME_TIMEOUT_S = 2.0
"""Seconds after the welcome in which an organiser may begin to enter a PIN; others wait for their end."""
CODE_TIMEOUT_S = 8.0
"""Seconds to begin entering a required code."""
CONSENT_TIMEOUT_S = 5.0
"""Seconds to accept being recorded, for each of the two times the question is played."""


@dataclass(frozen=True)
class BridgeFacts:
    """What admission must know of the bridge that was called."""

    bridge_id: int
    service_enabled: bool
    is_pin: Callable[[str], bool]
    """Whether these digits are the creation PIN (R23); never slow, touches nothing."""
    password: str
    """Participant password, "" for none (R24)."""
    open_for_anyone: bool
    organiser_phones: frozenset[str]
    """SIP accounts whose calls are an administrator's (R5, R12)."""


@dataclass(frozen=True)
class Caller:
    """What is known of the caller."""

    phone: str | None
    """SIP account proved by digest authentication, None from a trunk."""
    digits: str | None = None
    """Digits entered after the last question ("" for none), None before the first question."""
    tries: int = 0
    """Questions answered wrongly or not at all so far in this call."""
    admitted: ConferenceRole | None = None
    """Role that this call was admitted in before it was asked for a name."""
    named: bool = False
    """They were asked for their name in this call, whether they said it or not."""
    consents: bool | None = None
    """Whether they may be recorded, None if they were not asked in this call (B3)."""


@dataclass(frozen=True)
class BoxState:
    """The moment at which the decision is taken."""

    calls: int
    """Calls admitted before this one and still there."""
    limit: int
    """Calls the box carries without harm to any of them."""
    lockout: Verdict
    opened: bool
    """An administrator has opened the conference (R9)."""
    ended: bool = False
    """The conference was ended for all while this call was on its way in (R21)."""
    locked: bool = False
    """R19."""
    muted_all: bool = False
    """R16."""
    recording: bool = False
    """The conference is being recorded."""
    consent_wanted: bool = False
    """Participants must accept being recorded (B3)."""
    names_wanted: bool = False
    """Arrivals are announced (R18, R25), and the name of this caller is not known yet (R7)."""


@dataclass(frozen=True)
class Ask:
    """Say the prompts, collect digits up to `#`, decide again."""

    prompts: tuple[Prompt, ...]
    wait: float
    """Seconds for the first digit after the prompts."""
    tries: int
    delay: float = 0.0
    wrong_code: bool = False
    """A code was compared and is wrong: to be counted for the lock-out."""


@dataclass(frozen=True)
class AskName:
    """Say the prompts, record a name up to `#`, decide again (R7)."""

    role: ConferenceRole
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class AskConsent:
    """Say the prompts, take one key, decide again (B3)."""

    role: ConferenceRole
    prompts: tuple[Prompt, ...]
    wait: float
    """Seconds for the key after the prompts, which are played twice."""


@dataclass(frozen=True)
class Enter:
    """Enter the conference."""

    role: ConferenceRole
    prompts: tuple[Prompt, ...] = ()
    muted: bool = False
    """Muted from the first moment on (R16)."""


@dataclass(frozen=True)
class Refuse:
    """Say why and hang up."""

    prompts: tuple[Prompt, ...]
    delay: float = 0.0
    wrong_code: bool = False


Decision = Ask | AskName | AskConsent | Enter | Refuse


def decide(bridge: BridgeFacts | None, caller: Caller, state: BoxState) -> Decision:
    """Decide what happens next to a call; `bridge` is None for a number without one."""
    if bridge is None:
        return Refuse((Prompt.UNKNOWN_NUMBER, Prompt.GOODBYE))
    if not bridge.service_enabled:
        return Refuse((Prompt.SERVICE_OFF, Prompt.GOODBYE))
    if state.ended:
        return Refuse((Prompt.ENDED, Prompt.GOODBYE))
    if caller.admitted is not None:
        return _admit(bridge, caller.admitted, caller, state)
    if caller.digits is None and state.calls >= state.limit:
        return Refuse((Prompt.FULL, Prompt.GOODBYE))
    if caller.phone is not None and caller.phone in bridge.organiser_phones:
        # Before any lock-out: guessing must not keep organisers out of their own bridge.
        return _admit(bridge, ConferenceRole.ADMIN, caller, state)
    if caller.digits is None:
        return _question(bridge, state, tries=0)
    if caller.digits == "":
        return _nothing_entered(bridge, caller, state)
    return _code_entered(bridge, caller, caller.digits, state)


def _question(bridge: BridgeFacts, state: BoxState, tries: int) -> Ask | Refuse:
    if bridge.password:
        if state.lockout.locked:
            return Refuse((Prompt.LOCKED_OUT, Prompt.GOODBYE))
        return Ask((Prompt.ENTER_CODE,), CODE_TIMEOUT_S, tries)
    return Ask((Prompt.WELCOME,), WELCOME_TIMEOUT_S, tries)


def _nothing_entered(bridge: BridgeFacts, caller: Caller, state: BoxState) -> Decision:
    if not bridge.password:
        return _admit(bridge, ConferenceRole.USER, caller, state)
    tries = caller.tries + 1
    if tries >= MAX_TRIES:
        return Refuse((Prompt.GOODBYE,))
    return _question(bridge, state, tries)


def _code_entered(bridge: BridgeFacts, caller: Caller, digits: str, state: BoxState) -> Decision:
    if state.lockout.locked:
        return Refuse((Prompt.LOCKED_OUT, Prompt.GOODBYE))
    if bridge.is_pin(digits):
        return _admit(bridge, ConferenceRole.ADMIN, caller, state)
    if bridge.password and compare_digest(digits.encode(), bridge.password.encode()):
        return _admit(bridge, ConferenceRole.USER, caller, state)
    tries = caller.tries + 1
    delay = state.lockout.delay
    if tries >= MAX_TRIES:
        return Refuse((Prompt.WRONG_CODE, Prompt.GOODBYE), delay, wrong_code=True)
    again = Prompt.ENTER_CODE if bridge.password else Prompt.WELCOME
    return Ask((Prompt.WRONG_CODE, again), CODE_TIMEOUT_S, tries, delay, wrong_code=True)


def _admit(bridge: BridgeFacts, role: ConferenceRole, caller: Caller, state: BoxState) -> Decision:
    """Admit a caller, unless the conference is locked; ask for consent and name before.

    Administrators hear that they are recorded and are not asked: they decide on the recording.
    """
    if state.locked and role is ConferenceRole.USER:
        return Refuse((Prompt.IS_LOCKED, Prompt.GOODBYE))
    if state.recording and state.consent_wanted and role is ConferenceRole.USER:
        if caller.consents is None:
            return AskConsent(role, (Prompt.ASK_CONSENT,), CONSENT_TIMEOUT_S)
        if not caller.consents:
            return Refuse((Prompt.NO_CONSENT, Prompt.GOODBYE))
    if state.names_wanted and not caller.named:
        return AskName(role, (Prompt.SAY_NAME,))
    muted = state.muted_all and role is ConferenceRole.USER
    waits = role is ConferenceRole.USER and not (state.opened or bridge.open_for_anyone)
    told = (
        (Prompt.IS_RECORDED, state.recording and not caller.consents),
        (Prompt.IS_MUTED, muted),
        (Prompt.WAIT_FOR_ORGANISER, waits),
    )
    return Enter(role, tuple(prompt for prompt, holds in told if holds), muted)
