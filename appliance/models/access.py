"""Permissions and their use: consents, links, wrong codes, the audit log."""

from __future__ import annotations

from peewee import BooleanField, CharField, FloatField, ForeignKeyField, TextField

from appliance.models.base import Table
from appliance.models.conferences import Recording
from appliance.models.directory import Bridge, User


class Consent(Table):
    """A caller's answer to the question whether they may be recorded (B3)."""

    bridge = ForeignKeyField(Bridge, backref="consents", on_delete="CASCADE")
    bridge_id: int
    channel = CharField(unique=True)
    """Asterisk's Uniqueid; the same as of their participation if they entered."""
    caller = TextField()
    phone = CharField(default="")
    """SIP account proved by digest authentication, "" from a trunk."""
    at = FloatField()
    accepted = BooleanField()


class RecordingLink(Table):
    """A link to hear a recording without an account (R33); only the hash of its token is stored."""

    recording = ForeignKeyField(Recording, backref="links", on_delete="CASCADE")
    recording_id: int
    token_hash = CharField(unique=True)
    created_at = FloatField()
    expires_at = FloatField()
    revoked_at = FloatField(null=True)


class PinFailure(Table):
    """A wrong PIN or password (B2)."""

    bridge = ForeignKeyField(Bridge, backref="pin_failures", on_delete="CASCADE")
    bridge_id: int
    phone = CharField()
    """SIP account proved by digest authentication, "" for a caller who proved none."""
    caller = TextField()
    """Number as the caller's side claims it, "" for a proved phone."""
    at = FloatField(index=True)
    lifted = BooleanField(default=False)


class SignInLink(Table):
    """A one-time link to set the password of an account (appliance/accounts/links.py)."""

    user = ForeignKeyField(User, backref="sign_in_links", on_delete="CASCADE")
    token_hash = CharField(unique=True)
    created_at = FloatField()
    expires_at = FloatField()


class SignInFailure(Table):
    """A wrong password on the web site, or one still being compared (appliance/accounts/signin.py)."""

    account = CharField(index=True)
    """Hash of the e-mail address as typed."""
    address = CharField(index=True)
    """Network address of the client, "" if unknown."""
    at = FloatField(index=True)


class AuditEntry(Table):
    """A change, and the time and actor of it."""

    at = FloatField(index=True)
    actor = TextField()
    action = CharField()
    subject = TextField()
    detail = TextField()
