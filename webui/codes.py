"""The service codes as people read them (Annexe 1): what each is called and does."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from appliance.conferences.service_codes import FOR_USERS, Code

KEYS = {Code.HELP: "*\u00a0*", Code.ADMIN: "*\u00a09\u00a0PIN\u00a0#"}
"""On one line wherever they are read: no-break spaces."""
NAMES = {
    Code.COUNT: _l("COUNT"),
    Code.MUTE: _l("MUTE"),
    Code.MUTE_ALL: _l("MUTE ALL"),
    Code.PAUSE: _l("PAUSE MODE"),
    Code.ANNOUNCE: _l("ANNOUNCE"),
    Code.LOCK: _l("LOCK"),
    Code.RECORD: _l("RECORD"),
    Code.ADMIN: _l("ADMIN MODE"),
    Code.END: _l("EXIT"),
    Code.HELP: _l("HELP"),
}
EFFECTS = {
    Code.COUNT: _l("says how many people are there"),
    Code.MUTE: _l("your own microphone off, on again"),
    Code.MUTE_ALL: _l("the microphones of all users off, on again; those of administrators stay on"),
    Code.PAUSE: _l("pause: music for everybody; the conference goes on"),
    Code.ANNOUNCE: _l("announcements of who comes and goes off, on again"),
    Code.LOCK: _l("locks the conference: nobody else gets in; opens it again"),
    Code.RECORD: _l("starts and stops the recording; everybody hears it"),
    Code.ADMIN: _l("becomes administrator, with the creation PIN"),
    Code.END: _l("ends the conference for everybody, once confirmed with 1"),
    Code.HELP: _l("reads out the codes that you may press"),
}
EVERYBODY = tuple(code for code in NAMES if code in FOR_USERS)
ADMINISTRATORS = tuple(code for code in NAMES if code not in FOR_USERS)
"""Codes that only administrators have."""


def keys(code: Code) -> str:
    """What is pressed."""
    return KEYS.get(code, f"*\u00a0{code}")
