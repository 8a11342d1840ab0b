#!/bin/bash
# While a menu key runs dialplan for a participant, neither a kick nor a redirect takes them out of the conference.
#
# Packages: Asterisk 22.10.1 (Debian 14).
# Expected: `ConfbridgeKick` removes the participant, and `Redirect` leads their channel elsewhere, as at all other times.
# Instead: during a `dialplan_exec` of the menu the kick is answered by "User kicked", and has its effect when that
#   dialplan ends; they are in the list of participants until then. The redirect is answered by "Redirect successful"
#   and its dialplan runs, but as a part of the dialplan_exec: when it ends, they are back in the conference.
# What it means: wait for ConfbridgeLeave, not for the answers. Limit each dialplan_exec in time. Let the dialplan that a
#   redirect leads to end with Hangup(): that takes them out.
#
# Seen: the dialplan of the key takes 4 s, that of the redirect 1 s. Participants 3 s after the kick, and once all is
#   over; 5 s after the redirect
#   kick: ('User kicked', '0 participants', '0 participants')
#   kick during the dialplan: ('User kicked', '1 participants', '0 participants')
#   redirect: ('Redirect successful', '0 participants')
#   redirect during the dialplan: ('Redirect successful', '1 participants')
#   redirect during the dialplan, to one that hangs up: ('Redirect successful', '0 participants')

. "$(dirname "$0")/common.inc"
. "$beside/asterisk.inc"

asterisk_install
config confbridge.conf << 'END'
[general]
[person]
type = user
quiet = yes
[keys]
type = menu
5 = dialplan_exec(code,s,1)
END
config extensions.conf << 'END'
[caller]
exten => talk,1,Answer()
 same => n,ConfBridge(${ROOM},,person,keys)
exten => press,1,Answer()
 same => n,Wait(0.5)
 same => n,SendDTMF(5)
 same => n,Wait(60)
exten => stay,1,Answer()
 same => n,Wait(60)
[code]
exten => s,1,UserEvent(Code)
 same => n,Wait(4)
[elsewhere]
exten => returns,1,UserEvent(Elsewhere)
 same => n,Wait(1)
exten => ends,1,UserEvent(Elsewhere)
 same => n,Wait(1)
 same => n,Hangup()
END
asterisk_start

inside python3 - << 'END'
import itertools
import time

from ami import Ami
from expect import expect, wait_until

ami = Ami()
rooms = (f"room{number}" for number in itertools.count())


def join(*, dialplan: bool) -> tuple[str, str]:
    """Let somebody join a new conference, alone; with `dialplan` they press 5. Return conference and channel."""
    room = next(rooms)
    ami.ask("Originate", Channel="Local/talk@caller/n", Variable=f"ROOM={room}", Context="caller",
            Exten="press" if dialplan else "stay", Priority="1", Async="true")
    channel = ami.wait_for("ConfbridgeJoin", Conference=room)["Channel"]
    if dialplan:
        ami.wait_for("UserEvent", UserEvent="Code", Channel=channel)
    return room, str(channel)


def participants(room: str) -> str:
    listed = ami.ask("ConfbridgeList", Conference=room)["Response"] == "Success"
    return f"{ami.wait_for('ConfbridgeListComplete')['ListItems'] if listed else 0} participants"


def kick(*, dialplan: bool) -> tuple[str, str, str]:
    """Return what the answer said, the participants 3 s later, and those when the dialplan is over."""
    room, channel = join(dialplan=dialplan)
    message = ami.ask("ConfbridgeKick", Conference=room, Channel=channel)["Message"]
    time.sleep(3)
    seen = participants(room)
    wait_until(lambda: participants(room) == "0 participants")
    return message, seen, participants(room)


def redirect(exten: str, *, dialplan: bool) -> tuple[str, str]:
    room, channel = join(dialplan=dialplan)
    message = ami.ask("Redirect", Channel=channel, Context="elsewhere", Exten=exten, Priority="1")["Message"]
    ami.wait_for("UserEvent", UserEvent="Elsewhere", Channel=channel)
    time.sleep(5)
    return message, participants(room)


def outcome(message: str, number: int) -> tuple[str, str]:
    return message, f"{number} participants"


GONE = "0 participants"
expect("kick", kick(dialplan=False), (*outcome("User kicked", 0), GONE))
expect("kick during the dialplan", kick(dialplan=True), (*outcome("User kicked", 1), GONE))

DONE = "Redirect successful"
expect("redirect", redirect("returns", dialplan=False), outcome(DONE, 0))
expect("redirect during the dialplan", redirect("returns", dialplan=True), outcome(DONE, 1))
expect("redirect during the dialplan, to one that hangs up", redirect("ends", dialplan=True), outcome(DONE, 0))
END
