#!/bin/bash
# Keys that a caller presses while an AGI script thinks are lost, by the script's own next GET DATA too.
#
# Packages: Asterisk 22.10.1 (Debian 14).
# Expected: a PIN that is typed ahead, as by a phone's speed dial, waits in a buffer until a script asks for it.
# Instead: a channel has no such buffer. What is pressed before GET DATA is read and dropped: by AGI while it waits for
#   the script's next command, by Wait() likewise. How much is lost depends on how long the script takes, for example
#   for its database.
# What it means: collect the digits in the dialplan (Read) as the first thing after Answer, and run the script on what
#   was collected. A test with a fast script and one caller does not show it.
#
# Seen: 1234 is pressed within 0.8 s of the answer
#   GET DATA sent at once: '1234'
#   GET DATA sent 1.5 s later: ''
#   GET DATA after EXEC Wait 1.5: ''
#   Read(), then AGI: '1234'

. "$(dirname "$0")/common.inc"
. "$beside/asterisk.inc"

asterisk_install
config extensions.conf << 'END'
[caller]
exten => script,1,Answer()
 same => n,AGI(agi://127.0.0.1/)
exten => read,1,Answer()
 same => n,Read(DIGITS,,4,,1,2)
 same => n,Wait(1.5)
 same => n,AGI(agi://127.0.0.1/)
exten => press,1,Answer()
 same => n,SendDTMF(1234)
 same => n,Wait(60)
END
asterisk_start

inside python3 - << 'END'
import socket
import time

from ami import Ami
from expect import expect

ami = Ami()
server = socket.create_server(("127.0.0.1", 4573))


def result(exten: str, *commands: str, pause_s: float = 0) -> str:
    """Serve one AGI request of a caller who presses 1234; return the result of the last command."""
    ami.ask("Originate", Channel=f"Local/{exten}@caller/n", Context="caller", Exten="press", Priority="1", Async="true")
    connection, _ = server.accept()
    with connection, connection.makefile("rw", newline="\n") as asterisk:
        while asterisk.readline().strip():
            pass
        time.sleep(pause_s)
        for command in commands:
            asterisk.write(f"{command}\n")
            asterisk.flush()
            answer = asterisk.readline().strip()
    return answer.removeprefix("200 result=").removesuffix(" (timeout)")


GET = "GET DATA silence/1 2000 4"
expect("GET DATA sent at once", result("script", GET), "1234")
expect("GET DATA sent 1.5 s later", result("script", GET, pause_s=1.5), "")
expect("GET DATA after EXEC Wait 1.5", result("script", "EXEC Wait 1.5", GET), "")
expect("Read(), then AGI", result("read", "GET VARIABLE DIGITS"), "1 (1234)")
END
