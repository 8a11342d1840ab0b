"""A conference for tests of what acts on Asterisk: who comes and goes, and an Asterisk that is scripted."""

from __future__ import annotations

from agi.channels import Participant
from agi.room import Room
from appliance.conferences import control, presence
from appliance.conferences.control import By
from appliance.conferences.presence import Person
from appliance.conferences.service_codes import Switch
from appliance.errors import AmiError, AmiRefusedError
from appliance.models import Announcement, Conference, ConferenceRole, Participation
from appliance.system.ami import Message

NOW = 1_700_000_000.0
OUTSIDE = By(actor="command line (root)")


class Clock:
    """Stands for time.monotonic()."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class ScriptedAmi:
    """Stands for Asterisk: has rooms, remembers actions."""

    def __init__(self) -> None:
        self.rooms: dict[str, list[Message]] = {}
        self.actions: list[dict[str, str]] = []
        self.packets: dict[str, int] = {}
        self.variables: dict[str, str] = {}
        """Of a channel: whatever is asked for."""
        self.lost = False
        self.refuses = ""
        self.refuses_to_list: dict[str, str] = {}
        """Reason by action."""

    def action(self, name: str, **headers: str) -> Message:
        if name == "Getvar":
            values = self.packets | self.variables
            if headers["Channel"] not in values:
                raise AmiRefusedError("No such channel")
            return {"Value": str(values[headers["Channel"]])}
        if name == self.refuses:
            raise AmiRefusedError("no")
        self.actions.append({"Action": name, **headers})
        return {"Response": "Success"}

    def events_of(self, name: str, **headers: str) -> list[Message]:
        if self.lost:
            raise AmiError("the connection was lost")
        if name in self.refuses_to_list:
            raise AmiRefusedError(self.refuses_to_list[name], name)
        if not self.rooms:
            raise AmiRefusedError("No active conferences.")
        if name == "ConfbridgeListRooms":
            return [{"Conference": room} for room in self.rooms]
        return self.rooms[headers["Conference"]]

    def did(self) -> list[str]:
        return [action["Action"] for action in self.actions]


def anchor(room: Room) -> str:
    return f"Local/{room.bridge_id}@pont-anchor-00000001;2"


def come(
    room: Room,
    number: int,
    role: ConferenceRole = ConferenceRole.USER,
    *,
    name: str = "",
    muted: bool = False,
) -> Participant:
    """Somebody enters; `name` is the file of the name that they said."""
    presence.record_join(room.bridge_id, Person(f"1.{number}", role, f"+3361{number}", "", None, name), NOW)
    room.channels.people[f"1.{number}"] = Participant(f"PJSIP/trunk-{number}", muted)
    return room.channels.people[f"1.{number}"]


def go(room: Room, number: int) -> None:
    presence.record_leave(f"1.{number}", NOW)
    room.channels.people.pop(f"1.{number}")


def person(number: int) -> Participation:
    row: Participation = Participation.get(Participation.channel == f"1.{number}")
    return row


def conference(room: Room) -> Conference:
    running = Conference.running(room.bridge_id)
    assert running is not None
    return running


def turn(room: Room, switch: Switch, on: bool = True) -> None:
    """Switch something without a word about it."""
    control.turn(conference(room), switch, on, OUTSIDE, NOW)
    Announcement.delete().execute()


def record(room: Room) -> int:
    turn(room, Switch.RECORDING)
    row = conference(room).recording()
    assert row is not None
    return int(row.id)


def did(room: Room, ami: ScriptedAmi) -> list[dict[str, str]]:
    """What one `reconcile` asks of Asterisk."""
    ami.actions.clear()
    room.reconcile()
    return list(ami.actions)


def names(actions: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(action["Action"], action["Channel"]) for action in actions]
