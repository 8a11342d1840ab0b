"""A real SIP phone for tests: a thin hand on a process of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from .call import Call, Status
from .link import Event, Link
from .sounds import Sounds

MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None
"""Where a phone keeps what it hears: a disk that is busy would make it falter."""


class Phone:
    """A phone with an account on host:port. Calls work without registering (digest authentication).

    local_ip: address to send from, None for whatever the system picks.
    number, name: what it shows as its caller ID; the user name when not given.
    codecs: the first is preferred; with G722 among them sound is recorded at 16 kHz, else at 8 kHz.
    session_expires: seconds, to force session timers (RFC 4028); None leaves pjsua2's default.
    """

    def __init__(
        self,
        host: str,
        port: int = 5060,
        username: str = "",
        password: str = "",
        *,
        local_ip: str | None = None,
        number: str | None = None,
        name: str | None = None,
        sounds: Sounds | None = None,
        codecs: Sequence[str] = ("PCMA", "PCMU"),
        session_expires: int | None = None,
        log_level: int = 3,
    ) -> None:
        self.host, self.port, self.name = host, port, username
        self.sounds = sounds or Sounds()
        self.rate = 16000 if any(c.upper().startswith("G722") for c in codecs) else 8000
        self.calls: dict[int, Call] = {}
        self._incoming: list[Call] = []
        self._registration: Event | None = None
        self._number = number or username
        self._name = name
        self.directory = Path(
            tempfile.mkdtemp(prefix="phone-", dir=MEMORY)
        )  # recordings and pjsua.log, until close()
        options = {
            "directory": str(self.directory),
            "local_ip": local_ip,
            "uri": self._caller(None, None),
            "registrar": f"sip:{host}:{port}",
            "username": username,
            "password": password,
            "codecs": list(codecs),
            "session_expires": session_expires,
            "user_agent": "test phone",
            "log_level": log_level,
        }
        try:
            self.link = Link(options, self._event)
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise
        atexit.register(self.close)  # so that of a phone left open nothing stays either

    def _caller(self, number: str | None, name: str | None) -> str:
        shown = self._name if name is None else name
        address = f"<sip:{self._number if number is None else number}@{self.host}>"
        if shown is None:
            return address
        escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" {address}'

    def _event(self, event: Event) -> None:
        """From the process, with its lock held."""
        if event["event"] == "call":
            call = self.calls.get(event["call"])
            if call is None:  # its first events come before the answer to our order
                call = self._new_call(event["call"], "?")
            call.moved(event["state"], Status(event["code"], event["reason"]), event["time"])
        elif event["event"] == "incoming":
            call = self._new_call(event["call"], event["remote"])
            call.state = "incoming"
            self._incoming.append(call)
        elif event["event"] == "registration":
            self._registration = event
        elif event["event"] == "gone":
            for call in self.calls.values():
                if call.state != "ended":
                    call.moved("ended", Status(0, "the phone is gone"), time.monotonic())

    def _new_call(self, number: int, remote: str) -> Call:
        call = self.calls.setdefault(number, Call(self, number, self.directory / f"{number}.wav", remote))
        call.remote = remote
        return call

    def call(
        self,
        number: str,
        *,
        caller_id: str | None = None,
        caller_name: str | None = None,
        from_header: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Call:
        """INVITE; returns at once. Nothing is escaped in number and caller_id: hostile ones pass as they are.

        from_header: the whole value in place of what caller_id and caller_name make. PhoneError when
        pjsua2 itself refuses what it cannot parse. headers: further ones to send.
        """
        caller = from_header
        if caller is None and (caller_id is not None or caller_name is not None):
            caller = self._caller(caller_id, caller_name)
        target = f"sip:{number}@{self.host}:{self.port}"
        begun = time.monotonic()
        call_number = self.link.ask("call", target=target, caller=caller, headers=headers or {})
        with self.link.changed:
            call = self._new_call(call_number, number)
            call.times["begun"] = begun
        return call

    def rings(self, within: float = 5) -> Call:
        """Waits for an incoming call (register first); answer() it or hang_up()."""
        rang = self.link.wait(lambda: bool(self._incoming), within)
        assert rang, f"{self.name} did not ring within {within} s"
        return self._incoming.pop(0)

    def register(self, within: float = 5) -> None:
        """REGISTER, until it is accepted; AssertionError when it is not."""
        self._registration = None
        self.link.ask("register", on=True)
        self.link.wait(lambda: self._registration is not None, within)
        answer = self._registration
        assert answer is not None, f"no answer to the registration of {self.name} within {within} s"
        assert answer["code"] == 200, f"{self.name} is not registered: {answer}"

    def vanish(self) -> None:
        """As if the cable were pulled: SIGKILL, no BYE, no RTP. What was received stays readable."""
        self.link.kill()

    def close(self) -> None:
        """Hangs up what is left and ends the process; recordings are gone after it."""
        atexit.unregister(self.close)
        self.link.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Phone:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
