"""The listener keeps database and anchors in step with Asterisk, here one that is scripted."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import pytest

from agi.listener import Session
from agi.liveness import ASK_INTERVAL_S, POLL_INTERVAL_S, Liveness
from agi.vocabulary import UserEvent
from appliance.conferences import control
from appliance.errors import AmiError
from appliance.models import Bridge, Conference, Participation
from appliance.speech.prompts import Prompt
from appliance.system.ami import Message
from appliance.system.config import Config
from tests.agi.rooms import ScriptedAmi

Connect = Callable[[], Session]


@pytest.fixture
def connect(config: Config, ami: ScriptedAmi) -> Connect:
    """Begin a session of the listener with Asterisk."""
    return lambda: Session(config, ami, queue.SimpleQueue(), lambda: None)  # type: ignore[arg-type]


def person(number: int, role: str = "user") -> Message:
    variables = (
        f"PONT_ROLE={role}\nPONT_CALLER=%2B3361{number}\nPONT_CALLER_NAME=J%C3%A9r%0A%C3%B4me\nPONT_PHONE="
    )
    return {"Channel": f"PJSIP/trunk-{number}", "Uniqueid": f"1.{number}", "ChanVariable": variables}


def anchor(bridge: Bridge) -> Message:
    return {"Channel": f"Local/{bridge.id}@pont-anchor-00000001;2", "Uniqueid": "9.9"}


def event(name: str, bridge: Bridge, who: Message) -> Message:
    return {"Event": name, "Conference": f"bridge-{bridge.id}", **who}


def test_r9_the_anchor_comes_in_once_an_administrator_and_another_are_in(
    bridge: Bridge, connect: Connect, ami: ScriptedAmi
) -> None:
    listener = connect()
    listener.handle(event("ConfbridgeJoin", bridge, person(1)))
    listener.handle(event("ConfbridgeJoin", bridge, person(2)))
    assert ami.did() == []
    listener.handle(event("ConfbridgeJoin", bridge, person(3, "admin")))
    assert ami.did() == ["Originate"]
    listener.handle(event("ConfbridgeJoin", bridge, person(4)))
    assert ami.did() == ["Originate"], "one anchor is enough"


def test_r8_the_anchor_leaves_when_one_is_left_alone_and_the_conference_ends_with_the_last(
    bridge: Bridge, connect: Connect, ami: ScriptedAmi
) -> None:
    listener = connect()
    for who in (person(1, "admin"), person(2), anchor(bridge)):
        listener.handle(event("ConfbridgeJoin", bridge, who))
    listener.handle(event("ConfbridgeLeave", bridge, person(1, "admin")))
    assert ami.actions[-1] == {"Action": "Hangup", "Channel": anchor(bridge)["Channel"]}
    listener.handle(event("ConfbridgeLeave", bridge, anchor(bridge)))
    assert Conference.running(bridge) is not None
    listener.handle(event("ConfbridgeLeave", bridge, person(2)))
    assert Conference.running(bridge) is None


def test_the_end_of_a_whisper_is_reported_with_whom_it_was_for_and_lets_the_next_begin(
    bridge: Bridge, connect: Connect, ami: ScriptedAmi
) -> None:
    listener = connect()
    for who in (person(1, "admin"), person(2), anchor(bridge)):
        listener.handle(event("ConfbridgeJoin", bridge, who))
    someone = Participation.get(Participation.channel == "1.2")
    for on in (True, False):
        control.mute(someone, on, control.By(actor="test"), 1_700_000_000.0)

    def tell(name: str, **headers: str) -> list[str]:
        ami.actions.clear()
        listener.handle({"Event": "UserEvent", "UserEvent": name, "Bridge": str(bridge.id), **headers})
        return [action["Variable"] for action in ami.actions if action["Action"] == "Originate"]

    (first,) = tell(control.CHANGED)
    assert Prompt.MUTED_BY_ADMIN in first
    assert "PONT_PERSON=1.2" in first
    assert tell(UserEvent.FINISHED) == [], "of the anchor"
    assert tell(UserEvent.FINISHED, To="1.1") == []
    (second,) = tell(UserEvent.FINISHED, To="1.2")
    assert Prompt.UNMUTED_BY_ADMIN in second
    assert tell(UserEvent.FINISHED, To="1.2") == []
    assert tell(UserEvent.AWAY, To="1.2") == []
    control.mute(someone, True, control.By(actor="test"), 1_700_000_000.0)
    assert tell(control.CHANGED) == [], "not over what answers their code"
    (third,) = tell(UserEvent.BACK, To="1.2")
    assert Prompt.MUTED_BY_ADMIN in third


@pytest.mark.parametrize("action", ["ConfbridgeListRooms", "ConfbridgeList"])
def test_a_refusal_to_list_ends_no_conference(
    bridge: Bridge, connect: Connect, ami: ScriptedAmi, action: str
) -> None:
    listener = connect()
    listener.handle(event("ConfbridgeJoin", bridge, person(1, "admin")))
    ami.rooms[f"bridge-{bridge.id}"] = [person(1, "admin")]
    ami.refuses_to_list = {action: "Permission denied"}
    with pytest.raises(AmiError, match="Permission denied"):
        listener.resync()
    assert Conference.running(bridge) is not None
    ami.refuses_to_list = {}
    connect().resync()
    assert [row.channel for row in Participation.select().where(Participation.left_at.is_null())] == ["1.1"]


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("ConfbridgeListRooms", "No active conferences."),
        ("ConfbridgeList", "No active conferences."),
        ("ConfbridgeList", "No Conference by that name found."),
    ],
)
def test_what_asterisk_says_of_an_empty_list_ends_the_conference(
    bridge: Bridge, connect: Connect, ami: ScriptedAmi, action: str, reason: str
) -> None:
    listener = connect()
    listener.handle(event("ConfbridgeJoin", bridge, person(1, "admin")))
    ami.rooms[f"bridge-{bridge.id}"] = [person(1, "admin")]
    ami.refuses_to_list = {action: reason}
    listener.resync()
    assert Conference.running(bridge) is None


def test_what_a_caller_claims_is_kept_as_plain_text(bridge: Bridge, connect: Connect) -> None:
    connect().handle(event("ConfbridgeJoin", bridge, person(1)))
    row = Participation.get()
    assert (row.caller, row.name, row.role, row.phone) == ("+33611", "Jér\nôme", "user", None)


def test_channels_that_no_admission_let_in_are_nobody(bridge: Bridge, connect: Connect) -> None:
    listener = connect()
    for channel in ("CBAnn/bridge-1-0001;2", "CBRec/bridge-1-0001", "Local/x@y-1;2"):
        listener.handle(event("ConfbridgeJoin", bridge, {"Channel": channel, "Uniqueid": channel}))
    listener.handle({"Event": "ConfbridgeJoin", "Conference": "9999", **person(5)})
    listener.handle({"Event": "ConfbridgeJoin", "Conference": "bridge-99999", **person(6)})
    assert Participation.select().count() == 0


def test_a_look_heals_everything_that_was_missed(bridge: Bridge, connect: Connect, ami: ScriptedAmi) -> None:
    listener = connect()
    listener.handle(event("ConfbridgeJoin", bridge, person(1, "admin")))
    listener.handle(event("ConfbridgeJoin", bridge, person(2)))
    ami.actions.clear()
    ami.rooms = {f"bridge-{bridge.id}": [person(2), person(3), person(4)]}
    after_restart = connect()
    after_restart.resync()
    present = {row.channel for row in Conference.running(bridge).people()}
    assert present == {"1.2", "1.3", "1.4"}
    assert ami.did() == ["Originate"], "opened before, so people talk again"
    after_restart.resync()
    assert Participation.select().count() == 4, "a second look changes nothing"
    ami.rooms = {}
    after_restart.resync()
    assert Conference.running(bridge) is None


def test_r9_who_comes_after_everybody_left_unseen_waits_for_the_organiser_again(
    bridge: Bridge, connect: Connect, ami: ScriptedAmi
) -> None:
    listener = connect()
    listener.handle(event("ConfbridgeJoin", bridge, person(1, "admin")))
    listener.handle(event("ConfbridgeJoin", bridge, person(2)))
    ami.actions.clear()
    ami.rooms = {f"bridge-{bridge.id}": [person(3), person(4)]}
    connect().resync()
    assert ami.did() == []
    assert Conference.select().count() == 2


def test_who_has_left_and_is_still_listed_is_nobody(
    bridge: Bridge, connect: Connect, ami: ScriptedAmi
) -> None:
    listener = connect()
    listener.handle(event("ConfbridgeJoin", bridge, person(1, "admin")))
    listener.handle(event("ConfbridgeLeave", bridge, person(1, "admin")))
    ami.rooms = {f"bridge-{bridge.id}": [person(1, "admin")]}
    listener.resync()
    assert Conference.running(bridge) is None


def test_an_anchor_that_asterisk_refuses_to_call_leaves_the_others_their_own(
    bridge: Bridge, connect: Connect, ami: ScriptedAmi
) -> None:
    ami.refuses = "Originate"
    listener = connect()
    listener.handle(event("ConfbridgeJoin", bridge, person(1, "admin")))
    listener.handle(event("ConfbridgeJoin", bridge, person(2)))
    assert Participation.select().count() == 2


def test_a_connection_lost_during_a_look_empties_no_conference(
    bridge: Bridge, connect: Connect, ami: ScriptedAmi
) -> None:
    listener = connect()
    listener.handle(event("ConfbridgeJoin", bridge, person(1)))
    ami.lost = True
    with pytest.raises(AmiError):
        listener.resync()
    assert Conference.running(bridge) is not None


def test_an_anchor_that_asterisk_lists_is_known_after_a_restart(
    bridge: Bridge, connect: Connect, ami: ScriptedAmi
) -> None:
    ami.rooms = {f"bridge-{bridge.id}": [person(1, "admin"), person(2), anchor(bridge)]}
    connect().resync()
    assert ami.did() == []
    ami.rooms = {f"bridge-{bridge.id}": [anchor(bridge)]}
    connect().resync()
    assert ami.did() == ["Hangup"], "no anchor stays behind alone"


def test_a_lost_connection_ends_the_session(config: Config, ami: ScriptedAmi, bridge: Bridge) -> None:
    events: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
    events.put(event("ConfbridgeJoin", bridge, person(1)))
    events.put(None)
    Session(config, ami, events, lambda: None).run(threading.Event())  # type: ignore[arg-type]
    assert Participation.select().count() == 1


def test_a_silent_phone_is_asked_and_one_that_sends_is_not(ami: ScriptedAmi) -> None:
    liveness = Liveness(ami)  # type: ignore[arg-type]
    ami.packets = {"PJSIP/loud": 0, "PJSIP/silent": 0}
    asked = []
    for moment in range(0, 41, 5):
        ami.packets["PJSIP/loud"] += 250
        liveness.look(["PJSIP/loud", "PJSIP/silent", "PJSIP/gone", "Local/1"], 1000.0 + moment)
        asked += [(moment, action["Channel"]) for action in ami.actions]
        ami.actions.clear()
    assert asked == [(POLL_INTERVAL_S, "PJSIP/silent"), (POLL_INTERVAL_S + ASK_INTERVAL_S, "PJSIP/silent")]
