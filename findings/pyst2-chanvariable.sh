#!/bin/bash
# pyst2's manager cannot read an AMI event that carries a channel variable.
#
# Packages: pyst2 0.5.1 (six 1.17.0), Python 3.11.
# Expected: an event with `ChanVariable` lines (Asterisk adds them when manager.conf has `channelvars`) becomes a
#   message with a header `ChanVariable`, a dictionary: the code that makes it stands in the package.
# Instead: that code calls `dict.has_key`, which Python 3 does not have, and AttributeError is raised. In a Manager it is
#   raised in the thread that hands events out, where nothing catches it.
# What it means: do not set `channelvars` for a client of pyst2, or use another client. Events without the line pass, so
#   the fault comes with a setting of Asterisk and not with a change of the program.
#
# Seen:
#   without ChanVariable: {'Event': 'Hangup', 'Channel': 'Local/1@a-1;1'}
#   with ChanVariable: "'dict' object has no attribute 'has_key'"

. "$(dirname "$0")/common.inc"

python_install pyst2==0.5.1 six==1.17.0

python - << 'END'
from asterisk.manager import ManagerMsg
from expect import expect

HANGUP = ["Event: Hangup\r\n", "Channel: Local/1@a-1;1\r\n"]


def read(lines: list[str]) -> object:
    try:
        return ManagerMsg(lines).headers
    except AttributeError as error:
        return str(error)


expect("without ChanVariable", read(HANGUP), {"Event": "Hangup", "Channel": "Local/1@a-1;1"})
expect("with ChanVariable", read([*HANGUP, "ChanVariable: CALLER=101\r\n"]), "'dict' object has no attribute 'has_key'")
END
