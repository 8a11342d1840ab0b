#!/bin/bash
# ConfBridge reports a recording as started although its file cannot be opened.
#
# Packages: Asterisk 22.10.1 (Debian 14).
# Expected: AMI's `ConfbridgeStartRecord` answers "Error" for a file below a path that is no directory; at least the
#   event ConfbridgeRecord does not come.
# Instead: "Conference Recording Started." and the event, as for a good file. `ConfbridgeListRooms` has no line on it.
#   Only Asterisk's log holds an error. A stop is answered by "Success" as well.
# What it means: start, event and stop say nothing about a file. Watch the file itself grow before people are told that
#   they are recorded. Its name is another one than was asked for, too: a time stamp is added to it.
#
# Seen: response, message, event; then the file
#   start in a directory: ('Success', 'Conference Recording Started.', 'ConfbridgeRecord')
#   stop: ('Success', 'Conference Recording Stopped.', 'ConfbridgeStopRecord')
#   file with a time stamp, file asked for: (True, False)
#   start below a file: ('Success', 'Conference Recording Started.', 'ConfbridgeRecord')
#   stop: ('Success', 'Conference Recording Stopped.', 'ConfbridgeStopRecord')
#   an error in the log: True

. "$(dirname "$0")/common.inc"
. "$beside/asterisk.inc"

asterisk_install
config confbridge.conf <<< '[general]'
config extensions.conf << 'END'
[caller]
exten => stay,1,Answer()
 same => n,Wait(60)
END
asterisk_start

inside python3 - "$tree" << 'END'
import re
import sys
from pathlib import Path

from ami import Ami
from expect import expect, wait_until

tree = Path(sys.argv[1])
ami = Ami()
ami.ask("Originate", Channel="Local/stay@caller", Application="ConfBridge", Data="talk", Async="true")
ami.wait_for("ConfbridgeJoin")


def told(action: str, event: str, **headers: str) -> tuple[object, ...]:
    answer = ami.ask(action, Conference="talk", **headers)
    return answer["Response"], answer["Message"], ami.wait_for(event)["Event"]


STARTED = "Success", "Conference Recording Started.", "ConfbridgeRecord"
STOPPED = "Success", "Conference Recording Stopped.", "ConfbridgeStopRecord"
seen = told("ConfbridgeStartRecord", "ConfbridgeRecord", RecordFile="/var/spool/good.wav")
expect("start in a directory", seen, STARTED)
expect("stop", told("ConfbridgeStopRecord", "ConfbridgeStopRecord"), STOPPED)
spool = tree / "var/spool"
seen = wait_until(lambda: any(spool.glob("good-*.wav"))), (spool / "good.wav").exists()
expect("file with a time stamp, file asked for", seen, (True, False))

seen = told("ConfbridgeStartRecord", "ConfbridgeRecord", RecordFile="/etc/hosts/bad.wav")
expect("start below a file", seen, STARTED)
expect("stop", told("ConfbridgeStopRecord", "ConfbridgeStopRecord"), STOPPED)
log = tree / "var/log/asterisk/full"
seen = wait_until(lambda: re.search("ERROR.*Cannot open /etc/hosts/bad-", log.read_text()))
expect("an error in the log", seen, True)
END
