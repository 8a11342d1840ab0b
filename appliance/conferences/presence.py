"""Running conferences: who is in, in which role, and the desired state (R4, R7 to R9, R15 to R21).

The database is the state. agi/listener.py reports who comes and goes, and reconciles Asterisk with
`desired_state`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from appliance.conferences.service_codes import mute_wanted
from appliance.journal import conference_events
from appliance.models import (
    Announcement,
    Bridge,
    Conference,
    ConferenceRole,
    HistoryEffect,
    HistoryEvent,
    Participation,
    Phone,
    RecordingState,
    database,
)
from appliance.recordings import lifecycle
from appliance.speech.prompts import Prompt

ROOM_PREFIX = "bridge-"
ABOUT_PEOPLE = frozenset({Prompt.HAS_JOINED, Prompt.HAS_LEFT})
"""Announcements that begin with a name (R7)."""


@dataclass(frozen=True)
class Person:
    """A person in a conference, as Asterisk and the variables of their channel show them."""

    channel_id: str
    """Asterisk's Uniqueid of their channel."""
    role: ConferenceRole
    number: str
    name: str
    phone: str | None
    """SIP account, None from a trunk."""
    spoken_name: str = ""
    """Recording of their name (spoken_names.py), "" for none."""


class WayOut(StrEnum):
    """Why a person must leave; the dialplan plays it to them."""

    ENDED = "ended"
    REMOVED = "removed"


@dataclass(frozen=True)
class DesiredState:
    """The desired state of a conference in Asterisk."""

    conference_id: int
    language: str
    closing: bool
    """Ended for all (R21): callers still on their way in hear it too."""
    audio_open: bool
    """People hear each other; otherwise each hears music (R8 alone, R9 before the opening, R17 paused)."""
    single_participant: bool
    """One person is left: announcements that are pending are played, then the music begins."""
    muted: dict[str, bool]
    """Whether each person is muted, by channel id."""
    leaving: dict[str, WayOut]
    """Who must leave, by channel id."""
    recording: int | None
    """The recording that should run."""
    recording_unconfirmed: bool
    """The take is not known to grow yet (recording state `starting`)."""


def room_name(bridge_id: int) -> str:
    """Name of the conference and of its bridge profile in Asterisk."""
    return f"{ROOM_PREFIX}{bridge_id}"


def bridge_of_room(room: str) -> int | None:
    """Id of the bridge whose conference has this name, None for a name that is not ours."""
    number = room.removeprefix(ROOM_PREFIX)
    return int(number) if number != room and number.isascii() and number.isdigit() else None


def anchor_wanted(opened: bool, paused: bool, people: int) -> bool:
    """Whether people are to hear each other; else each hears music (R8 alone, R9 before the opening, R17)."""
    return opened and not paused and people >= 2


def running() -> set[int]:
    """Bridges on which a conference has not ended."""
    rows = Conference.select(Conference.bridge).where(Conference.ended_at.is_null())
    return {row.bridge_id for row in rows}


def record_join(bridge_id: int, person: Person, now: float) -> None:
    """Record that a person entered at `now`; an administrator opens the conference (R9)."""
    with database.atomic("IMMEDIATE"):
        bridge = Bridge.get_or_none(Bridge.id == bridge_id)
        # A channel enters once: a known channel that is still listed is leaving.
        known = Participation.select().where(Participation.channel == person.channel_id)
        if bridge is None or known.exists():
            return
        conference = Conference.running(bridge) or Conference.create(
            bridge=bridge, started_at=now, announcing=bridge.announce
        )
        others = conference.people().count()
        if person.role is ConferenceRole.ADMIN or bridge.open_for_anyone:
            open_(conference, now)
        row = Participation.create(
            conference=conference,
            channel=person.channel_id,
            role=person.role,
            caller=person.number,
            name=person.name,
            phone=Phone.get_or_none(Phone.username == person.phone) if person.phone else None,
            entered_at=now,
            spoken_name=person.spoken_name,
        )
        effect = HistoryEffect.AS_ADMIN if person.role is ConferenceRole.ADMIN else HistoryEffect.AS_USER
        conference_events.record(conference, HistoryEvent.ENTERED, now, person=row, effect=effect)
        if others and conference.announcing and conference.opened_at is not None:
            Announcement.create(conference=conference, at=now, prompt=Prompt.HAS_JOINED, about=row)
        lifecycle.start_automatically(conference, now)


def record_leave(channel_id: str, now: float) -> None:
    """Record that a person left; the last one ends the conference."""
    with database.atomic("IMMEDIATE"):
        row = Participation.get_or_none(
            (Participation.channel == channel_id) & Participation.left_at.is_null()
        )
        if row is not None:
            _leave(row, now)
            _end_if_empty(row.conference, now)


def reconcile(present: Mapping[int, Mapping[str, Person]], now: float) -> None:
    """Reconcile the database with `present`: people by channel id, by bridge, as Asterisk lists them.

    It repairs what was missed during a restart of either side, or a cut.
    """
    with database.atomic("IMMEDIATE"):
        for row in Participation.select().where(Participation.left_at.is_null()):
            if row.channel not in present.get(row.conference.bridge_id, {}):
                _leave(row, now)
        # Also where others are in: theirs is another session, which its organiser must open.
        for conference in Conference.select().where(Conference.ended_at.is_null()):
            _end_if_empty(conference, now)
    for bridge_id, people in present.items():
        for person in people.values():
            record_join(bridge_id, person, now)


def desired_state(bridge_id: int) -> DesiredState | None:
    """Return the desired state of the bridge's conference now; None if there is none."""
    conference = Conference.running(bridge_id)
    if conference is None:
        return None
    people = list(conference.people())
    closing = conference.closing_at is not None
    opened = conference.opened_at is not None
    recording = conference.recording()
    return DesiredState(
        conference_id=conference.id,
        language=conference.bridge.language,
        closing=closing,
        audio_open=not closing and anchor_wanted(opened, conference.paused, len(people)),
        single_participant=not closing and opened and not conference.paused and len(people) == 1,
        muted={
            row.channel: mute_wanted(
                ConferenceRole(row.role), row.muted, row.muted_by_admin, conference.muted_all
            )
            for row in people
        },
        leaving={
            row.channel: WayOut.ENDED if closing else WayOut.REMOVED
            for row in people
            if closing or row.removed_at is not None
        },
        recording=recording.id if recording is not None and not closing else None,
        recording_unconfirmed=recording is not None and recording.state == RecordingState.STARTING,
    )


def open_(conference: Conference, now: float) -> None:
    """Open a conference that is not open yet (R9)."""
    if conference.opened_at is None:
        conference.opened_at = now
        conference.save()
        lifecycle.start_automatically(conference, now)


def announcements(conference_id: int) -> list[Announcement]:
    """Return the pending announcements in order: switches before arrivals and departures."""
    rows = Announcement.select().where(Announcement.conference == conference_id).order_by(Announcement.id)
    return sorted(rows, key=lambda row: row.prompt in ABOUT_PEOPLE)


def _leave(row: Participation, now: float) -> None:
    row.left_at = now
    row.save()
    conference = row.conference
    conference_events.record(conference, HistoryEvent.LEFT, now, person=row)
    Announcement.delete().where(Announcement.to == row).execute()
    # A participant who leaves before their arrival was announced is not announced at all.
    unheard = Announcement.delete().where(Announcement.about == row, Announcement.prompt == Prompt.HAS_JOINED)
    tell = conference.announcing and conference.opened_at is not None and conference.closing_at is None
    if not unheard.execute() and tell and conference.people().exists():
        Announcement.create(conference=conference, at=now, prompt=Prompt.HAS_LEFT, about=row)


def _end_if_empty(conference: Conference, now: float) -> None:
    if not conference.people().exists():
        conference.ended_at = now
        conference.save()
        lifecycle.end(conference, now)
        Announcement.delete().where(Announcement.conference == conference).execute()
