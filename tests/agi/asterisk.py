"""A scripted FastAGI caller: what Asterisk says over TCP for one AGI() of the dialplan."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field

HEADERS = (
    "agi_network: yes\nagi_network_script: {script}\nagi_request: agi://127.0.0.1/{script}\n"
    "agi_channel: PJSIP/trunk-00000001\nagi_language: fr\nagi_uniqueid: 1.1\nagi_callerid: unknown\n\n"
)


@dataclass
class Asterisk:
    """One request. `variables` are the channel's; `said` is every line that the script sent."""

    address: tuple[str, int]
    script: str = "join"
    variables: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def connect(self) -> socket.socket:
        """Open the connection, with a time limit (5 s) on every exchange."""
        return socket.create_connection(self.address, timeout=5)

    def run(self, hang_up_at: int | None = None) -> dict[str, str]:
        """Play a whole request; from command number `hang_up_at` on, answer as after a hang-up.

        Returns the channel's variables once the script has closed the connection.
        """
        with self.connect() as connection:
            stream = connection.makefile("rw", encoding="utf-8", newline="\n")
            stream.write(HEADERS.format(script=self.script))
            stream.flush()
            for number, line in enumerate(stream):
                self.said.append(line.rstrip("\n"))
                gone = hang_up_at is not None and number >= hang_up_at
                stream.write("HANGUP\n" if gone else self._reply(line.rstrip("\n")))
                stream.flush()
        return self.variables

    def _reply(self, line: str) -> str:
        if match := re.fullmatch(r'GET FULL VARIABLE "(.*)"', line):
            value = re.sub(r"\$\{(\w+)\}", lambda name: self.variables.get(name[1], ""), match[1])
            return f"200 result=1 ({value})\n"
        if match := re.fullmatch(r'SET VARIABLE "(\w+)" "(.*)"', line):
            self.variables[match[1]] = match[2].replace('\\"', '"').replace("\\\\", "\\")
            return "200 result=1\n"
        return "510 Invalid or unknown command\n"
