"""A conference to press codes in, and what became of it."""

from __future__ import annotations

from appliance.conferences import control, presence
from appliance.conferences.control import By, Pressed
from appliance.conferences.presence import Person
from appliance.conferences.service_codes import Code, Switch
from appliance.models import (
    Announcement,
    Bridge,
    Conference,
    ConferenceRole,
    HistoryEntry,
    HistoryEvent,
    Participation,
)
from appliance.speech.prompts import Prompt
from tests.appliance.people import KEY

PIN = "471199"
NOW = 1_700_000_000.0
OUTSIDE = By(actor="command line (root)")
SWITCHES = {
    Code.MUTE_ALL: (Switch.MUTED_ALL, Prompt.ALL_MUTED, Prompt.ALL_UNMUTED),
    Code.PAUSE: (Switch.PAUSED, Prompt.PAUSED, Prompt.RESUMED),
    Code.ANNOUNCE: (Switch.ANNOUNCING, Prompt.ANNOUNCING_ON, Prompt.ANNOUNCING_OFF),
    Code.LOCK: (Switch.LOCKED, Prompt.LOCKED, Prompt.UNLOCKED),
}


def enter(
    bridge: Bridge, number: int, role: ConferenceRole = ConferenceRole.USER, phone: str | None = None
) -> Participation:
    presence.record_join(bridge.id, Person(f"1.{number}", role, f"+3361{number}", "", phone), NOW)
    return fresh(Participation.get(Participation.channel == f"1.{number}"))


def fresh(row: Participation) -> Participation:
    again: Participation = Participation.get_by_id(row.id)
    return again


def press(person: Participation, code: str, digits: str | None = None, now: float = NOW) -> Pressed:
    return control.press(person.channel, code, digits, KEY, now)


def history(
    conference: Conference | int, event: HistoryEvent = HistoryEvent.CODE
) -> list[tuple[str | None, str, str]]:
    rows = HistoryEntry.select().where(
        (HistoryEntry.conference == conference) & (HistoryEntry.event == event)
    )
    return [
        (
            row.participation.channel if row.participation else None,
            row.actor,
            f"*{row.code} {row.effect}" if event is HistoryEvent.CODE else row.effect,
        )
        for row in rows.order_by(HistoryEntry.id)
    ]


def to_be_said(conference: Conference | int) -> list[tuple[str, str | None, str | None]]:
    """Announcements as prompt, channel whom it is about, channel of the only one who is to hear it."""
    rows = Announcement.select().where(Announcement.conference == conference).order_by(Announcement.id)
    return [
        (row.prompt, row.about.channel if row.about else None, row.to.channel if row.to else None)
        for row in rows
    ]


def switches(conference: Conference | int) -> dict[Switch, bool]:
    row = Conference.get_by_id(conference)
    plain = {switch: getattr(row, switch) for switch in Switch if switch is not Switch.RECORDING}
    return plain | {Switch.RECORDING: row.recording() is not None}
