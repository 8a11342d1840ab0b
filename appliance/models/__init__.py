"""The tables of the database (SQLite). Times are seconds since the epoch (float, UTC).

Limits that forms and commands check are constants here. The schema repeats them as constraints, so that no
code path can store an invalid value. A change here needs a migration (appliance/migrations).

May be imported by everything.
"""

from __future__ import annotations

from appliance.models.access import AuditEntry, Consent, PinFailure, RecordingLink, SignInFailure, SignInLink
from appliance.models.base import Table, database, open_database
from appliance.models.conferences import (
    Announcement,
    Conference,
    HistoryEntry,
    Participation,
    Recording,
)
from appliance.models.directory import (
    ACCOUNT_ROLES,
    CODE_PATTERN,
    EXTENSION_PATTERN,
    NAME_LENGTH,
    Bridge,
    BridgeOrganiser,
    Customer,
    Number,
    Phone,
    Trunk,
    User,
    organiser_phones,
)
from appliance.models.invitations import (
    MESSAGE_LENGTH,
    SUBJECT_LENGTH,
    Invitation,
    InvitationDraft,
    Invitee,
)
from appliance.models.mail import MailServer, OutgoingMail
from appliance.models.roles import ConferenceRole
from appliance.models.states import (
    HistoryEffect,
    HistoryEvent,
    InvitationState,
    MailProblem,
    MailState,
    RecordingReason,
    RecordingState,
)

__all__ = [
    "ACCOUNT_ROLES",
    "CODE_PATTERN",
    "EXTENSION_PATTERN",
    "MESSAGE_LENGTH",
    "NAME_LENGTH",
    "SUBJECT_LENGTH",
    "TABLES",
    "Announcement",
    "AuditEntry",
    "Bridge",
    "BridgeOrganiser",
    "Conference",
    "ConferenceRole",
    "Consent",
    "Customer",
    "HistoryEffect",
    "HistoryEntry",
    "HistoryEvent",
    "Invitation",
    "InvitationDraft",
    "InvitationState",
    "Invitee",
    "MailProblem",
    "MailServer",
    "MailState",
    "Number",
    "OutgoingMail",
    "Participation",
    "Phone",
    "PinFailure",
    "Recording",
    "RecordingLink",
    "RecordingReason",
    "RecordingState",
    "SignInFailure",
    "SignInLink",
    "Table",
    "Trunk",
    "User",
    "database",
    "open_database",
    "organiser_phones",
]  # fmt: skip

TABLES: tuple[type[Table], ...] = (
    Customer, User, Phone, Bridge, BridgeOrganiser, Number, Trunk,
    Invitation, Invitee, InvitationDraft,
    Conference, Participation, Recording, RecordingLink, Consent, Announcement, HistoryEntry,
    OutgoingMail, MailServer, PinFailure, SignInLink, SignInFailure, AuditEntry,
)  # fmt: skip
