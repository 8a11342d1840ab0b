"""What the announcer was asked to say, and what it had Asterisk say."""

from __future__ import annotations

from agi.channels import OwnChannel
from agi.room import Room
from appliance.conferences import control, presence
from appliance.conferences.control import By
from appliance.conferences.presence import DesiredState
from appliance.conferences.service_codes import Switch
from appliance.models import Announcement
from tests.agi.rooms import NOW, OUTSIDE, ScriptedAmi, anchor, conference


def turn(room: Room, switch: Switch, on: bool = True, by: By = OUTSIDE) -> None:
    """Switch something, which is to be announced."""
    control.turn(conference(room), switch, on, by, NOW)


def wanted(room: Room) -> DesiredState:
    found = presence.desired_state(room.bridge_id)
    assert found is not None
    return found


def bring_anchor(room: Room) -> None:
    room.channels.anchor = OwnChannel(anchor(room), 0.0)


def go_on(room: Room) -> None:
    room.announcer.play_next(wanted(room))


def said(ami: ScriptedAmi) -> list[str]:
    """What the anchor was sent to say."""
    return [action["Value"] for action in ami.actions if action.get("Variable") == "PONT_SAY"]


def whispered(ami: ScriptedAmi) -> list[tuple[str, str]]:
    """What was whispered, as (channel, prompt)."""
    calls = [
        dict(variable.partition("=")[::2] for variable in action["Variable"].split(","))
        for action in ami.actions
        if action["Action"] == "Originate"
    ]
    return [(call["PONT_TO"], call["PONT_SAY"]) for call in calls]


def left_to_say() -> list[str]:
    return [row.prompt for row in Announcement.select().order_by(Announcement.id)]
