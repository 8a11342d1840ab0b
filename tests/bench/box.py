"""The box that is measured: commands in it, what its Asterisk uses, what it is told for a measurement."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.system.ami import Ami, Message
from tests.bench.namespaces import in_network_of
from tests.bench.sipp import Account

TICKS = os.sysconf("SC_CLK_TCK")
BARE = "88"
"""Numbers that begin with it and have four digits more lead to a bare ConfBridge of that name."""


class BenchError(Exception):
    """A measurement cannot be made; the message says why."""


@dataclass(frozen=True)
class Box:
    """A running box; `demo` is what demo.json says of it."""

    demo: dict[str, Any]
    root: Path

    @classmethod
    def load(cls, path: Path) -> Box:
        demo = json.loads(path.read_text())
        return cls(demo, Path(demo["root"]))

    def run(self, argv: Sequence[str], stdin: str = "", within: float = 120) -> str:
        """Run a command in the box as root and return what it printed; BenchError if it fails."""
        done = subprocess.run(
            [*self.demo["run"]["cli"], *argv], input=stdin, capture_output=True, text=True, timeout=within
        )
        if done.returncode != 0:
            raise BenchError(f"{' '.join(argv[:6])}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def asterisk(self, line: str) -> str:
        """Run a command line of Asterisk's console."""
        return self.run(["asterisk", "-rx", line])

    def trunk(self) -> Account:
        """The outside line."""
        return self._account(self.demo["trunk"])

    def phone(self, extension: str) -> Account:
        """A phone of the demo customer."""
        return self._account(next(phone for phone in self.demo["phones"] if phone["extension"] == extension))

    def _account(self, who: dict[str, str]) -> Account:
        sip = self.demo["sip"]
        return Account(sip["host"], sip["port"], self.demo["host_address"], who["username"], who["password"])

    def process(self, unit: str) -> int:
        """Process id of a unit's main process, as seen from here."""
        inner = self.run(["systemctl", "show", "--property=MainPID", "--value", unit]).strip()
        init = self.demo["container"]["pid"]
        space = os.readlink(f"/proc/{init}/ns/pid")
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and os.readlink(entry / "ns/pid") == space:
                    status = (entry / "status").read_text()
                    if re.search(rf"^NSpid:.*\t{inner}$", status, re.MULTILINE):
                        return int(entry.name)
        raise BenchError(f"{unit} does not run")

    @contextlib.contextmanager
    def ami(self, on_event: Callable[[Message], None] | None = None) -> Iterator[Ami]:
        """Connect to Asterisk's manager, from within the box's network."""
        secret = (self.root / "etc/pont/secrets/ami").read_text().strip()
        ami = Ami("127.0.0.1", 5038, "pont", secret, on_event, timeout=30)
        in_network_of(self.demo["container"]["pid"], ami.__enter__)
        with contextlib.closing(ami):
            yield ami

    def add_bare_conferences(self) -> None:
        """Let 88XXXX from trunk and phones lead to a bare ConfBridge; gone when Asterisk restarts."""
        for context in ("from-trunk", "from-phone"):
            steps = ("1,Answer", f"2,ConfBridge({'${EXTEN}'})", "3,Hangup")
            for step in steps:
                self.asterisk(f"dialplan add extension _{BARE}XXXX,{step} into {context} replace")

    def channels(self, application: str = "") -> int:
        """Calls of phones and trunk that are up, or those of them that are in this application just now."""
        lines = self.asterisk("core show channels concise").splitlines()
        fields = [line.split("!") for line in lines if line.startswith("PJSIP/")]
        return sum(1 for values in fields if values[4] == "Up" and application in ("", values[5]))

    def hang_up_all(self) -> None:
        """End every call, and wait until none is left (20 s at most)."""
        self.asterisk("channel request hangup all")
        wait_until(
            lambda: not self.asterisk("core show channels concise").strip(), 20, "the end of all calls"
        )

    @property
    def limit(self) -> int:
        """Calls that the box admits at once (pont.toml)."""
        limit: int = tomllib.loads((self.root / "etc/pont/pont.toml").read_text())["admission_limit"]
        return limit

    @contextlib.contextmanager
    def admitting(self, limit: int) -> Iterator[None]:
        """Admit so many calls for a while."""
        before = self.limit
        try:
            self._set_limit(limit)
            yield
        finally:
            self._set_limit(before)

    def _set_limit(self, limit: int) -> None:
        path = self.root / "etc/pont/pont.toml"
        text = re.sub(r"(?m)^admission_limit *=.*$", f"admission_limit = {limit}", path.read_text())
        path.write_text(text)  # in place: owner and mode stay
        self.run(["systemctl", "restart", "pont-agi"])
        self.run(["sh", "-c", "until ss -Hltn | grep -q :4573; do sleep 0.05; done"], within=15)


@dataclass(frozen=True)
class Usage:
    """Asterisk's CPU time from one moment to another."""

    pid: int
    ticks: int
    at: float

    @classmethod
    def now(cls, pid: int) -> Usage:
        values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return cls(pid, int(values[11]) + int(values[12]), time.monotonic())  # utime, stime: proc(5)

    def since(self) -> float:
        """Share of one core used since then, in %."""
        later = Usage.now(self.pid)
        return 100 * (later.ticks - self.ticks) / TICKS / (later.at - self.at)


def memory(pid: int) -> float:
    """Resident memory of a process, MB (10^6 bytes)."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024 / 1e6


def wait_until(condition: Callable[[], bool], seconds: float, what: str, every: float = 0.2) -> None:
    """Wait for a state; BenchError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise BenchError(f"waited {seconds:.0f} s for {what}")
        threading.Event().wait(every)
