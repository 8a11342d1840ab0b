"""Keeps the database in step with Asterisk over AMI, and each conference's anchor where it is wanted.

One thread, one event after the other. Asterisk tells the truth about who is in; this module reports it
to appliance.conferences and puts the anchor in or takes it out. Every restart of either side, and every
cut between them, ends in `Session.look`, which compares everything anew.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable
from urllib.parse import unquote

from peewee import PeeweeException

from agi.liveness import Liveness
from agi.words import Variable
from appliance import conferences
from appliance.admission import Role
from appliance.ami import Ami, AmiError, AmiRefused, Message

RETRY = 1.0
"""Seconds between attempts to reach Asterisk."""
LOOK_EVERY = 5.0
"""Seconds between two comparisons with Asterisk's own list: the longest that a drift can last."""
ANCHOR_PATIENCE = 3.0
"""Seconds after which an anchor that was called and has not come is called again."""

Connect = Callable[[Callable[[Message], None], Callable[[], None]], Ami]
log = logging.getLogger(__name__)


class Listener:
    """Runs sessions with Asterisk until `stop`."""

    def __init__(self, connect: Connect, on_connected: Callable[[], None]) -> None:
        """`on_connected` runs at each new connection, once Asterisk has booted."""
        self._connect = connect
        self._on_connected = on_connected
        self._stopping = threading.Event()

    def run(self) -> None:
        """Listen; come back after every loss of the connection."""
        reachable = True
        while not self._stopping.is_set():
            events: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
            try:
                with self._connect(events.put, lambda queue=events: queue.put(None)) as ami:  # type: ignore[misc]
                    log.info("listening to Asterisk")
                    reachable = True
                    Session(ami, events, self._on_connected).run(self._stopping)
            except (AmiError, PeeweeException) as error:
                # The next look heals whatever this one did not come to.
                if reachable:
                    log.warning("%s; trying again every %g s", error, RETRY)
                reachable = False
            self._stopping.wait(RETRY)

    def stop(self) -> None:
        """End within a comparison's time."""
        self._stopping.set()


class Session:
    """What is known of Asterisk during one connection."""

    def __init__(
        self, ami: Ami, events: queue.SimpleQueue[Message | None], on_booted: Callable[[], None]
    ) -> None:
        self._ami = ami
        self._events = events
        self._on_booted = on_booted
        self._anchors: dict[int, str] = {}
        """Channel of the anchor that is in, by bridge."""
        self._called: dict[int, float] = {}
        """Anchors on their way in, by bridge: since when (monotonic s)."""
        self._ids = itertools.count(1)
        self._liveness = Liveness(ami)

    def run(self, stopping: threading.Event) -> None:
        """Handle events until the connection or the daemon ends."""
        next_look = 0.0
        while not stopping.is_set():
            try:
                event = self._events.get(timeout=max(0.0, min(next_look - time.monotonic(), RETRY)))
            except queue.Empty:
                if time.monotonic() >= next_look:
                    self.look()
                    next_look = time.monotonic() + LOOK_EVERY
                continue
            if event is None:
                return
            self.handle(event)

    def look(self) -> None:
        """Compare with Asterisk's own list, and heal."""
        present: dict[int, dict[str, conferences.Person]] = {}
        anchors: dict[int, str] = {}
        channels: list[str] = []
        for room in self._entries("ConfbridgeListRooms"):
            bridge_id = conferences.bridge_of_room(room.get("Conference", ""))
            if bridge_id is None:
                continue
            people = present.setdefault(bridge_id, {})
            for entry in self._entries("ConfbridgeList", Conference=room["Conference"]):
                if _is_anchor(entry):
                    anchors[bridge_id] = entry["Channel"]
                elif person := _person(entry):
                    people[person.channel_id] = person
                    channels.append(entry["Channel"])
        conferences.in_step(present, time.time())
        self._anchors = anchors
        for bridge_id in present:
            self._settle(bridge_id)
        self._liveness.look(channels, time.monotonic())

    def _entries(self, action: str, **headers: str) -> list[Message]:
        try:
            return self._ami.events_of(action, **headers)
        except AmiRefused:
            return []  # What is empty, Asterisk refuses to list. (A lost connection is no such answer.)

    def handle(self, event: Message) -> None:
        """Take one event in."""
        match event["Event"]:
            case "ConfbridgeJoin" | "ConfbridgeLeave":
                bridge_id = conferences.bridge_of_room(event.get("Conference", ""))
                if bridge_id is not None:
                    self._moved(bridge_id, event, event["Event"] == "ConfbridgeJoin")
                    self._settle(bridge_id)
            case "FullyBooted":
                self._on_booted()

    def _moved(self, bridge_id: int, event: Message, came: bool) -> None:
        if _is_anchor(event):
            self._called.pop(bridge_id, None)
            if came:
                self._anchors[bridge_id] = event["Channel"]
            elif self._anchors.get(bridge_id) == event["Channel"]:
                del self._anchors[bridge_id]
        elif not came:
            conferences.left(event["Uniqueid"], time.time())
        elif person := _person(event):
            conferences.joined(bridge_id, person, time.time())

    def _settle(self, bridge_id: int) -> None:
        """Put the anchor in or take it out, as the state wants it."""
        wanted = conferences.wants_anchor(bridge_id)
        anchor = self._anchors.get(bridge_id)
        if wanted and anchor is None:
            since = self._called.get(bridge_id)
            if since is None or time.monotonic() - since > ANCHOR_PATIENCE:
                self._called[bridge_id] = time.monotonic()
                self._call_anchor(bridge_id)
        elif not wanted and anchor is not None:
            del self._anchors[bridge_id]
            try:
                self._ami.action("Hangup", Channel=anchor)
            except AmiRefused as error:
                log.info("the anchor of bridge %s was gone already: %s", bridge_id, error)

    def _call_anchor(self, bridge_id: int) -> None:
        try:
            self._ami.action(
                "Originate",
                Channel=f"Local/{bridge_id}@pont-anchor/n",
                Context="pont-anchor",
                Exten="hold",
                Priority="1",
                Async="true",
                ActionID=f"anchor-{bridge_id}-{next(self._ids)}",
            )
        except AmiRefused as error:
            log.warning("the anchor of bridge %s does not come: %s", bridge_id, error)


def _is_anchor(event: Message) -> bool:
    return event.get("Channel", "").startswith("Local/") and "@pont-anchor-" in event["Channel"]


def _person(event: Message) -> conferences.Person | None:
    """Who the channel of an event is; None for a channel that no admission let in."""
    values = dict(line.partition("=")[::2] for line in event.get("ChanVariable", "").split("\n"))
    role = values.get(Variable.ROLE)
    if not role:
        return None
    return conferences.Person(
        channel_id=event["Uniqueid"],
        role=Role(role),
        number=unquote(values.get(Variable.CALLER, "")),
        name=unquote(values.get(Variable.CALLER_NAME, "")),
        phone=values.get(Variable.PHONE) or None,
    )
