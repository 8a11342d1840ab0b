"""Service codes, pressed on a phone during the conference (R13 to R22): one pure decision.

`respond` sees the state of the conference, who pressed and what, and returns the effects; it is tested as
a table of every code, role and state. appliance/conferences/control.py carries the effects out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from appliance.models import ConferenceRole, HistoryEffect
from appliance.speech import spoken_numbers
from appliance.speech.prompts import Prompt

CONFIRM = "1"
"""The key that confirms the end for all (R21)."""


class Code(StrEnum):
    """The key after `*`; the names of the last two are the dialplan's."""

    END = "0"
    COUNT = "1"
    MUTE = "2"
    MUTE_ALL = "3"
    PAUSE = "4"
    ANNOUNCE = "5"
    LOCK = "6"
    RECORD = "7"
    ADMIN = "9"
    HELP = "star"


class Switch(StrEnum):
    """What is on or off for a whole conference."""

    LOCKED = "locked"
    MUTED_ALL = "muted_all"
    PAUSED = "paused"
    ANNOUNCING = "announcing"
    RECORDING = "recording"


SWITCHES = {
    Code.MUTE_ALL: Switch.MUTED_ALL,
    Code.PAUSE: Switch.PAUSED,
    Code.ANNOUNCE: Switch.ANNOUNCING,
    Code.LOCK: Switch.LOCKED,
    Code.RECORD: Switch.RECORDING,
}
SWITCH_PROMPTS = {
    (Switch.MUTED_ALL, True): Prompt.ALL_MUTED,
    (Switch.MUTED_ALL, False): Prompt.ALL_UNMUTED,
    (Switch.PAUSED, True): Prompt.PAUSED,
    (Switch.PAUSED, False): Prompt.RESUMED,
    (Switch.ANNOUNCING, True): Prompt.ANNOUNCING_ON,
    (Switch.ANNOUNCING, False): Prompt.ANNOUNCING_OFF,
    (Switch.LOCKED, True): Prompt.LOCKED,
    (Switch.LOCKED, False): Prompt.UNLOCKED,
    (Switch.RECORDING, True): Prompt.RECORDING_ON,
    (Switch.RECORDING, False): Prompt.RECORDING_OFF,
}
"""The prompt for each change of a switch."""
HELP = {
    Code.COUNT: Prompt.HELP_COUNT,
    Code.MUTE: Prompt.HELP_MUTE,
    Code.MUTE_ALL: Prompt.HELP_MUTE_ALL,
    Code.PAUSE: Prompt.HELP_PAUSE,
    Code.ANNOUNCE: Prompt.HELP_ANNOUNCE,
    Code.LOCK: Prompt.HELP_LOCK,
    Code.RECORD: Prompt.HELP_RECORD,
    Code.ADMIN: Prompt.HELP_ADMIN,
    Code.END: Prompt.HELP_END,
}
FOR_USERS = frozenset({Code.MUTE, Code.ADMIN, Code.HELP})
"""Codes of users; administrators may press all, but need no `*9`."""


@dataclass(frozen=True)
class State:
    """A conference at one moment."""

    opened: bool
    locked: bool
    muted_all: bool
    paused: bool
    announcing: bool
    recording: bool
    people: int
    """Persons, not channels."""


@dataclass(frozen=True)
class Member:
    """The person who pressed the code."""

    role: ConferenceRole
    muted: bool
    """By themselves."""
    muted_by_admin: bool


class Pin(StrEnum):
    """Result of the digits after `*9`."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED_OUT = "locked out"
    """Not compared (B2)."""


@dataclass(frozen=True)
class Say:
    """Play these files to the person who pressed, one after the other."""

    files: tuple[str, ...]


@dataclass(frozen=True)
class AskFor:
    """Play a prompt, collect digits, and respond again with them."""

    prompt: Prompt


@dataclass(frozen=True)
class Turn:
    """Switch something for the whole conference."""

    switch: Switch
    on: bool


@dataclass(frozen=True)
class MuteSelf:
    """Mute or unmute the person who pressed."""

    on: bool


@dataclass(frozen=True)
class Promote:
    """Make the person administrator (R13)."""


@dataclass(frozen=True)
class End:
    """End the conference for all (R21)."""


Effect = Say | AskFor | Turn | MuteSelf | Promote | End


def mute_wanted(role: ConferenceRole, muted: bool, muted_by_admin: bool, muted_all: bool) -> bool:
    """Return whether a person must be muted (R15): `*3` spares administrators and forgets no mute (R16)."""
    return muted or muted_by_admin or (muted_all and role is ConferenceRole.USER)


def respond(
    state: State, member: Member, code: str, *, digits: str | None, pin: Pin | None, language: str
) -> tuple[Effect, ...]:
    """Return the effects of a code. `code`: the key after `*` (see Code), or any other text.

    `digits`: entered after it, "" for none, None if not asked. `pin`: for `*9` with digits, their
    result.
    """
    if code not in tuple(Code) or not (member.role is ConferenceRole.ADMIN or code in FOR_USERS):
        return (Say((Prompt.CODE_UNAVAILABLE,)),)
    match Code(code):
        case Code.COUNT:
            return (Say(_count(state.people, language)),)
        case Code.MUTE:
            return _mute_self(state, member)
        case Code.ADMIN:
            return _become_admin(member, digits, pin)
        case Code.END:
            return _end(digits)
        case Code.HELP:
            return (Say(_help(member.role)),)
        case Code.RECORD:
            # Announced to all once it is true.
            return (Turn(Switch.RECORDING, not state.recording),)
        case known:
            switch = SWITCHES[known]
            on = not getattr(state, switch)
            return Turn(switch, on), Say((SWITCH_PROMPTS[switch, on],))


def switched(switch: Switch, on: bool) -> HistoryEffect:
    """Return the effect that the history records for a switch."""
    return HistoryEffect(f"{switch}_{'on' if on else 'off'}")


def outcome(code: str, effects: tuple[Effect, ...]) -> HistoryEffect:
    """Return the effect that the history records for a code, from the effects of `respond`."""
    for effect in effects:
        match effect:
            case Turn():
                return switched(effect.switch, effect.on)
            case MuteSelf():
                return HistoryEffect.SELF_MUTED if effect.on else HistoryEffect.SELF_UNMUTED
            case Promote():
                return HistoryEffect.PROMOTED
            case End():
                return HistoryEffect.ENDED
            case Say() if code == Code.HELP:
                return HistoryEffect.HELPED
            case Say() if effect.files[0] == Prompt.GOES_ON:
                return HistoryEffect.NOT_ENDED if code == Code.END else HistoryEffect.NO_PIN
            case Say():
                return _ANSWERS[Prompt(effect.files[0])]
    raise ValueError("a code that asks has no outcome yet")


_ANSWERS = {
    Prompt.CODE_UNAVAILABLE: HistoryEffect.UNAVAILABLE,
    Prompt.PEOPLE_ARE: HistoryEffect.COUNTED,
    Prompt.ALONE: HistoryEffect.COUNTED,
    Prompt.CANNOT_UNMUTE: HistoryEffect.CANNOT_UNMUTE,
    Prompt.ALREADY_ADMIN: HistoryEffect.ALREADY_ADMIN,
    Prompt.WRONG_CODE: HistoryEffect.WRONG_PIN,
    Prompt.LOCKED_OUT: HistoryEffect.LOCKED_OUT,
}
"""Outcomes of codes that change nothing, by their first prompt."""


def _count(people: int, language: str) -> tuple[str, ...]:
    if people <= 1:
        return (Prompt.ALONE,)
    return Prompt.PEOPLE_ARE, *spoken_numbers.number(people, language), Prompt.PEOPLE_IN


def _mute_self(state: State, member: Member) -> tuple[Effect, ...]:
    if member.role is ConferenceRole.USER and (member.muted_by_admin or state.muted_all):
        return (Say((Prompt.CANNOT_UNMUTE,)),)
    on = not (member.muted or member.muted_by_admin)
    return MuteSelf(on), Say((Prompt.SELF_MUTED if on else Prompt.SELF_UNMUTED,))


def _become_admin(member: Member, digits: str | None, pin: Pin | None) -> tuple[Effect, ...]:
    if member.role is ConferenceRole.ADMIN:
        return (Say((Prompt.ALREADY_ADMIN,)),)
    if digits is None:
        return (AskFor(Prompt.ENTER_PIN),)
    if digits == "" or pin is None:
        return (Say((Prompt.GOES_ON,)),)
    if pin is Pin.RIGHT:
        return Promote(), Say((Prompt.NOW_ADMIN,))
    return (Say((Prompt.LOCKED_OUT if pin is Pin.LOCKED_OUT else Prompt.WRONG_CODE,)),)


def _end(digits: str | None) -> tuple[Effect, ...]:
    if digits is None:
        return (AskFor(Prompt.CONFIRM_END),)
    return (End(),) if digits == CONFIRM else (Say((Prompt.GOES_ON,)),)


def _help(role: ConferenceRole) -> tuple[str, ...]:
    mine = FOR_USERS if role is ConferenceRole.USER else frozenset(Code) - {Code.ADMIN}
    return tuple(prompt for code, prompt in HELP.items() if code in mine)
