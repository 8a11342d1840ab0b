"""Prompts that callers hear, by file name; each exists in every language.

Names without `pont/` come with Asterisk's sound packages, the others are spoken from
ansible/roles/asterisk/files/prompts.<language>.txt.
"""

from __future__ import annotations

from enum import StrEnum


class Prompt(StrEnum):
    """A sentence, or the piece of one."""

    # Before the conference.
    WELCOME = "pont/welcome"
    ENTER_CODE = "pont/enter-code"
    WRONG_CODE = "conf-invalidpin"
    LOCKED_OUT = "pont/locked-out"
    SAY_NAME = "pont/say-name"
    WAIT_FOR_ORGANISER = "conf-waitforleader"
    UNKNOWN_NUMBER = "ss-noservice"
    SERVICE_OFF = "pont/service-off"
    FULL = "pont/full"
    IS_LOCKED = "pont/is-locked"
    IS_RECORDED = "pont/is-recorded"
    ASK_CONSENT = "pont/ask-consent"
    NO_CONSENT = "pont/no-consent"
    IS_MUTED = "pont/is-muted"
    ENDED = "pont/ended"
    GOODBYE = "goodbye"

    # To the participant who pressed a code.
    CODE_UNAVAILABLE = "pont/code-unavailable"
    CODE_OUT_OF_ORDER = "pont/code-out-of-order"
    ALONE = "pont/alone"
    PEOPLE_ARE = "pont/people-are"
    PEOPLE_IN = "pont/people-in"
    SELF_MUTED = "pont/self-muted"
    SELF_UNMUTED = "pont/self-unmuted"
    CANNOT_UNMUTE = "pont/cannot-unmute"
    ENTER_PIN = "pont/enter-pin"
    NOW_ADMIN = "pont/now-admin"
    ALREADY_ADMIN = "pont/already-admin"
    CONFIRM_END = "pont/confirm-end"
    GOES_ON = "pont/goes-on"

    # To everybody, and as confirmation to the participant who pressed.
    ALL_MUTED = "pont/all-muted"
    ALL_UNMUTED = "pont/all-unmuted"
    PAUSED = "pont/paused"
    RESUMED = "pont/resumed"
    ANNOUNCING_ON = "pont/announcing-on"
    ANNOUNCING_OFF = "pont/announcing-off"
    LOCKED = "pont/locked"
    UNLOCKED = "pont/unlocked"
    RECORDING_ON = "pont/recording-on"
    RECORDING_OFF = "pont/recording-off"
    RECORDING_FAILED = "pont/recording-failed"
    RECORDING_NO_ROOM = "pont/recording-no-room"
    RECORDING_CUT = "pont/recording-cut"

    # To one person, about what somebody else did.
    MUTED_BY_ADMIN = "pont/muted-by-admin"
    UNMUTED_BY_ADMIN = "pont/unmuted-by-admin"

    # After a name (R7).
    SOMEBODY = "pont/somebody"
    HAS_JOINED = "conf-hasjoin"
    HAS_LEFT = "conf-hasleft"

    # `**`, a line each (R22).
    HELP_COUNT = "pont/help-count"
    HELP_MUTE = "pont/help-mute"
    HELP_MUTE_ALL = "pont/help-mute-all"
    HELP_PAUSE = "pont/help-pause"
    HELP_ANNOUNCE = "pont/help-announce"
    HELP_LOCK = "pont/help-lock"
    HELP_RECORD = "pont/help-record"
    HELP_ADMIN = "pont/help-admin"
    HELP_END = "pont/help-end"
