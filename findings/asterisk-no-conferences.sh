#!/bin/bash
# AMI lists zero channels, but refuses to list zero conferences.
#
# Packages: Asterisk 22.10.1 (Debian 14).
# Expected: `ConfbridgeListRooms` behaves as `CoreShowChannels` and `BridgeList`: "Success", the rows, then a Complete
#   event, whose `ListItems` is 0 if there is none.
# Instead: without a conference the answer is "Error", with no event after it. `ConfbridgeList` for one conference says
#   "No active conferences." too, and another sentence once there is any conference. Only the text differs from
#   other errors, such as that of an account without the right.
# What it means: a client that waits for the Complete event waits until its own timeout. A client that takes each
#   error for an empty list believes that all conferences ended, as soon as its account loses a right. Compare the text.
#
# Seen:
#   CoreShowChannels: ('Success', 'Channels will follow', '0')
#   BridgeList: ('Success', 'Bridge listing will follow', '0')
#   ConfbridgeListRooms: ('Error', 'No active conferences.', None)
#   ConfbridgeList of "a": ('Error', 'No active conferences.', None)
#   ConfbridgeList of "a", while "b" runs: ('Error', 'No Conference by that name found.', None)
#   ConfbridgeListRooms, by an account without the right: ('Error', 'Permission denied', None)

. "$(dirname "$0")/common.inc"
. "$beside/asterisk.inc"

asterisk_install
cat >> "$tree/etc/asterisk/manager.conf" << 'END'
[reader]
secret = finding
read = call
write = call
END
config confbridge.conf <<< '[general]'
config extensions.conf << 'END'
[caller]
exten => stay,1,Answer()
 same => n,Wait(60)
END
asterisk_start

inside python3 - << 'END'
from ami import Ami
from expect import expect


def listed(ami: Ami, action: str, **headers: str) -> tuple[object, object, object]:
    answer = ami.ask(action, **headers)
    items = None
    if answer["Response"] == "Success":
        items = ami.wait_for(f"{action}Complete")["ListItems"]
    return answer["Response"], answer["Message"], items


ami = Ami()
expect("CoreShowChannels", listed(ami, "CoreShowChannels"), ("Success", "Channels will follow", "0"))
expect("BridgeList", listed(ami, "BridgeList"), ("Success", "Bridge listing will follow", "0"))
EMPTY = "Error", "No active conferences.", None
expect("ConfbridgeListRooms", listed(ami, "ConfbridgeListRooms"), EMPTY)
expect('ConfbridgeList of "a"', listed(ami, "ConfbridgeList", Conference="a"), EMPTY)
ami.ask("Originate", Channel="Local/stay@caller", Application="ConfBridge", Data="b", Async="true")
ami.wait_for("ConfbridgeJoin")
seen = listed(ami, "ConfbridgeList", Conference="a")
expect('ConfbridgeList of "a", while "b" runs', seen, ("Error", "No Conference by that name found.", None))
seen = listed(Ami("reader"), "ConfbridgeListRooms")
expect("ConfbridgeListRooms, by an account without the right", seen, ("Error", "Permission denied", None))
END
