"""Many callers at once, by sipp: each sends a tone until the box hangs up, or for a time.

Their sound is real RTP; how evenly it arrives is looked at on the legs of tests.bench.callers.
"""

from __future__ import annotations

import csv
import os
import resource
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count as counter
from pathlib import Path
from types import TracebackType
from xml.sax.saxutils import quoteattr

FOREVER = 3_600_000
"""ms: longer than any measurement."""


class SippError(Exception):
    """sipp did not do what it was to do."""


@dataclass(frozen=True)
class Account:
    """Where sipp calls, from where, as whom."""

    host: str
    port: int
    local: str
    username: str
    password: str


def scenario(account: Account, sound: Path, stay: int = FOREVER) -> str:
    """Call [field0] with digest authentication, send `sound`, hang up after `stay` ms unless the box does."""
    dialogue = """
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+336[call_number]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[field0]@[remote_ip]:[remote_port]>{peer}
Call-ID: [call_id]
CSeq: {sequence}
Contact: <sip:bench@[local_ip]:[local_port]>
Max-Forwards: 70
"""
    offer = """Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
a=ptime:20
"""

    def request(line: str, sequence: str, peer: str = "", more: str = "Content-Length: 0\n") -> str:
        return f"<![CDATA[\n{line}{dialogue.format(sequence=sequence, peer=peer)}{more}\n]]>"

    invite = "INVITE sip:[field0]@[remote_ip]:[remote_port] SIP/2.0"
    proof = f"[authentication username={account.username} password={account.password}]\n"
    provisional = "".join(f'<recv response="{code}" optional="true"/>' for code in (100, 180, 183))
    stream = quoteattr(f"{sound},-1,8,PCMA/8000")
    peer = "[peer_tag_param]"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
<send retrans="500">{request(invite, "1 INVITE", more=offer)}</send>
<recv response="100" optional="true"/>
<recv response="401" auth="true"/>
<send>{request(invite.replace("INVITE", "ACK", 1), "1 ACK", peer)}</send>
<send retrans="500">{request(invite, "2 INVITE", more=proof + offer)}</send>
{provisional}
<recv response="200" rrs="true"/>
<send>{request("ACK [next_url] SIP/2.0", "2 ACK", peer)}</send>
<nop><action><exec rtp_stream={stream}/></action></nop>
<recv request="BYE" timeout="{stay}" ontimeout="leave"/>
<send next="end"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<label id="leave"/>
<send retrans="500">{request("BYE [next_url] SIP/2.0", "3 BYE", peer)}</send>
<recv response="200"/>
<label id="end"/>
<nop/>
</scenario>
"""


def count(statistics: str) -> dict[str, int]:
    """Calls that succeeded, failed and were begun, from the last line of sipp's statistics (CSV with `;`)."""
    rows = list(csv.DictReader(statistics.splitlines(), delimiter=";"))
    names = {"succeeded": "SuccessfulCall(C)", "failed": "FailedCall(C)", "begun": "TotalCallCreated"}
    return {ours: int(rows[-1][theirs]) if rows else 0 for ours, theirs in names.items()}


class Sipp:
    """One sipp, in a `with` block: calls `numbers` in turn, `rate` a second; it ends with the block."""

    _ports = counter()

    def __init__(
        self,
        directory: Path,
        account: Account,
        sound: Path,
        numbers: Sequence[str],
        rate: float,
        stay: int = FOREVER,
    ) -> None:
        self._directory = directory
        self._directory.mkdir(parents=True)
        self._account, self._numbers, self._rate = account, numbers, rate
        _private(self._directory / "scenario.xml", scenario(account, sound, stay))
        lines = ["SEQUENTIAL", *(f"{number};" for number in numbers)]
        _private(self._directory / "numbers.csv", "\n".join(lines) + "\n")

    def __enter__(self) -> Sipp:
        here = self._account
        port = next(Sipp._ports)
        argv = [
            "sipp", f"{here.host}:{here.port}", "-sf", "scenario.xml", "-inf", "numbers.csv",
            "-i", here.local, "-p", str(7000 + port),
            "-mi", here.local, "-mp", str(12000 + 2500 * (port % 8)),
            "-m", str(len(self._numbers)), "-l", str(len(self._numbers)), "-r", f"{self._rate:g}",
            "-trace_stat", "-stf", "statistics.csv", "-fd", "1", "-trace_err", "-error_file", "errors.log",
            "-nostdin",
        ]  # fmt: skip
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        with (self._directory / "output").open("w") as output:
            self._process = subprocess.Popen(
                argv, cwd=self._directory, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env=os.environ | {"TERM": "dumb"},
            )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def finish(self, within: float) -> dict[str, int]:
        """Wait `within` s for the end of all calls; counts as in `count`, calls still there as failed."""
        deadline = time.monotonic() + within
        while self._process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        in_time = self._process.poll() is not None
        self._end()
        path = self._directory / "statistics.csv"
        if (in_time and self._process.returncode not in (0, 1)) or not path.exists():
            raise SippError(f"sipp ended with {self._process.returncode}: {self._words()}")
        counts = count(path.read_text())
        return counts | {"failed": len(self._numbers) - counts["succeeded"]}

    def _words(self) -> str:
        path = self._directory / "errors.log"
        return path.read_text(errors="replace")[-600:] if path.exists() else "it gave no error"


def _private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
