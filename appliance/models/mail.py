"""Outgoing mail, and who takes it."""

from __future__ import annotations

from peewee import SQL, CharField, Check, FloatField, ForeignKeyField, IntegerField, TextField

from appliance.models.base import Table, one_of
from appliance.models.conferences import Recording
from appliance.models.directory import User
from appliance.models.states import MailProblem, MailState


class OutgoingMail(Table):
    """A mail to one person; what is sent lies in a file beside (appliance/mail/outbox.py)."""

    kind = CharField()
    """What it is about: "recording", "alert-disk" ..."""
    to = CharField()
    subject = TextField()
    user = ForeignKeyField(User, null=True, backref="mails", on_delete="SET NULL")
    """On whose behalf."""
    user_id: int | None
    recording = ForeignKeyField(Recording, null=True, backref="mails", on_delete="SET NULL")
    recording_id: int | None
    message_id = CharField(unique=True)
    """The same at each attempt, so that who gets it twice sees it once."""
    created_at = FloatField(index=True)
    state = CharField(index=True, constraints=[one_of("state", MailState)])
    attempts = IntegerField(default=0)
    next_at = FloatField(index=True)
    """When it is tried next, while it waits."""
    give_up_at = FloatField()
    """When it is no more tried after; when it was given up, once it failed."""
    expires_at = FloatField(null=True)
    """When what it tells of is deleted, and a link in it is no more good."""
    sent_at = FloatField(null=True)
    problem = CharField(default="", constraints=[SQL("DEFAULT ''"), one_of("problem", ("", *MailProblem))])
    """Why the last attempt failed, "" if none did."""
    error = TextField(default="")
    """What others said of it: the mail server, the system, a library; in their words, "" for nothing."""


class MailServer(Table):
    """Who takes outgoing mail; one row at most."""

    host = CharField()
    port = IntegerField(constraints=[Check("port BETWEEN 1 AND 65535")])
    security = CharField(constraints=[Check("security IN ('none', 'starttls', 'tls')")])
    username = CharField(default="")
    password = CharField(default="")
    """In the clear: it is sent to the server."""
    sender = CharField()
    """Address that mails come from."""

    class Meta:
        constraints = (Check("id = 1"),)
