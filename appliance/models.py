"""The tables of the database (SQLite). Times are seconds since the epoch (float, UTC).

Limits that a form or a command must check stand here as constants; the schema holds them as well, so that
no code path stores what another would not. A change here needs a migration (appliance/migrations).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    DateField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

NAME_LENGTH = 80
"""Most characters of a customer's or person's name."""
EXTENSION_PATTERN = r"[0-9]{2,6}"
"""Internal short number of a phone or bridge."""
CODE_PATTERN = r"[0-9]{4,10}"
"""Creation PIN (R23) and participant password (R24)."""
ROLES = ("installer", "customer_admin", "user")
RECORDING_STATES = ("starting", "recording", "waiting", "encoding", "ready", "mailed", "failed")
"""`waiting`: over, to be encoded. `ready`: the MP3 is there. `mailed`: and a mail about it was accepted."""
SUBJECT_LENGTH, MESSAGE_LENGTH = 200, 5000
"""Most characters of an invitation's subject and message (R30)."""

database = SqliteDatabase(None)
"""Bound to a file by the entry points, with open_database()."""


def open_database(path: Path, patience: float = 5.0) -> None:
    """Bind the models to the file; each thread connects at its first query.

    WAL: readers and the one writer do not wait for each other. A writer waits `patience` (s) for another.
    """
    database.init(
        str(path),
        pragmas={
            "journal_mode": "wal",
            "foreign_keys": 1,
            "busy_timeout": int(patience * 1000),
            "synchronous": "normal",
        },
    )


class Table(Model):
    """What all tables share."""

    id: Any

    class Meta:
        database = database
        legacy_table_names = False
        # Only what was set is written: a row read a moment ago does not undo what another process changed.
        only_save_dirty = True


class Customer(Table):
    """A client; the conference service is switched on or off for all its users (R1)."""

    name = CharField(unique=True, constraints=[Check("length(name) BETWEEN 1 AND 80")])
    service_enabled = BooleanField(default=True)


class User(Table):
    """A person; installers belong to no customer."""

    customer = ForeignKeyField(Customer, null=True, backref="users", on_delete="RESTRICT")
    customer_id: int | None
    first_name = CharField(constraints=[Check("length(first_name) BETWEEN 1 AND 80")])
    last_name = CharField(constraints=[Check("length(last_name) BETWEEN 1 AND 80")])
    email = CharField(unique=True)
    language = CharField(constraints=[Check("language IN ('fr', 'en')")])
    time_zone = CharField()
    role = CharField(constraints=[Check("role IN ('installer', 'customer_admin', 'user')")])
    password_hash = CharField(default="", constraints=[SQL("DEFAULT ''")])
    """Password for the web site as accounts.passwords makes it, "" for none yet."""
    session_stamp = CharField(default="", constraints=[SQL("DEFAULT ''")])
    """Sessions on the web site that carry another one are over."""

    class Meta:
        table_name = "user"
        constraints = (Check("role = 'installer' OR customer_id IS NOT NULL"),)

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


class Phone(Table):
    """A SIP account; endpoint, auth and aor in Asterisk are called as `username` says."""

    user = ForeignKeyField(User, backref="phones", on_delete="RESTRICT")
    user_id: int
    extension = CharField(unique=True, constraints=[Check("extension NOT GLOB '*[^0-9]*'")])
    username = CharField(unique=True)
    digest = CharField(constraints=[Check("length(digest) = 32")])
    """HA1 of RFC 7616 (MD5 of username:realm:password, hex); the password itself is not kept."""


class Bridge(Table):
    """A user's conference bridge; conference and bridge profile in Asterisk are called bridge-<id>."""

    user = ForeignKeyField(User, unique=True, backref="bridges", on_delete="RESTRICT")
    user_id: int
    extension = CharField(unique=True, null=True, constraints=[Check("extension NOT GLOB '*[^0-9]*'")])
    pin_hash = CharField()
    """Creation PIN (R6) as pins.hash_pin() makes it."""
    password = CharField(default="", constraints=[Check("password NOT GLOB '*[^0-9]*'")])
    """Participants' password (R9), empty for none; in the clear, as it goes into invitations."""
    language = CharField(constraints=[Check("language IN ('fr', 'en')")])
    open_for_anyone = BooleanField(default=False)
    announce = BooleanField(default=True, constraints=[SQL("DEFAULT 1")])
    """Arrivals and departures are announced (R25), unless `*5` says otherwise."""
    record = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    """Every conference is recorded (R26)."""
    consent = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    """Who enters a recorded conference has to accept it by key (B3)."""
    summary_email = CharField(default="", constraints=[SQL("DEFAULT ''")])
    """Who gets the recordings (R27), "" for the user's own address."""
    keep_days = IntegerField(null=True, constraints=[Check("keep_days > 0")])
    """Days after which recordings are deleted, None for the box's default (B6)."""


class BridgeOrganiser(Table):
    """A phone with the right to open somebody else's bridge (R12); the owner's own count by themselves."""

    bridge = ForeignKeyField(Bridge, backref="organisers", on_delete="CASCADE")
    bridge_id: int
    phone = ForeignKeyField(Phone, backref="organises", on_delete="CASCADE")

    class Meta:
        indexes = ((("bridge", "phone"), True),)


class Number(Table):
    """A telephone number of the box (R3); without bridge it is known and answers that it is not assigned."""

    e164 = CharField(unique=True, constraints=[Check("e164 GLOB '+[1-9]*'")])
    bridge = ForeignKeyField(Bridge, null=True, backref="numbers", on_delete="RESTRICT")
    bridge_id: int | None


class Trunk(Table):
    """The outside line; one row at most."""

    host = CharField(default="")
    """Provider's name or address, empty if it only logs in to us."""
    username = CharField()
    authenticate = CharField(constraints=[Check("authenticate IN ('ip', 'digest')")])
    """How a call from it is known: by its address, or by digest authentication."""
    digest = CharField(default="")
    """HA1 with which the trunk authenticates to us, empty for `ip`."""
    register = BooleanField(default=False)
    password = CharField(default="")
    """Kept in the clear only for registering to the provider, whose realm we do not know beforehand."""

    class Meta:
        constraints = (Check("id = 1"),)


class Conference(Table):
    """One session on a bridge."""

    bridge = ForeignKeyField(Bridge, backref="conferences", on_delete="RESTRICT")
    bridge_id: int
    started_at = FloatField(index=True)
    opened_at = FloatField(null=True)
    """When an administrator first came (R9)."""
    ended_at = FloatField(null=True, index=True)
    """When the last one had left."""
    closing_at = FloatField(null=True)
    """When an administrator ended it for all (R21); everyone is on his way out since."""
    locked = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    muted_all = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    paused = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    announcing = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])

    class Meta:
        # The history of some bridges is read by time (appliance/archive.py).
        indexes = ((("bridge", "started_at"), False),)

    @classmethod
    def running(cls, bridge: Bridge | int) -> Self | None:
        """The conference on this bridge that has not ended."""
        return cls.get_or_none((cls.bridge == bridge) & cls.ended_at.is_null())

    @classmethod
    def latest(cls, bridge: Bridge | int) -> Self | None:
        """The newest conference on this bridge, over or not."""
        latest: Self | None = cls.select().where(cls.bridge == bridge).order_by(cls.id.desc()).first()
        return latest

    def people(self) -> Any:
        """Query of those who are in."""
        return Participation.select().where(
            (Participation.conference == self) & Participation.left_at.is_null()
        )

    def recording(self) -> Recording | None:
        """The recording that runs, or is about to."""
        return Recording.get_or_none((Recording.conference == self) & Recording.ended_at.is_null())


Conference.add_index(
    Conference.index(
        Conference.bridge, unique=True, where=Conference.ended_at.is_null(), name="conference_one_running"
    )
)


class Participation(Table):
    """Somebody in a conference, from entering to leaving."""

    conference = ForeignKeyField(Conference, backref="participations", on_delete="CASCADE")
    conference_id: int
    channel = CharField(index=True)
    """Asterisk's Uniqueid."""
    role = CharField(constraints=[Check("role IN ('admin', 'user')")])
    caller = TextField(index=True)
    """Number as the caller's side claims it."""
    name = TextField()
    phone = ForeignKeyField(Phone, null=True, backref="participations", on_delete="SET NULL")
    """The box's phone that he called from, proved by digest authentication."""
    entered_at = FloatField()
    left_at = FloatField(null=True, index=True)
    removed_at = FloatField(null=True)
    """When an administrator took him out; on his way since."""
    muted = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    """By himself (R15)."""
    muted_by_admin = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    spoken_name = TextField(default="", constraints=[SQL("DEFAULT ''")])
    """Which recording of a name is his (appliance/names.py), "" for none."""

    class Meta:
        indexes = ((("conference", "channel"), True),)


class Recording(Table):
    """What is recorded of a conference, from on to off; its row is there before the first sound (R20)."""

    conference = ForeignKeyField(Conference, backref="recordings", on_delete="RESTRICT")
    conference_id: int
    started_at = FloatField()
    ended_at = FloatField(null=True, index=True)
    state = CharField(index=True, constraints=[Check(f"state IN {RECORDING_STATES}")])
    reason = TextField(default="", constraints=[SQL("DEFAULT ''")])
    """Why it failed, or was cut short; one of appliance.recordings.Reason."""
    progress = FloatField(default=0.0, constraints=[SQL("DEFAULT 0")])
    """How much of it is encoded, 0 to 1."""
    seconds = FloatField(null=True)
    """Length of its MP3."""
    size = IntegerField(null=True)
    """Bytes of its MP3."""


class RecordingLink(Table):
    """Who has the token may hear the recording, without an account (R33); only its hash is kept."""

    recording = ForeignKeyField(Recording, backref="links", on_delete="CASCADE")
    recording_id: int
    token_hash = CharField(unique=True)
    created_at = FloatField()
    expires_at = FloatField()
    revoked_at = FloatField(null=True)


class Consent(Table):
    """What a caller answered when he was asked whether he may be recorded (B3)."""

    bridge = ForeignKeyField(Bridge, backref="consents", on_delete="CASCADE")
    bridge_id: int
    channel = CharField(unique=True)
    """Asterisk's Uniqueid; that of his participation if he came in."""
    caller = TextField()
    phone = CharField(default="")
    """SIP account proved by digest authentication, "" from a trunk."""
    at = FloatField()
    accepted = BooleanField()


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
    state = CharField(index=True, constraints=[Check("state IN ('waiting', 'sent', 'failed')")])
    attempts = IntegerField(default=0)
    next_at = FloatField(index=True)
    """When it is tried next, while it waits."""
    give_up_at = FloatField()
    """When it is no more tried after; when it was given up, once it failed."""
    expires_at = FloatField(null=True)
    """When what it tells of is deleted, and a link in it is no more good."""
    sent_at = FloatField(null=True)
    error = TextField(default="")
    """What the last attempt said."""


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
    state = CharField(default="confirmed", constraints=[Check("state IN ('confirmed', 'cancelled')")])
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
    told = CharField()
    """Fingerprint of how to enter, as the last mails say it (appliance/invitations/access.py)."""
    created_at = FloatField()
    changed_at = FloatField()
    mail = ForeignKeyField(OutgoingMail, null=True, backref="invitations", on_delete="SET NULL")
    """The latest mail to the organiser himself (R29)."""
    mail_id: int | None


class Invitee(Table):
    """Somebody who was invited."""

    invitation = ForeignKeyField(Invitation, backref="invitees", on_delete="CASCADE")
    invitation_id: int
    address = CharField()
    name = CharField(default="")
    """As it stood beside the address, "" for none."""
    mail = ForeignKeyField(OutgoingMail, null=True, backref="invitees", on_delete="SET NULL")
    """The latest mail to him."""
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


class Announcement(Table):
    """Something to be said in a conference; gone when it is being said."""

    conference = ForeignKeyField(Conference, backref="announcements", on_delete="CASCADE")
    at = FloatField()
    prompt = CharField()
    about = ForeignKeyField(Participation, null=True, backref="announced", on_delete="CASCADE")
    """Whose name goes before it."""
    about_id: int | None
    to = ForeignKeyField(Participation, null=True, backref="told", on_delete="CASCADE")
    """The only one who is to hear it; else everybody."""
    to_id: int | None


class HistoryEntry(Table):
    """What happened in a conference: who came, went, was promoted, pressed which code to what effect."""

    conference = ForeignKeyField(Conference, backref="history", on_delete="CASCADE")
    at = FloatField()
    participation = ForeignKeyField(Participation, null=True, backref="history", on_delete="CASCADE")
    """Who did it; else `actor` did, from outside the conference."""
    actor = TextField()
    event = CharField()
    detail = TextField()


class PinFailure(Table):
    """A wrong PIN or password (B2)."""

    bridge = ForeignKeyField(Bridge, backref="pin_failures", on_delete="CASCADE")
    bridge_id: int
    caller = TextField()
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


TABLES: tuple[type[Table], ...] = (
    Customer, User, Phone, Bridge, BridgeOrganiser, Number, Trunk,
    Invitation, Invitee, InvitationDraft,
    Conference, Participation, Recording, RecordingLink, Consent, Announcement, HistoryEntry,
    OutgoingMail, MailServer, PinFailure, SignInLink, SignInFailure, AuditEntry,
)  # fmt: skip


def organiser_phones(bridge: Bridge) -> frozenset[str]:
    """SIP accounts whose calls are an administrator's on this bridge (R5, R12)."""
    others = BridgeOrganiser.select(BridgeOrganiser.phone).where(BridgeOrganiser.bridge == bridge)
    rows = Phone.select(Phone.username).where((Phone.user == bridge.user_id) | Phone.id.in_(others))
    return frozenset(row.username for row in rows)
