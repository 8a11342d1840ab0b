"""The closed vocabulary between dialplan and Python: channel variables, answers, contexts, user events.

The dialplan (ansible/roles/asterisk/templates/etc/asterisk/extensions.conf.j2) has a branch for each
answer and ends the call politely on anything else.
"""

from __future__ import annotations

from enum import StrEnum


class Variable(StrEnum):
    """Channel variables, all of them ours. "Encoded" ones hold what a caller sent, URI-encoded."""

    PHONE = "PONT_PHONE"
    """SIP account that digest authentication proved, empty from a trunk."""
    CALLED = "PONT_CALLED"
    """Number dialled, encoded."""
    CALLER = "PONT_CALLER"
    """Caller's number as claimed, encoded."""
    CALLER_NAME = "PONT_CALLER_NAME"
    """Caller's name as claimed, encoded."""
    KEYED = "PONT_KEYED"
    """"yes" once digits were asked for."""
    DIGITS = "PONT_DIGITS"
    """Digits keyed last; emptied as soon as they are read."""
    CALLS = "PONT_CALLS"
    """Calls admitted and still there."""
    TRIES = "PONT_TRIES"
    """Wrong or missing codes so far in this call."""
    ANSWER = "PONT_ANSWER"
    PROMPTS = "PONT_PROMPTS"
    """File names for Read() and Playback(), joined by `&`."""
    LANGUAGE = "PONT_LANGUAGE"
    WAIT = "PONT_WAIT"
    """Seconds for the first digit."""
    DELAY = "PONT_DELAY"
    """Seconds before the answer is given."""
    ROOM = "PONT_ROOM"
    """Conference and bridge profile of ConfBridge."""
    ROLE = "PONT_ROLE"
    """Role that the call was admitted in; AMI sends it along with every event of the channel."""
    BEGAN = "PONT_BEGAN"
    """When the call arrived (whole s since the epoch)."""
    NAMED = "PONT_NAMED"
    """"yes" once a name was asked for."""
    NAME_FILE = "PONT_NAME_FILE"
    """Where to record a name, without format."""
    CONSENT = "PONT_CONSENT"
    """"yes" or "no" once the caller was asked for consent."""
    SPOKEN_NAME = "PONT_SPOKEN_NAME"
    """Which recording of a name is the caller's, "" for none."""
    PROFILE = "PONT_PROFILE"
    """User profile of ConfBridge to enter with."""
    OUT = "PONT_OUT"
    """Extension that plays why a person must leave, set before the redirect."""
    CODE = "PONT_CODE"
    """The key after `*`."""
    BRIDGE = "PONT_BRIDGE"
    """Id of the bridge that a channel of Pont's own belongs to."""
    SAY = "PONT_SAY"
    """File names that the anchor or a whisper plays, joined by `&`."""
    TO = "PONT_TO"
    """Channel that a whisper is for."""
    PERSON = "PONT_PERSON"
    """Channel id (Uniqueid) of the person that a whisper is for."""
    TAKE = "PONT_TAKE"
    """File, without format, that the recorder writes."""


class Answer(StrEnum):
    """What the dialplan does next."""

    ASK = "ask"
    NAME = "name"
    CONSENT = "consent"
    ENTER = "enter"
    REFUSE = "refuse"
    SAY = "say"
    """After a service code: say PONT_PROMPTS and go back into the conference."""


class Profile(StrEnum):
    """User profiles of ConfBridge (confbridge.conf)."""

    PERSON = "person"
    MUTED_PERSON = "muted-person"


class Context(StrEnum):
    """Contexts of the dialplan that Python sends channels to."""

    BRIDGE = "pont"
    """Where callers are; an extension for each reason to leave the conference (WayOut)."""
    ANCHOR = "pont-anchor"
    RECORDER = "pont-recorder"
    WHISPER = "pont-whisper"


class UserEvent(StrEnum):
    """AMI user events that the dialplan sends; `PontChanged` is appliance.conferences.control.CHANGED."""

    FINISHED = "PontSaid"
    """An announcement or a whisper has ended."""
    AWAY = "PontAway"
    """A participant began a service code: they do not hear the conference."""
    BACK = "PontBack"
    """A participant's service code was answered: they hear the conference again."""


WAY_IN = frozenset({"decide", "pont-ask", "pont-consent", "pont-name", "pont-enter"})
"""Extensions of the dialplan for callers who are not in the conference yet."""
