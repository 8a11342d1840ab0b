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
"""Most characters of an invitation's subject and message (R30)."""


class Invitation(Table):
    """A conference that people were invited to (R28 to R31); `begins_at` is its first time if it repeats."""

    bridge = ForeignKeyField(Bridge, backref="invitations", on_delete="CASCADE")
    bridge_id: int
    organiser = ForeignKeyField(User, backref="invitations", on_delete="RESTRICT")
    uid = CharField(unique=True)
    """What calendars know it by (RFC 5545), from the first mail to the last."""
    sequence = IntegerField(default=0)
    """How many times it was changed: calendars take the highest (RFC 5546)."""
    version = IntegerField(default=1)
    """Counts what was saved: who changes it must have seen the latest."""
    state = CharField(default=InvitationState.CONFIRMED, constraints=[one_of("state", InvitationState)])
    subject = TextField(constraints=[Check("length(subject) BETWEEN 1 AND 200")])
    message = TextField(constraints=[Check("length(message) <= 5000")])
    begins_at = FloatField()
    ends_at = FloatField(constraints=[Check("ends_at > begins_at")])
    time_zone = CharField()
    """On whose clocks it begins, and begins again at the same time of the day."""
    repeats = CharField(constraints=[Check("repeats IN ('none', 'weekly', 'monthly')")])
    repeat_count = IntegerField(null=True)
    """How many times in all; None where it repeats until a day, or not at all."""
    repeat_until = DateField(null=True)
    """Last day, in its time zone, on which it may take place."""
    over_at = FloatField(index=True, default=0.0, constraints=[SQL("DEFAULT 0")])
    """When it ends for the last time."""
    show_participants = BooleanField()
    """Each of them sees who the others are."""
    access_fingerprint = CharField()
    """Of how to enter, as the last mails say it (appliance/invitations/access.py)."""
    created_at = FloatField()
    changed_at = FloatField()
    mail = ForeignKeyField(OutgoingMail, null=True, backref="invitations", on_delete="SET NULL")
    """The latest mail to the organiser (R29)."""
    mail_id: int | None


class Invitee(Table):
    """Somebody who was invited."""

    invitation = ForeignKeyField(Invitation, backref="invitees", on_delete="CASCADE")
    invitation_id: int
    address = CharField()
    name = CharField(default="")
    """As it stood beside the address, "" for none."""
    mail = ForeignKeyField(OutgoingMail, null=True, backref="invitees", on_delete="SET NULL")
    """The latest mail to them."""
    mail_id: int | None

    class Meta:
        indexes = ((("invitation", "address"), True),)


class InvitationDraft(Table):
    """A form that was filled in, and what became of it: whoever sends it twice has sent it once."""

    user = ForeignKeyField(User, backref="drafts", on_delete="CASCADE")
    """Whose it is; nobody else sees it."""
    user_id: int
    bridge = ForeignKeyField(Bridge, backref="drafts", on_delete="CASCADE")
    invitation = ForeignKeyField(Invitation, null=True, backref="drafts", on_delete="CASCADE")
    """What it changes, None for a new one; its invitation once it is sent."""
    invitation_id: int | None
    version = IntegerField(null=True)
    """Of what it changes, as it was seen."""
    content = TextField()
    """What the form held (JSON)."""
    changed_at = FloatField()
    sent_at = FloatField(null=True)
