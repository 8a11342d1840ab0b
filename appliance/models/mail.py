"""Outgoing mail, and the server that accepts it."""

from __future__ import annotations

from peewee import SQL, CharField, Check, FloatField, ForeignKeyField, IntegerField, TextField

from appliance.models.base import Table, one_of
from appliance.models.conferences import Recording
from appliance.models.directory import User
from appliance.models.states import MailProblem, MailState


class OutgoingMail(Table):
    """A mail to one person; the message itself is in a file (appliance/mail/outbox.py)."""

    kind = CharField()
    """Its subject: "recording", "alert-disk" ..."""
    to = CharField()
    subject = TextField()
    user = ForeignKeyField(User, null=True, backref="mails", on_delete="SET NULL")
    """User on whose behalf it is sent."""
    user_id: int | None
    recording = ForeignKeyField(Recording, null=True, backref="mails", on_delete="SET NULL")
    recording_id: int | None
    message_id = CharField(unique=True)
    """The same at each attempt, so that a mail delivered twice is shown once."""
    created_at = FloatField(index=True)
    state = CharField(index=True, constraints=[one_of("state", MailState)])
    attempts = IntegerField(default=0)
    next_at = FloatField(index=True)
    """Time of the next attempt, while it waits."""
    give_up_at = FloatField()
    """End of the retries; once it failed, the time when it was given up."""
    expires_at = FloatField(null=True)
    """When the recording that it is about is deleted, and its link stops working."""
    sent_at = FloatField(null=True)
    problem = CharField(default="", constraints=[SQL("DEFAULT ''"), one_of("problem", ("", *MailProblem))])
    """Why the last attempt failed, "" if none did."""
    error = TextField(default="")
    """Words of the mail server, the system or a library about that, "" for none."""


class MailServer(Table):
    """The server for outgoing mail; one row at most."""

    host = CharField()
    port = IntegerField(constraints=[Check("port BETWEEN 1 AND 65535")])
    security = CharField(constraints=[Check("security IN ('none', 'starttls', 'tls')")])
    username = CharField(default="")
    password = CharField(default="")
    """In the clear, because it is sent to the server."""
    sender = CharField()
    """From address of all mails."""

    class Meta:
        constraints = (Check("id = 1"),)
