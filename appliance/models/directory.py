"""The directory: customers, users, phones, bridges, numbers, the trunk (R1 to R12, R23 to R27)."""

from __future__ import annotations

from typing import Any

from peewee import SQL, BooleanField, CharField, Check, ForeignKeyField, IntegerField

from appliance.models.base import Table, one_of

NAME_LENGTH = 80
"""Most characters of a customer's or person's name."""
EXTENSION_PATTERN = r"[0-9]{2,6}"
"""Internal short number of a phone or bridge."""
CODE_PATTERN = r"[0-9]{4,10}"
"""Creation PIN (R23) and participant password (R24)."""
ACCOUNT_ROLES = ("installer", "customer_admin", "user")


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
    role = CharField(constraints=[one_of("role", ACCOUNT_ROLES)])
    password_hash = CharField(default="", constraints=[SQL("DEFAULT ''")])
    """Password for the web site as accounts.passwords makes it, "" for none yet."""
    session_stamp = CharField(default="", constraints=[SQL("DEFAULT ''")])
    """Sessions on the web site that carry another stamp are no longer valid."""

    class Meta:
        table_name = "user"
        constraints = (Check("role = 'installer' OR customer_id IS NOT NULL"),)

    @property
    def full_name(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name}"


class Phone(Table):
    """A SIP account; its endpoint, auth and aor in Asterisk are named `username`."""

    user = ForeignKeyField(User, backref="phones", on_delete="RESTRICT")
    user_id: int
    extension = CharField(unique=True, constraints=[Check("extension NOT GLOB '*[^0-9]*'")])
    username = CharField(unique=True)
    digest = CharField(constraints=[Check("length(digest) = 32")])
    """HA1 of RFC 7616 (MD5 of username:realm:password, hex); the password itself is not stored."""


class Bridge(Table):
    """A user's conference bridge; its conference and bridge profile in Asterisk are named bridge-<id>."""

    numbers: Any
    """Query of its numbers."""

    user = ForeignKeyField(User, unique=True, backref="bridges", on_delete="RESTRICT")
    user_id: int
    extension = CharField(unique=True, null=True, constraints=[Check("extension NOT GLOB '*[^0-9]*'")])
    pin_hash = CharField()
    """Creation PIN (R6), hashed by pins.hash_pin()."""
    password = CharField(default="", constraints=[Check("password NOT GLOB '*[^0-9]*'")])
    """Participant password (R9), "" for none; in the clear, because invitations contain it."""
    language = CharField(constraints=[Check("language IN ('fr', 'en')")])
    open_for_anyone = BooleanField(default=False)
    announce = BooleanField(default=True, constraints=[SQL("DEFAULT 1")])
    """Arrivals and departures are announced (R25), unless `*5` says otherwise."""
    record = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    """Every conference is recorded (R26)."""
    consent = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    """Callers must accept being recorded with a key before they enter (B3)."""
    summary_email = CharField(default="", constraints=[SQL("DEFAULT ''")])
    """Address that recordings are sent to (R27), "" for the user's own."""
    keep_days = IntegerField(null=True, constraints=[Check("keep_days > 0")])
    """Days after which recordings are deleted, None for the box's default (B6)."""


class BridgeOrganiser(Table):
    """A phone with the right to open another user's bridge (R12); the owner's own phones need no row."""

    bridge = ForeignKeyField(Bridge, backref="organisers", on_delete="CASCADE")
    bridge_id: int
    phone = ForeignKeyField(Phone, backref="organises", on_delete="CASCADE")

    class Meta:
        indexes = ((("bridge", "phone"), True),)


class Number(Table):
    """A telephone number of the box (R3); without a bridge, callers hear that it is not assigned."""

    e164 = CharField(unique=True, constraints=[Check("e164 GLOB '+[1-9]*'")])
    bridge = ForeignKeyField(Bridge, null=True, backref="numbers", on_delete="RESTRICT")
    bridge_id: int | None


class Trunk(Table):
    """The SIP line to the outside; one row at most."""

    host = CharField(default="")
    """Provider's name or address, "" if it only logs in to the box."""
    username = CharField()
    authenticate = CharField(constraints=[Check("authenticate IN ('ip', 'digest')")])
    """How calls from it are recognised: by their address, or by digest authentication."""
    digest = CharField(default="")
    """HA1 with which the trunk authenticates to the box, "" for `ip`."""
    register = BooleanField(default=False)
    password = CharField(default="")
    """In the clear, and only to register with the provider: its realm is not known in advance."""

    class Meta:
        constraints = (Check("id = 1"),)


def organiser_phones(bridge: Bridge) -> frozenset[str]:
    """Return the SIP accounts whose calls enter this bridge as administrator (R5, R12)."""
    others = BridgeOrganiser.select(BridgeOrganiser.phone).where(BridgeOrganiser.bridge == bridge)
    rows = Phone.select(Phone.username).where((Phone.user == bridge.user_id) | Phone.id.in_(others))
    return frozenset(row.username for row in rows)
