"""Reconciles the database with Asterisk over AMI, and Asterisk with the database.

One thread handles one event after the other, and nothing else acts on conferences in Asterisk. Asterisk alone
knows who is in: this module reports it to appliance/conferences/presence.py. agi/room.py gives the conference
its desired state. After a restart of either side, or a cut, `Session.resync` compares everything.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from urllib.parse import unquote

from peewee import PeeweeException

from agi.channels import Participant
from agi.liveness import Liveness
from agi.room import Room
from agi.vocabulary import WAY_IN, UserEvent, Variable
from appliance.conferences import presence, spoken_names
from appliance.conferences.control import CHANGED
from appliance.errors import AmiError, AmiRefusedError
from appliance.models import ConferenceRole
from appliance.system.ami import Ami, Message
from appliance.system.config import Config

RETRY_DELAY_S = 1.0
"""Seconds between attempts to reach Asterisk."""
POLL_INTERVAL_S = 0.2
"""Seconds between two checks whether a recording that people wait for has begun: no event reports it."""
RESYNC_INTERVAL_S = 5.0
"""Seconds between two comparisons with Asterisk's own list: the longest that a difference can last."""

NOTHING_TO_LIST = frozenset({"No active conferences.", "No Conference by that name found."})
"""What Asterisk answers in place of an empty list of conferences, or of people in one."""

Connect = Callable[[Callable[[Message], None], Callable[[], None]], Ami]
log = logging.getLogger(__name__)


class Listener:
    """Runs sessions with Asterisk until `stop`."""

    def __init__(self, config: Config, connect: Connect, on_connected: Callable[[], None]) -> None:
        """`on_connected` runs at each new connection, once Asterisk has booted."""
        self._config = config
        self._connect = connect
        self._on_connected = on_connected
        self._stopping = threading.Event()

    def run(self) -> None:
        """Listen; reconnect after every loss of the connection."""
        reachable = True
        while not self._stopping.is_set():
            events: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
            try:
                with self._connect(events.put, lambda queue=events: queue.put(None)) as ami:  # type: ignore[misc]
                    log.info("listening to Asterisk")
                    reachable = True
                    Session(self._config, ami, events, self._on_connected).run(self._stopping)
            except (AmiError, PeeweeException) as error:
                # The next resync repairs what this session did not reach.
                if reachable:
                    log.warning("%s; trying again every %g s", error, RETRY_DELAY_S)
                reachable = False
            self._stopping.wait(RETRY_DELAY_S)

    def stop(self) -> None:
        """End within the time of a comparison."""
        self._stopping.set()


class Session:
    """What is known of Asterisk during one connection."""

    def __init__(
        self,
        config: Config,
        ami: Ami,
        events: queue.SimpleQueue[Message | None],
        on_booted: Callable[[], None],
    ) -> None:
        self._config = config
        self._ami = ami
        self._events = events
        self._on_booted = on_booted
        self._rooms: dict[int, Room] = {}
        self._liveness = Liveness(ami)

    def run(self, stopping: threading.Event) -> None:
        """Handle events until the connection or the daemon ends."""
        next_resync = next_poll = 0.0
        while not stopping.is_set():
            now = time.monotonic()
            if now >= next_resync:
                self.resync()
                next_resync = time.monotonic() + RESYNC_INTERVAL_S
            elif now >= next_poll:
                self.poll_recordings()
                next_poll = now + POLL_INTERVAL_S
            try:
                event = self._events.get(timeout=POLL_INTERVAL_S)
            except queue.Empty:
                continue
            if event is None:
                return
            self.handle(event)

    def resync(self) -> None:
        """Compare with Asterisk's own list, and reconcile."""
        present: dict[int, dict[str, presence.Person]] = {}
        channels: list[str] = []
        before, self._rooms = self._rooms, {}
        for entry in self._entries("ConfbridgeListRooms"):
            bridge_id = presence.bridge_of_room(entry.get("Conference", ""))
            if bridge_id is None:
                continue
            people = present.setdefault(bridge_id, {})
            room = self._room(bridge_id, before)
            was, room.channels.people = room.channels.people, {}
            members = self._entries("ConfbridgeList", Conference=entry["Conference"])
            for member in members:
                if not room.register_channel(member) and (person := _person(member)):
                    people[person.channel_id] = person
                    channels.append(member["Channel"])
                    room.channels.people[person.channel_id] = _participant(member, was.get(person.channel_id))
            room.forget_unlisted({member["Channel"] for member in members})
        presence.reconcile(present, time.time())
        for bridge_id in presence.running() - self._rooms.keys():
            self._room(bridge_id, before)
        for bridge_id in list(self._rooms):
            self._reconcile(bridge_id)
        self._liveness.look(channels, time.monotonic())
        self._sweep_names()

    def poll_recordings(self) -> None:
        """Reconcile the conferences whose recording is about to begin."""
        for room in [room for room in self._rooms.values() if room.recorder.awaiting_capture]:
            self._reconcile(room.bridge_id)

    def _entries(self, action: str, **headers: str) -> list[Message]:
        try:
            return self._ami.events_of(action, **headers)
        except AmiRefusedError as refusal:
            # Any other refusal says nothing of who is in: taken for "nobody", it would end every conference.
            if refusal.reason not in NOTHING_TO_LIST:
                raise
            return []

    def handle(self, event: Message) -> None:
        """Handle one event."""
        match event["Event"]:
            case "ConfbridgeJoin" | "ConfbridgeLeave":
                bridge_id = presence.bridge_of_room(event.get("Conference", ""))
                if bridge_id is not None:
                    self._moved(bridge_id, event, event["Event"] == "ConfbridgeJoin")
                    self._reconcile(bridge_id)
            case "UserEvent" if event.get("UserEvent") in (CHANGED, *UserEvent):
                bridge_id = _number(event.get("Bridge", ""))
                if bridge_id is not None:
                    announcer = self._room(bridge_id).announcer
                    notes: dict[str, Callable[[str], None]] = {
                        UserEvent.FINISHED: announcer.finished,
                        UserEvent.AWAY: announcer.suspend,
                        UserEvent.BACK: announcer.resume,
                    }
                    if note := notes.get(event["UserEvent"]):
                        note(event.get("To", ""))
                    self._reconcile(bridge_id)
            case "FullyBooted":
                self._on_booted()

    def _moved(self, bridge_id: int, event: Message, came: bool) -> None:
        room = self._room(bridge_id)
        if room.register_channel(event) if came else room.unregister_channel(event):
            return
        if not came:
            room.channels.people.pop(event["Uniqueid"], None)
            presence.record_leave(event["Uniqueid"], time.time())
        elif person := _person(event):
            room.channels.people[person.channel_id] = _participant(event, None)
            presence.record_join(bridge_id, person, time.time())

    def _reconcile(self, bridge_id: int) -> None:
        room = self._room(bridge_id)
        room.reconcile()
        if room.empty:
            del self._rooms[bridge_id]
            self._sweep_names()

    def _room(self, bridge_id: int, before: dict[int, Room] | None = None) -> Room:
        """Return the room of a bridge; from `before`, if it was known."""
        if bridge_id not in self._rooms:
            known = (before or {}).get(bridge_id)
            self._rooms[bridge_id] = known or Room(bridge_id, self._ami, self._config, self._on_their_way)
        return self._rooms[bridge_id]

    def _on_their_way(self, bridge_id: int) -> list[str]:
        name = presence.room_name(bridge_id)
        return [
            entry["Channel"]
            for entry in self._entries("CoreShowChannels")
            if _variables(entry).get(Variable.ROOM) == name
            and entry["Uniqueid"] not in self._room(bridge_id).channels.people
            and entry.get("Exten") in WAY_IN
        ]

    def _sweep_names(self) -> None:
        try:
            if spoken_names.sweep(self._config, None):
                entries = self._entries("CoreShowChannels")
                spoken_names.sweep(self._config, {entry["Uniqueid"] for entry in entries})
        except OSError as error:
            log.warning("spoken names cannot be deleted: %s", error)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _variables(event: Message) -> dict[str, str]:
    return dict(line.partition("=")[::2] for line in event.get("ChanVariable", "").split("\n"))


def _participant(event: Message, known: Participant | None) -> Participant:
    sent_away = known.sent_away if known is not None else None
    return Participant(event["Channel"], event.get("Muted") == "Yes", sent_away)


def _person(event: Message) -> presence.Person | None:
    """Return the person of an event; None for a channel that no admission let in."""
    values = _variables(event)
    role = values.get(Variable.ROLE)
    if not role:
        return None
    return presence.Person(
        channel_id=event["Uniqueid"],
        role=ConferenceRole(role),
        number=unquote(values.get(Variable.CALLER, "")),
        name=unquote(values.get(Variable.CALLER_NAME, "")),
        phone=values.get(Variable.PHONE) or None,
        spoken_name=values.get(Variable.SPOKEN_NAME, ""),
    )
