"""The keys that columns hold for states, reasons and events. The pages and commands hold the words for them.

A key is never shown to people. A renamed key needs a migration.
"""

from __future__ import annotations

from enum import StrEnum


class RecordingState(StrEnum):
    """The state of a recording (R32, R33)."""

    STARTING = "starting"
    """Requested; its capture file is not yet known to grow."""
    RECORDING = "recording"
    WAITING = "waiting"
    """Ended, not yet encoded."""
    ENCODING = "encoding"
    READY = "ready"
    """The MP3 is complete."""
    MAILED = "mailed"
    """The same, and the mail server accepted a mail about it."""
    FAILED = "failed"


class RecordingReason(StrEnum):
    """The reason why a recording failed, or ended by itself."""

    NO_SOUND = "no_sound"
    """The capture file did not grow."""
    DISK_FULL = "disk_full"
    """Too little disk was free."""
    EMPTY = "empty"
    """Nothing was captured."""
    ENCODING = "encoding"
    """The encoder failed."""


class MailState(StrEnum):
    """The state of a mail."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class MailProblem(StrEnum):
    """The reason why a mail was not sent; `OutgoingMail.error` holds the words of others listed here."""

    NO_SERVER = "no_server"
    """No mail server is set."""
    FILE_MISSING = "file_missing"
    """Its file is missing."""
    UNWANTED = "unwanted"
    """The subject of the mail was deleted."""
    BAD_ADDRESS = "bad_address"
    """Its address is invalid; email-validator's message."""
    UNREACHABLE = "unreachable"
    """No session with the mail server; host, port and the system's message."""
    CERTIFICATE = "certificate"
    """The server's certificate is not trusted; host, port and OpenSSL's message."""
    LOGIN = "login"
    """The server refused the login; host, port and its answer."""
    ASCII_ONLY = "ascii_only"
    """The server accepts addresses in ASCII only."""
    TOO_LARGE = "too_large"
    """It is larger than the limit that the server announces: "<bytes> > <bytes>"."""
    REFUSED = "refused"
    """The server refused it, or closed the connection; its answer."""


class InvitationState(StrEnum):
    """STATUS of the event (RFC 5545, 3.8.1.11)."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class HistoryEvent(StrEnum):
    """The kind of an event in a conference."""

    ENTERED = "entered"
    """`effect`: the role."""
    LEFT = "left"
    PROMOTED = "promoted"
    REMOVED = "removed"
    MUTED = "muted"
    UNMUTED = "unmuted"
    ENDED = "ended"
    SWITCHED = "switched"
    """A switch was changed from outside the conference; `effect`: which switch, on or off."""
    CODE = "code"
    """A service code was pressed; `code`: the code, `effect`: its effect."""
    RECORDING = "recording"
    """A recording started or ended by itself; `effect`: which of the two, `reason`: the reason."""


class HistoryEffect(StrEnum):
    """The effect of an event."""

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
    """The code does not exist, or is an administrator's and was pressed by a user (R22)."""
    RECORDING_ALWAYS = "recording_always"
    """It started because the bridge records every conference (R26)."""
    RECORDING_FAILED = "recording_failed"
    """It could not start."""
    RECORDING_CUT_SHORT = "recording_cut_short"
