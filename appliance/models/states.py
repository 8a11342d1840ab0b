"""The keys that columns hold for states, reasons and events; words for them stand where they are shown.

A key is never shown and never changes: whoever renames one writes a migration.
"""

from __future__ import annotations

from enum import StrEnum


class RecordingState(StrEnum):
    """How far a recording is (R32, R33)."""

    STARTING = "starting"
    """Asked for; its take is not known to grow yet."""
    RECORDING = "recording"
    WAITING = "waiting"
    """Over, to be encoded."""
    ENCODING = "encoding"
    READY = "ready"
    """The MP3 is there."""
    MAILED = "mailed"
    """The same, and the mail server accepted a mail about it."""
    FAILED = "failed"


class RecordingReason(StrEnum):
    """Why a recording failed, or ended before somebody ended it."""

    NO_SOUND = "no_sound"
    """The take did not grow."""
    DISK_FULL = "disk_full"
    """Too little disk was free."""
    EMPTY = "empty"
    """Nothing was captured."""
    ENCODING = "encoding"
    """The encoder failed."""


class MailState(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class MailProblem(StrEnum):
    """What keeps a mail from being sent; `OutgoingMail.error` holds what others said of it."""

    NO_SERVER = "no_server"
    """No mail server is set."""
    FILE_MISSING = "file_missing"
    """Its file is gone."""
    UNWANTED = "unwanted"
    """What it is about was deleted."""
    BAD_ADDRESS = "bad_address"
    """Its address cannot be sent to; what email-validator says."""
    UNREACHABLE = "unreachable"
    """No session with the mail server; host, port and what the system says."""
    CERTIFICATE = "certificate"
    """The server's certificate is not trusted; host, port and what OpenSSL says."""
    LOGIN = "login"
    """The server refused the login; host, port and its answer."""
    ASCII_ONLY = "ascii_only"
    """The server accepts addresses in ASCII only."""
    TOO_LARGE = "too_large"
    """It is larger than the server announces to accept: "<bytes> > <bytes>"."""
    REFUSED = "refused"
    """The server answered no, or broke off; its answer."""


class InvitationState(StrEnum):
    """STATUS of the event (RFC 5545, 3.8.1.11)."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class HistoryEvent(StrEnum):
    """What happened in a conference."""

    ENTERED = "entered"
    """`effect`: in which role."""
    LEFT = "left"
    PROMOTED = "promoted"
    REMOVED = "removed"
    MUTED = "muted"
    UNMUTED = "unmuted"
    ENDED = "ended"
    SWITCHED = "switched"
    """By somebody outside the conference; `effect`: what, and how."""
    CODE = "code"
    """A service code was pressed; `code`: which, `effect`: what came of it."""
    RECORDING = "recording"
    """A recording began or ended by itself; `effect`: which, `reason`: why."""


class HistoryEffect(StrEnum):
    """What came of an event."""

    AS_ADMIN = "as_admin"
    AS_USER = "as_user"
    LOCKED_ON = "locked_on"
    LOCKED_OFF = "locked_off"
    MUTED_ALL_ON = "muted_all_on"
    MUTED_ALL_OFF = "muted_all_off"
    PAUSED_ON = "paused_on"
    PAUSED_OFF = "paused_off"
    ANNOUNCING_ON = "announcing_on"
    ANNOUNCING_OFF = "announcing_off"
    RECORDING_ON = "recording_on"
    RECORDING_OFF = "recording_off"
    SELF_MUTED = "self_muted"
    SELF_UNMUTED = "self_unmuted"
    CANNOT_UNMUTE = "cannot_unmute"
    COUNTED = "counted"
    HELPED = "helped"
    ENDED = "ended"
    NOT_ENDED = "not_ended"
    PROMOTED = "promoted"
    NO_PIN = "no_pin"
    WRONG_PIN = "wrong_pin"
    LOCKED_OUT = "locked_out"
    ALREADY_ADMIN = "already_admin"
    UNAVAILABLE = "unavailable"
    """No such code, or an administrator's code pressed by a user (R22)."""
    RECORDING_ALWAYS = "recording_always"
    """It began because the bridge records every conference (R26)."""
    RECORDING_FAILED = "recording_failed"
    """It could not begin."""
    RECORDING_CUT_SHORT = "recording_cut_short"
