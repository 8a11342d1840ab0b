"""Conferences, their participants, recordings, announcements and history."""

from __future__ import annotations

from typing import Any, Self

from peewee import SQL, BooleanField, CharField, FloatField, ForeignKeyField, IntegerField, TextField

from appliance.models.base import Table, one_of
from appliance.models.directory import Bridge, Phone
from appliance.models.roles import ConferenceRole
from appliance.models.states import HistoryEffect, HistoryEvent, RecordingReason, RecordingState


class Conference(Table):
    """One session on a bridge."""

    bridge = ForeignKeyField(Bridge, backref="conferences", on_delete="RESTRICT")
    bridge_id: int
    started_at = FloatField(index=True)
    opened_at = FloatField(null=True)
    """When the first administrator entered (R9)."""
    ended_at = FloatField(null=True, index=True)
    """When the last participant left."""
    closing_at = FloatField(null=True)
    """When an administrator ended it for all (R21); from then on its participants are being removed."""
    locked = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    muted_all = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    paused = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    announcing = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])

    class Meta:
        # For the history of one bridge, read by time (appliance/search_past.py).
        indexes = ((("bridge", "started_at"), False),)

    @classmethod
    def running(cls, bridge: Bridge | int) -> Self | None:
        """Return the conference on this bridge that has not ended, None if there is none."""
        return cls.get_or_none((cls.bridge == bridge) & cls.ended_at.is_null())

    @classmethod
    def latest(cls, bridge: Bridge | int) -> Self | None:
        """Return the newest conference on this bridge, running or not; None if there is none."""
        latest: Self | None = cls.select().where(cls.bridge == bridge).order_by(cls.id.desc()).first()
        return latest

    def people(self) -> Any:
        """Return the query of the participants who have not left."""
        return Participation.select().where(
            (Participation.conference == self) & Participation.left_at.is_null()
        )

    def recording(self) -> Recording | None:
        """Return the recording that is running or starting, None if there is none."""
        return Recording.get_or_none((Recording.conference == self) & Recording.ended_at.is_null())


Conference.add_index(
    Conference.index(
        Conference.bridge, unique=True, where=Conference.ended_at.is_null(), name="conference_one_running"
    )
)


class Participation(Table):
    """One stay of a participant in a conference, from entering to leaving."""

    conference = ForeignKeyField(Conference, backref="participations", on_delete="CASCADE")
    conference_id: int
    channel = CharField(index=True)
    """Asterisk's Uniqueid."""
    role = CharField(constraints=[one_of("role", ConferenceRole)])
    caller = TextField(index=True)
    """Number as the caller's side claims it."""
    name = TextField()
    phone = ForeignKeyField(Phone, null=True, backref="participations", on_delete="SET NULL")
    """The box's phone that they called from, proved by digest authentication."""
    entered_at = FloatField()
    left_at = FloatField(null=True, index=True)
    removed_at = FloatField(null=True)
    """When an administrator removed them; the call may take a moment to end."""
    muted = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    """Muted by the participant (R15)."""
    muted_by_admin = BooleanField(default=False, constraints=[SQL("DEFAULT 0")])
    spoken_name = TextField(default="", constraints=[SQL("DEFAULT ''")])
    """Id of their spoken name (appliance/conferences/spoken_names.py), "" for none."""

    class Meta:
        indexes = ((("conference", "channel"), True),)


class Recording(Table):
    """A recording of a conference, from on to off; its row exists before the first sound (R20)."""

    conference = ForeignKeyField(Conference, backref="recordings", on_delete="RESTRICT")
    conference_id: int
    started_at = FloatField()
    ended_at = FloatField(null=True, index=True)
    state = CharField(index=True, constraints=[one_of("state", RecordingState)])
    reason = CharField(default="", constraints=[SQL("DEFAULT ''"), one_of("reason", ("", *RecordingReason))])
    """Why it failed, or was cut short; "" for neither."""
    progress = FloatField(default=0.0, constraints=[SQL("DEFAULT 0")])
    """Share of it that is encoded, 0 to 1."""
    seconds = FloatField(null=True)
    """Length of its MP3."""
    size = IntegerField(null=True)
    """Bytes of its MP3."""


class Announcement(Table):
    """A sentence to announce in a conference; the row is deleted when it is played."""

    conference = ForeignKeyField(Conference, backref="announcements", on_delete="CASCADE")
    at = FloatField()
    prompt = CharField()
    about = ForeignKeyField(Participation, null=True, backref="announced", on_delete="CASCADE")
    """Participant whose spoken name is played first."""
    about_id: int | None
    to = ForeignKeyField(Participation, null=True, backref="announced_to", on_delete="CASCADE")
    """The one participant who hears it, None for everybody."""
    to_id: int | None


class HistoryEntry(Table):
    """An event of a conference: an entry, exit, promotion, service code and its effect (B4, B6)."""

    conference = ForeignKeyField(Conference, backref="history", on_delete="CASCADE")
    at = FloatField()
    participation = ForeignKeyField(Participation, null=True, backref="history", on_delete="CASCADE")
    """Participant who did it; None if `actor` did, from outside the conference."""
    actor = TextField()
    event = CharField(constraints=[one_of("event", HistoryEvent)])
    code = CharField(default="")
    """The key that was pressed after `*`, at most 8 characters."""
    effect = CharField(default="", constraints=[one_of("effect", ("", *HistoryEffect))])
    reason = CharField(default="", constraints=[one_of("reason", ("", *RecordingReason))])
