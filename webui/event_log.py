"""The history of a conference in words: the rows that journal/conference_events.py wrote."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from appliance.models import HistoryEffect, HistoryEntry, HistoryEvent, RecordingReason
from webui.jinja_filters import person

EFFECTS = {
    HistoryEffect.AS_ADMIN: _l("comes in as administrator"),
    HistoryEffect.AS_USER: _l("comes in"),
    HistoryEffect.LOCKED_ON: _l("locks the conference"),
    HistoryEffect.LOCKED_OFF: _l("unlocks the conference"),
    HistoryEffect.MUTED_ALL_ON: _l("mutes all users"),
    HistoryEffect.MUTED_ALL_OFF: _l("lets all users speak again"),
    HistoryEffect.PAUSED_ON: _l("pauses the conference"),
    HistoryEffect.PAUSED_OFF: _l("ends the pause"),
    HistoryEffect.ANNOUNCING_ON: _l("switches the announcements of entries and exits on"),
    HistoryEffect.ANNOUNCING_OFF: _l("switches the announcements of entries and exits off"),
    HistoryEffect.RECORDING_ON: _l("switches the recording on"),
    HistoryEffect.RECORDING_OFF: _l("switches the recording off"),
    HistoryEffect.SELF_MUTED: _l("mutes himself"),
    HistoryEffect.SELF_UNMUTED: _l("speaks again"),
    HistoryEffect.CANNOT_UNMUTE: _l("cannot speak again, as an administrator muted him (*2)"),
    HistoryEffect.COUNTED: _l("asks how many people there are (*1)"),
    HistoryEffect.HELPED: _l("listens to the list of codes (**)"),
    HistoryEffect.ENDED: _l("ends the conference for all"),
    HistoryEffect.NOT_ENDED: _l("does not end the conference (*0)"),
    HistoryEffect.PROMOTED: _l("becomes administrator by the PIN"),
    HistoryEffect.NO_PIN: _l("gives no PIN (*9)"),
    HistoryEffect.WRONG_PIN: _l("gives a wrong PIN to become administrator (*9)"),
    HistoryEffect.LOCKED_OUT: _l("gives a PIN while PINs are locked out (*9)"),
    HistoryEffect.ALREADY_ADMIN: _l("presses *9, though administrator already"),
    HistoryEffect.RECORDING_ALWAYS: _l("begins to record, as every conference of this bridge is"),
    HistoryEffect.RECORDING_FAILED: _l("cannot record"),
    HistoryEffect.RECORDING_CUT_SHORT: _l("ends the recording before its time"),
}
"""All but UNAVAILABLE, whose words name the code."""
REASONS = {
    RecordingReason.NO_SOUND: _l("no sound arrived from the telephone system"),
    RecordingReason.DISK_FULL: _l("the disk of the server is nearly full"),
    RecordingReason.EMPTY: _l("nothing was said while it ran"),
    RecordingReason.ENCODING: _l("the sound could not be converted into MP3"),
}
"""Why a recording failed, or stopped before its end."""
HAVE_A_ROW = frozenset({HistoryEffect.PROMOTED, HistoryEffect.ENDED})
"""Effects of codes that have a row beside that of the code."""


def describe(entry: HistoryEntry) -> tuple[str, str] | None:
    """Say who did something, and what; None for a row that another one tells already."""
    who = person(entry.participation) if entry.participation is not None else entry.actor
    match entry.event:
        case HistoryEvent.LEFT:
            return who, _("leaves")
        case HistoryEvent.ENDED:
            return who, _("ends the conference for all")
        case HistoryEvent.PROMOTED if not entry.actor:
            return who, _("becomes administrator by the PIN")
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
            return _("makes %(who)s administrator", who=who)
        case HistoryEvent.REMOVED:
            return _("sends %(who)s away", who=who)
        case HistoryEvent.MUTED:
            return _("mutes %(who)s", who=who)
    return _("lets %(who)s speak again", who=who)


def _recording(entry: HistoryEntry) -> str:
    what = str(EFFECTS[HistoryEffect(entry.effect)])
    return (
        _("%(what)s: %(why)s", what=what, why=REASONS[RecordingReason(entry.reason)])
        if entry.reason
        else what
    )


def _code(entry: HistoryEntry) -> str:
    if entry.effect == HistoryEffect.UNAVAILABLE:
        return _("presses %(code)s, which he may not, or which there is not", code=f"*{entry.code}")
    return str(EFFECTS[HistoryEffect(entry.effect)])
