"""What happened in a conference, in words: journal/conference_events.py as people say it."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from appliance.conferences.service_codes import Code
from appliance.models import HistoryEntry
from appliance.recordings.lifecycle import Reason
from appliance.speech.prompts import Prompt
from webui.jinja_filters import person

CAME_IN = {"admin": _l("comes in as administrator"), "user": _l("comes in")}
SWITCHED = {
    "locked on": _l("locks the conference"),
    "locked off": _l("unlocks the conference"),
    "muted_all on": _l("mutes all users"),
    "muted_all off": _l("lets all users speak again"),
    "paused on": _l("pauses the conference"),
    "paused off": _l("ends the pause"),
    "announcing on": _l("switches the announcements of entries and exits on"),
    "announcing off": _l("switches the announcements of entries and exits off"),
    "recording on": _l("switches the recording on"),
    "recording off": _l("switches the recording off"),
    "muted on": _l("mutes himself"),
    "muted off": _l("speaks again"),
}
RECORDING = {
    "always": _l("begins to record, as every conference of this bridge is"),
    "failed": _l("cannot record"),
    "cut short": _l("ends the recording before its time"),
}
PRESSED = {
    Prompt.WRONG_CODE: _l("gives a wrong PIN to become administrator (*9)"),
    Prompt.LOCKED_OUT: _l("gives a PIN while PINs are locked out (*9)"),
    Prompt.ALREADY_ADMIN: _l("presses *9, though administrator already"),
    Prompt.CANNOT_UNMUTE: _l("cannot speak again, as an administrator muted him (*2)"),
    Prompt.PEOPLE_ARE: _l("asks how many people there are (*1)"),
    Prompt.ALONE: _l("asks how many people there are (*1)"),
}
"""Codes that change nothing, by the first of what is said."""
REASONS = {
    Reason.NO_SOUND: _l("no sound arrived from the telephone system"),
    Reason.NO_ROOM: _l("the disk of the server is nearly full"),
    Reason.EMPTY: _l("nothing was said while it ran"),
    Reason.ENCODING: _l("the sound could not be converted into MP3"),
}
"""Why a recording failed, or stopped before its end."""
ONES_OWN_ROW = frozenset({"promote", "end"})
"""Effects of codes that have a row beside that of the code."""


def describe(entry: HistoryEntry) -> tuple[str, str] | None:
    """Who did something, and what; None for a row that another one tells already."""
    who = person(entry.participation) if entry.participation is not None else entry.actor
    match entry.event:
        case "entered":
            return who, str(CAME_IN.get(entry.detail, CAME_IN["user"]))
        case "left":
            return who, _("leaves")
        case "ended":
            return who, _("ends the conference for all")
        case "promoted" if not entry.actor:
            return who, _("becomes administrator by the PIN")
        case "promoted" | "removed" | "muted" | "unmuted":
            return entry.actor or _("an administrator"), _done_to(entry.event, who)
        case "code":
            what = _code(entry.detail)
            return (who, what) if what else None
        case "recording" if entry.detail.partition(":")[0] in RECORDING:
            return "Pont", _recording(entry.detail)
    switched = f"{entry.event} {entry.detail}"
    return who, str(SWITCHED.get(switched, switched))


def _done_to(event: str, who: str) -> str:
    match event:
        case "promoted":
            return _("makes %(who)s administrator", who=who)
        case "removed":
            return _("sends %(who)s away", who=who)
        case "muted":
            return _("mutes %(who)s", who=who)
    return _("lets %(who)s speak again", who=who)


def _recording(detail: str) -> str:
    """What became of a recording by itself; its row is "<what>" or "<what>: <why>"."""
    what, _colon, why = detail.partition(": ")
    said = str(RECORDING[what])
    return _("%(what)s: %(why)s", what=said, why=REASONS[Reason(why)]) if why else said


def _code(detail: str) -> str:
    """What a code did; its row is "*<code>: <effects, or what was said>"."""
    pressed, _colon, rest = detail.partition(": ")
    effects = rest.split(", ")
    if effects[0] in ONES_OWN_ROW:
        return ""
    if effects[0] in SWITCHED:
        return str(SWITCHED[effects[0]])
    if pressed == "**":
        return _("listens to the list of codes (**)")
    if rest == Prompt.GOES_ON:
        return _("does not end the conference (*0)") if pressed == f"*{Code.END}" else _("gives no PIN (*9)")
    if effects[0] in PRESSED:
        return str(PRESSED[Prompt(effects[0])])
    return _("presses %(code)s, which he may not, or which there is not", code=pressed)
