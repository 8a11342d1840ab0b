"""Who may do or hear what, who asked for it, and who did: consents, links, wrong codes, the audit log."""

from __future__ import annotations

from peewee import BooleanField, CharField, FloatField, ForeignKeyField, TextField

from appliance.models.base import Table
from appliance.models.conferences import Recording
from appliance.models.directory import Bridge, User


class Consent(Table):
    """The answer of a caller who was asked whether they may be recorded (B3)."""

    bridge = ForeignKeyField(Bridge, backref="consents", on_delete="CASCADE")
    bridge_id: int
    channel = CharField(unique=True)
    """Asterisk's Uniqueid; that of their participation if they entered."""
    caller = TextField()
    phone = CharField(default="")
    """SIP account proved by digest authentication, "" from a trunk."""
    at = FloatField()
    accepted = BooleanField()


class RecordingLink(Table):
    """Who has the token may hear the recording, without an account (R33); only its hash is kept."""

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
    """Who has the token may set the password of an account (appliance/accounts/links.py), once."""

    user = ForeignKeyField(User, backref="sign_in_links", on_delete="CASCADE")
    token_hash = CharField(unique=True)
    created_at = FloatField()
    expires_at = FloatField()


class SignInFailure(Table):
    """A wrong password on the web site, or one that is being compared (appliance/accounts/signin.py)."""

    account = CharField(index=True)
    """Hash of what was typed as e-mail address."""
    address = CharField(index=True)
    """Network address that it came from, "" if unknown."""
    at = FloatField(index=True)


class AuditEntry(Table):
    """Who changed what, when."""

    at = FloatField(index=True)
    actor = TextField()
    action = CharField()
    subject = TextField()
    detail = TextField()
