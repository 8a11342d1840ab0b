"""Control of a conference: the one place that carries out commands (R13 to R22).

A phone presses a code (`press`); the command line and the web call the other functions;
all write state, announcements and history in one transaction. agi/listener.py makes Asterisk follow
after a `nudge`, or by itself within seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.access_codes import attempts, pins
from appliance.conferences import presence, service_codes
from appliance.conferences.service_codes import SWITCH_PROMPTS, Code, Effect, Pin, Switch
from appliance.journal import conference_events
from appliance.models import Announcement, Conference, ConferenceRole, HistoryEvent, Participation, database
from appliance.recordings import lifecycle
from appliance.speech.prompts import Prompt
from appliance.system.ami import Manager

MAX_CODE_LENGTH = 8
"""Characters of an unknown code that the history keeps."""
CHANGED = "PontChanged"
"""User event that informs the listener of a change; its header Bridge holds the bridge's id."""


@dataclass(frozen=True)
class Pressed:
    """The answer to the participant who pressed a code."""

    files: tuple[str, ...] = ()
    asks: bool = False
    """Digits are to be collected after the files, and the code to be pressed with them again."""
    delay: float = 0.0
    """Seconds before the answer."""
    bridge_id: int | None = None
    role: ConferenceRole | None = None


@dataclass(frozen=True)
class By:
    """Who gives a command: a person in the conference, or somebody outside."""

    person: Participation | None = None
    actor: str = ""


def press(channel_id: str, code: str, digits: str | None, pin_key: bytes, now: float) -> Pressed:
    """Carry out a service code; `channel_id` pressed it, `digits` were entered after it if asked.

    Unknown channels, which no admission let in, and conferences that are ending have no codes.
    """
    # One code after the other: of two pressed at the same time, the second sees the state of the first.
    with database.atomic("IMMEDIATE"):
        person = Participation.get_or_none(
            (Participation.channel == channel_id) & Participation.left_at.is_null()
        )
        if person is None or _gone(person):
            return Pressed((Prompt.CODE_UNAVAILABLE,))
        conference = person.conference
        pin, delay = None, 0.0
        if code == Code.ADMIN and digits and person.role != ConferenceRole.ADMIN:
            pin, delay = _try_pin(person, digits, pin_key, now)
        effects = service_codes.respond(
            _state(conference),
            service_codes.Member(ConferenceRole(person.role), person.muted, person.muted_by_admin),
            code,
            digits=digits,
            pin=pin,
            language=conference.bridge.language,
        )
        by = By(person)
        for effect in effects:
            _apply(effect, conference, by, now)
        asks = [effect for effect in effects if isinstance(effect, service_codes.AskFor)]
        if not asks:
            _record_code(code, effects, conference, by, now)
        said = [file for effect in effects if isinstance(effect, service_codes.Say) for file in effect.files]
        return Pressed(
            files=tuple(effect.prompt for effect in asks) or tuple(said),
            asks=bool(asks),
            delay=delay,
            bridge_id=conference.bridge_id,
            role=ConferenceRole(person.role),
        )


def turn(conference: Conference, switch: Switch, on: bool, by: By, now: float) -> bool:
    """Switch something for all; False if it is so already, or the conference is over."""
    with database.atomic("IMMEDIATE"):
        conference = Conference.get_by_id(conference.id)
        if _over(conference) or getattr(_state(conference), switch) == on:
            return False
        _turn(conference, switch, on, by, now)
        if by.person is None:
            effect = service_codes.switched(switch, on)
            conference_events.record(conference, HistoryEvent.SWITCHED, now, actor=by.actor, effect=effect)
        return True


def mute(person: Participation, on: bool, by: By, now: float) -> bool:
    """Mute one person, or unmute them (their own mute stays as they set it).

    False, as in the functions below, if it is so already, or the person has left.
    """
    with database.atomic("IMMEDIATE"):
        person = Participation.get_by_id(person.id)
        if _gone(person) or person.muted_by_admin == on:
            return False
        person.muted_by_admin = on
        person.save()
        _tell(person, Prompt.MUTED_BY_ADMIN if on else Prompt.UNMUTED_BY_ADMIN, now)
        event = HistoryEvent.MUTED if on else HistoryEvent.UNMUTED
        conference_events.record(person.conference, event, now, person=person, actor=by.actor)
        return True


def kick(person: Participation, by: By, now: float) -> bool:
    """Remove one person from the conference."""
    with database.atomic("IMMEDIATE"):
        person = Participation.get_by_id(person.id)
        if _gone(person):
            return False
        person.removed_at = now
        person.save()
        conference_events.record(person.conference, HistoryEvent.REMOVED, now, person=person, actor=by.actor)
        return True


def promote(person: Participation, by: By, now: float) -> bool:
    """Make a person administrator (R13); nobody else hears it."""
    with database.atomic("IMMEDIATE"):
        person = Participation.get_by_id(person.id)
        if _gone(person) or person.role == ConferenceRole.ADMIN:
            return False
        person.role = ConferenceRole.ADMIN
        person.save()
        presence.open_(person.conference, now)
        conference_events.record(person.conference, HistoryEvent.PROMOTED, now, person=person, actor=by.actor)
        if by.person is None:
            _tell(person, Prompt.NOW_ADMIN, now)
        return True


def end(conference: Conference, by: By, now: float) -> bool:
    """End the conference for all (R21)."""
    with database.atomic("IMMEDIATE"):
        conference = Conference.get_by_id(conference.id)
        if _over(conference):
            return False
        conference.closing_at = now
        conference.save()
        lifecycle.end(conference, now)
        conference_events.record(conference, HistoryEvent.ENDED, now, person=by.person, actor=by.actor)
        return True


def nudge(ami: Manager, bridge_id: int) -> None:
    """Inform the listener of a change of a conference; AmiError if Asterisk cannot be reached."""
    ami.action("UserEvent", UserEvent=CHANGED, Bridge=str(bridge_id))


def _over(conference: Conference) -> bool:
    return conference.closing_at is not None or conference.ended_at is not None


def _gone(person: Participation) -> bool:
    return person.left_at is not None or person.removed_at is not None or _over(person.conference)


def _state(conference: Conference) -> service_codes.State:
    return service_codes.State(
        opened=conference.opened_at is not None,
        locked=conference.locked,
        muted_all=conference.muted_all,
        paused=conference.paused,
        announcing=conference.announcing,
        recording=conference.recording() is not None,
        people=conference.people().count(),
    )


def _try_pin(person: Participation, digits: str, pin_key: bytes, now: float) -> tuple[Pin, float]:
    bridge = person.conference.bridge
    caller = attempts.identity(person.phone.username if person.phone else None, person.caller)
    verdict = attempts.check(bridge, caller, now)
    if verdict.locked:
        return Pin.LOCKED_OUT, 0.0
    if pins.matches(pin_key, bridge.id, digits, bridge.pin_hash):
        return Pin.RIGHT, 0.0
    attempts.record_failure(bridge, caller, now)
    return Pin.WRONG, verdict.delay


def _apply(effect: Effect, conference: Conference, by: By, now: float) -> None:
    match effect:
        case service_codes.Turn():
            _turn(conference, effect.switch, effect.on, by, now)
        case service_codes.MuteSelf() if by.person is not None:
            by.person.muted = effect.on
            if not effect.on:  # Administrators unmute themselves, whoever muted them.
                by.person.muted_by_admin = False
            by.person.save()
        case service_codes.Promote() if by.person is not None and promote(by.person, by, now):
            by.person.role = ConferenceRole.ADMIN
        case service_codes.End():
            end(conference, by, now)


def _turn(conference: Conference, switch: Switch, on: bool, by: By, now: float) -> None:
    if switch is Switch.RECORDING:
        if on:
            lifecycle.begin(conference, now)
            return
        if not lifecycle.end(conference, now):
            return  # Its beginning was never announced.
    else:
        setattr(conference, switch, on)
        conference.save()
    if (switch, on) == (Switch.PAUSED, True):
        return  # The music announces the pause.
    # The participant who pressed has heard it, and is left out where each hears it alone.
    knows = None if switch is Switch.RECORDING else by.person
    Announcement.create(conference=conference, at=now, prompt=SWITCH_PROMPTS[switch, on], about=knows)


def _tell(person: Participation, prompt: Prompt, now: float) -> None:
    Announcement.create(conference=person.conference_id, at=now, prompt=prompt, to=person)


def _record_code(code: str, effects: tuple[Effect, ...], conference: Conference, by: By, now: float) -> None:
    shown = "*" if code == Code.HELP else code[:MAX_CODE_LENGTH]
    effect = service_codes.outcome(code, effects)
    conference_events.record(conference, HistoryEvent.CODE, now, person=by.person, code=shown, effect=effect)
