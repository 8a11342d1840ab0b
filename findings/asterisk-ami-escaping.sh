#!/bin/bash
# In one AMI event some lines are escaped as in C and others are not: O'Hara arrives as O\'Hara, or as it is.
#
# Packages: Asterisk 22.10.1 (Debian 14).
# Expected: a name has one form in AMI, whichever line carries it.
# Instead: lines that describe a channel (CallerIDName, ConnectedLineName, ChanVariable ...) have a backslash before
#   quotes, apostrophes, question marks and backslashes. What the dialplan adds to the same event (UserEvent), and the
#   answer to Getvar for the same variable, have none. Nothing in the protocol tells the two kinds apart.
# What it means: a client unescapes the lines of the first kind only. Names with an apostrophe show whether it does.
#   A variable that went through URIENCODE is no way out: URIENCODE leaves the apostrophe as it is.
#
# Seen: the name is Ann O'Hara?
#   CallerIDName in the event: "Ann O\\'Hara\\?"
#   ChanVariable in the event: "NAME=Ann O\\'Hara\\?"
#   line of UserEvent in the event: "Ann O'Hara?"
#   answer to Getvar: "Ann O'Hara?"
#   URIENCODE of it: "Ann%20O'Hara%3F"

. "$(dirname "$0")/common.inc"
. "$beside/asterisk.inc"

asterisk_install
sed -i 's/^bindaddr.*/&\nchannelvars = NAME/' "$tree/etc/asterisk/manager.conf"
config extensions.conf << 'END'
[caller]
exten => name,1,Answer()
 same => n,Set(NAME=Ann O'Hara?)
 same => n,Set(CALLERID(name)=${NAME})
 same => n,UserEvent(Named,Given: ${NAME},Encoded: ${URIENCODE(${NAME})})
 same => n,Wait(60)
END
asterisk_start

inside python3 - << 'END'
from ami import Ami
from expect import expect

ami = Ami()
ami.ask("Originate", Channel="Local/name@caller", Application="Wait", Data="60", Async="true")
event = ami.wait_for("UserEvent", UserEvent="Named")
expect("CallerIDName in the event", event["CallerIDName"], "Ann O\\'Hara\\?")
expect("ChanVariable in the event", event["ChanVariable"], "NAME=Ann O\\'Hara\\?")
expect("line of UserEvent in the event", event["Given"], "Ann O'Hara?")
answer = ami.ask("Getvar", Channel=event["Channel"], Variable="NAME")
expect("answer to Getvar", answer["Value"], "Ann O'Hara?")
expect("URIENCODE of it", event["Encoded"], "Ann%20O'Hara%3F")
END
