"""Invitations to conferences (R28 to R31)."""

from __future__ import annotations

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    DateField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from appliance.models.base import Table, one_of
from appliance.models.directory import Bridge, User
from appliance.models.mail import OutgoingMail
from appliance.models.states import InvitationState

SUBJECT_LENGTH, MESSAGE_LENGTH = 200, 5000
"""Maximum characters of an invitation's subject and message (R30)."""


class Invitation(Table):
    """A conference that people were invited to (R28 to R31); `begins_at` is its first time if it repeats."""

    bridge = ForeignKeyField(Bridge, backref="invitations", on_delete="CASCADE")
    bridge_id: int
    organiser = ForeignKeyField(User, backref="invitations", on_delete="RESTRICT")
    uid = CharField(unique=True)
    """UID of the event in calendars (RFC 5545), the same from the first mail to the last."""
    sequence = IntegerField(default=0)
    """Number of changes; calendars keep the event with the highest (RFC 5546)."""
    version = IntegerField(default=1)
    """Number of saves, to detect that two people edit it."""
    state = CharField(default=InvitationState.CONFIRMED, constraints=[one_of("state", InvitationState)])
    subject = TextField(constraints=[Check("length(subject) BETWEEN 1 AND 200")])
    message = TextField(constraints=[Check("length(message) <= 5000")])
    begins_at = FloatField()
    ends_at = FloatField(constraints=[Check("ends_at > begins_at")])
    time_zone = CharField()
    """Time zone in which it starts, and repeats at the same time of the day."""
    repeats = CharField(constraints=[Check("repeats IN ('none', 'weekly', 'monthly')")])
    repeat_count = IntegerField(null=True)
    """Number of occurrences; None if it repeats until a day, or not at all."""
    repeat_until = DateField(null=True)
    """Last day, in its time zone, on which an occurrence may start."""
    over_at = FloatField(index=True, default=0.0, constraints=[SQL("DEFAULT 0")])
    """End of the last occurrence."""
    show_participants = BooleanField()
    """Each invitee sees the list of all invitees."""
    access_fingerprint = CharField()
    """Hash of the access details in the last mails (appliance/invitations/access.py)."""
    created_at = FloatField()
    changed_at = FloatField()
    mail = ForeignKeyField(OutgoingMail, null=True, backref="invitations", on_delete="SET NULL")
    """The latest mail to the organiser (R29)."""
    mail_id: int | None


class Invitee(Table):
    """A person who was sent an invitation."""

    invitation = ForeignKeyField(Invitation, backref="invitees", on_delete="CASCADE")
    invitation_id: int
    address = CharField()
    name = CharField(default="")
    """Name as given with the address, "" for none."""
    mail = ForeignKeyField(OutgoingMail, null=True, backref="invitees", on_delete="SET NULL")
    """The latest mail to them."""
    mail_id: int | None

    class Meta:
        indexes = ((("invitation", "address"), True),)


class InvitationDraft(Table):
    """A form as filled in, and its result: sending it twice has the effect of sending it once."""

    user = ForeignKeyField(User, backref="drafts", on_delete="CASCADE")
    """Its author; nobody else sees it."""
    user_id: int
    bridge = ForeignKeyField(Bridge, backref="drafts", on_delete="CASCADE")
    invitation = ForeignKeyField(Invitation, null=True, backref="drafts", on_delete="CASCADE")
    """The invitation to change, None for a new one; once sent, the invitation that was made."""
    invitation_id: int | None
    version = IntegerField(null=True)
    """Version of that invitation when the form was opened."""
    content = TextField()
    """Values of the form (JSON)."""
    changed_at = FloatField()
    sent_at = FloatField(null=True)
