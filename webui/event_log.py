"""The history of a conference in words: the rows that journal/conference_events.py wrote."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from appliance.models import HistoryEffect, HistoryEntry, HistoryEvent
from appliance.recordings import reasons
from webui.jinja_filters import person

EFFECTS = {
    HistoryEffect.AS_ADMIN: _l("entered as administrator"),
    HistoryEffect.AS_USER: _l("entered"),
    HistoryEffect.LOCKED_ON: _l("locked the conference"),
    HistoryEffect.LOCKED_OFF: _l("unlocked the conference"),
    HistoryEffect.MUTED_ALL_ON: _l("muted all users"),
    HistoryEffect.MUTED_ALL_OFF: _l("unmuted all users"),
    HistoryEffect.PAUSED_ON: _l("paused the conference"),
    HistoryEffect.PAUSED_OFF: _l("ended the pause"),
    HistoryEffect.ANNOUNCING_ON: _l("switched announcements on"),
    HistoryEffect.ANNOUNCING_OFF: _l("switched announcements off"),
    HistoryEffect.RECORDING_ON: _l("switched the recording on"),
    HistoryEffect.RECORDING_OFF: _l("switched the recording off"),
    HistoryEffect.SELF_MUTED: _l("muted themselves"),
    HistoryEffect.SELF_UNMUTED: _l("unmuted themselves"),
    HistoryEffect.CANNOT_UNMUTE: _l("could not unmute: an administrator muted them (*2)"),
    HistoryEffect.COUNTED: _l("asked how many people are in (*1)"),
    HistoryEffect.HELPED: _l("listened to the list of codes (**)"),
    HistoryEffect.ENDED: _l("ended the conference for all"),
    HistoryEffect.NOT_ENDED: _l("did not confirm the end (*0)"),
    HistoryEffect.PROMOTED: _l("became administrator with the PIN"),
    HistoryEffect.NO_PIN: _l("entered no PIN (*9)"),
    HistoryEffect.WRONG_PIN: _l("entered a wrong PIN to become administrator (*9)"),
    HistoryEffect.LOCKED_OUT: _l("entered a PIN during a lock-out (*9)"),
    HistoryEffect.ALREADY_ADMIN: _l("pressed *9, already an administrator"),
    HistoryEffect.RECORDING_ALWAYS: _l("started recording, as in every conference of this bridge"),
    HistoryEffect.RECORDING_FAILED: _l("could not record"),
    HistoryEffect.RECORDING_CUT_SHORT: _l("ended the recording early"),
}
"""All but UNAVAILABLE, whose words name the code."""
HAVE_A_ROW = frozenset({HistoryEffect.PROMOTED, HistoryEffect.ENDED})
"""Effects of codes that have a row of their own beside the row of the code."""


def describe(entry: HistoryEntry) -> tuple[str, str] | None:
    """Describe who did something, and what; None for a row that repeats another one."""
    who = person(entry.participation) if entry.participation is not None else entry.actor
    match entry.event:
        case HistoryEvent.LEFT:
            return who, _("left")
        case HistoryEvent.ENDED:
            return who, _("ended the conference for all")
        case HistoryEvent.PROMOTED if not entry.actor:
            return who, _("became administrator with the PIN")
        case HistoryEvent.PROMOTED | HistoryEvent.REMOVED | HistoryEvent.MUTED | HistoryEvent.UNMUTED:
            return entry.actor or _("an administrator"), _done_to(entry.event, who)
        case HistoryEvent.CODE:
            return (who, _code(entry)) if entry.effect not in HAVE_A_ROW else None
        case HistoryEvent.RECORDING:
            return "Pont", _recording(entry)
    return who, str(EFFECTS[HistoryEffect(entry.effect)])


def _done_to(event: str, who: str) -> str:
    match event:
        case HistoryEvent.PROMOTED:
            return _("made %(who)s administrator", who=who)
        case HistoryEvent.REMOVED:
            return _("removed %(who)s", who=who)
        case HistoryEvent.MUTED:
            return _("muted %(who)s", who=who)
    return _("unmuted %(who)s", who=who)


def _recording(entry: HistoryEntry) -> str:
    what = str(EFFECTS[HistoryEffect(entry.effect)])
    if not entry.reason:
        return what
    return _("%(what)s: %(why)s", what=what, why=reasons.in_words(entry.reason).translated(_))


def _code(entry: HistoryEntry) -> str:
    if entry.effect == HistoryEffect.UNAVAILABLE:
        return _("pressed %(code)s (not allowed, or not a code)", code=f"*{entry.code}")
    return str(EFFECTS[HistoryEffect(entry.effect)])
