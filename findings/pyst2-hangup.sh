#!/bin/bash
# A hang-up reaches a pyst2 script as AGIAppError, ValueError or AGIUnknownError, and shifts the answers by one.
#
# Packages: Asterisk 22.10.1 (Debian 14), pyst2 0.5.1 (six 1.17.0), Python 3.11.
# Expected: when the caller hangs up, the next command raises AGIHangup, the exception that the package has for it.
# Instead: over FastAGI a hang-up has three forms, and none of them raises it. A command that runs returns -1:
#   AGIAppError. Between commands Asterisk sends a line `HANGUP`, which is taken for the answer to the next command:
#   ValueError, from int(""). A script that catches it and goes on gets with each command the answer to the one before.
#   A command that needs a caller is refused (511): AGIUnknownError.
# What it means: treat each of the three as a hang-up, and use the connection for nothing more after the first. A script
#   with `except AGIHangup` around it, ends with a traceback.
#
# Seen: result or exception, and whether that is an AGIHangup
#   hang-up while a command runs: ('AGIAppError', False)
#   Asterisk sends between commands: b'HANGUP\n'
#   GET VARIABLE FIRST, next: ('ValueError', False)
#   GET VARIABLE SECOND, next: 'value of FIRST'
#   ANSWER, in a new call: ('AGIUnknownError', False)

. "$(dirname "$0")/common.inc"
. "$beside/asterisk.inc"

asterisk_install
python_install pyst2==0.5.1 six==1.17.0
config extensions.conf << 'END'
[caller]
exten => script,1,Answer()
 same => n,Set(FIRST=value of FIRST)
 same => n,Set(SECOND=value of SECOND)
 same => n,AGI(agi://127.0.0.1/)
exten => stays,1,Answer()
 same => n,Wait(60)
exten => leaves,1,Answer()
 same => n,Wait(1.5)
END
asterisk_start

inside "$work/venv/bin/python" - << 'END'
import io
import socket
from collections.abc import Callable

from ami import Ami
from asterisk.agi import AGI, AGIHangup
from expect import expect

ami = Ami()
server = socket.create_server(("127.0.0.1", 4573))


class Call:
    """A call that runs a script of ours, by pyst2."""

    def __init__(self, caller: str) -> None:
        ami.ask("Originate", Channel="Local/script@caller/n", Context="caller", Exten=caller, Priority="1", Async="true")
        self.connection, _ = server.accept()
        stream = self.connection.makefile("rw", newline="\n")
        self.agi = AGI(stream, stream, io.StringIO())
        self.channel = self.agi.env["agi_channel"]

    def hang_up(self) -> None:
        ami.ask("Hangup", Channel=self.channel)


def outcome(command: Callable[[], object]) -> object:
    try:
        return command()
    except Exception as error:
        return type(error).__name__, isinstance(error, AGIHangup)


call = Call("leaves")
expect("hang-up while a command runs", outcome(lambda: call.agi.wait_for_digit(20000)), ("AGIAppError", False))

call = Call("stays")
call.hang_up()
expect("Asterisk sends between commands", call.connection.recv(20, socket.MSG_PEEK), b"HANGUP\n")
expect("GET VARIABLE FIRST, next", outcome(lambda: call.agi.get_variable("FIRST")), ("ValueError", False))
expect("GET VARIABLE SECOND, next", outcome(lambda: call.agi.get_variable("SECOND")), "value of FIRST")

call = Call("stays")
call.hang_up()
call.connection.recv(len(b"HANGUP\n"))
expect("ANSWER, in a new call", outcome(call.agi.answer), ("AGIUnknownError", False))
END
