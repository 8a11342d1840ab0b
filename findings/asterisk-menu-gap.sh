#!/bin/bash
# How long a caller may take between the two keys of a ConfBridge menu is a setting of call transfers.
#
# Packages: Asterisk 22.10.1 (Debian 14).
# Expected: the time between `*` and `1` of a menu entry `*1` is set in confbridge.conf, or by TIMEOUT(digit), as it is
#   for the dialplan's own applications.
# Instead: confbridge.conf has no setting for it, and TIMEOUT(digit) has no effect. It is `featuredigittimeout` of
#   features.conf, which sets the gap for transfers and parking, in milliseconds, 1000 as it comes. After it the
#   keys so far are dropped without a sound.
# What it means: people who look at the keys between the two presses fail now and then. Set featuredigittimeout to 3000
#   or so wherever a menu has entries of two keys.
#
# Seen: 1.5 s between `*` and `1`
#   as it comes, TIMEOUT(digit)=5: 'not recognised'
#   featuredigittimeout = 3000: 'recognised'

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
*1 = dialplan_exec(code,s,1)
0 = leave_conference
END
config extensions.conf << 'END'
[caller]
exten => talk,1,Answer()
 same => n,Set(TIMEOUT(digit)=5)
 same => n,ConfBridge(talk,,person,keys)
 same => n,UserEvent(Menu,Said: not recognised)
exten => press,1,Answer()
 same => n,Wait(0.5)
 same => n,SendDTMF(*)
 same => n,Wait(1.5)
 same => n,SendDTMF(1)
 same => n,Wait(2)
 same => n,SendDTMF(0)
 same => n,Wait(60)
[code]
exten => s,1,UserEvent(Menu,Said: recognised)
END

try() { # WHAT WANTED
  asterisk_start
  inside python3 - "$@" << 'END'
import sys

from ami import Ami
from expect import expect

ami = Ami()
ami.ask("Originate", Channel="Local/talk@caller/n", Context="caller", Exten="press", Priority="1", Async="true")
expect(sys.argv[1], ami.wait_for("UserEvent", UserEvent="Menu")["Said"], sys.argv[2])
END
  asterisk_stop
}

try 'as it comes, TIMEOUT(digit)=5' 'not recognised'
config features.conf <<< $'[general]\nfeaturedigittimeout = 3000'
try 'featuredigittimeout = 3000' 'recognised'
