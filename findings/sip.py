"""A small SIP phone: it sends requests over UDP on the loopback and returns the answers."""

import socket
import time
import uuid

ASTERISK = ("127.0.0.1", 5060)


def sdp(*streams: str) -> str:
    """Return a session description with these `m=` lines (and the `a=` lines below them)."""
    head = ("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0")
    return "".join(f"{line}\r\n" for line in (*head, *streams))


class Phone:
    """One call: `request` sends and waits for the final answer, which is None if there was none."""

    def __init__(self, called: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._port = self._socket.getsockname()[1]
        self._id, self._cseq, self._to = uuid.uuid4().hex, 0, f"<sip:{called}@127.0.0.1>"
        self._target = f"sip:{called}@127.0.0.1"
        self.allow: list[str] = []  # methods in the Allow of the last answer that has one

    def request(
        self, method: str, body: str = "", kind: str = "application/sdp", wait_s: float = 3, **headers: str
    ) -> int | None:
        """Send a request in the call (the first INVITE makes it) and return the status code of the answer."""
        self._cseq += method != "ACK"
        branch = f"z9hG4bK{uuid.uuid4().hex}"
        text = self._text(method, branch, body, kind, headers)
        answer = self._exchange(text, method, wait_s)
        if method == "INVITE" and answer is not None:
            status, self._to, contact = answer
            self._target = contact or self._target
            # The ACK of a refusal belongs to the INVITE's transaction, that of a 2xx does not.
            branch = branch if status >= 300 else f"z9hG4bK{uuid.uuid4().hex}"
            self._socket.sendto(self._text("ACK", branch, "", kind, {}).encode(), ASTERISK)
        return answer[0] if answer else None

    def _text(self, method: str, branch: str, body: str, kind: str, headers: dict[str, str]) -> str:
        lines = [
            f"{method} {self._target} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self._port};branch={branch};rport",
            "Max-Forwards: 70",
            f"From: <sip:phone@127.0.0.1>;tag={self._id[:8]}",
            f"To: {self._to}",
            f"Call-ID: {self._id}",
            f"CSeq: {self._cseq} {method}",
            f"Contact: <sip:phone@127.0.0.1:{self._port}>",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
            *([f"Content-Type: {kind}"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", body])

    def _exchange(self, text: str, method: str, wait_s: float) -> tuple[int, str, str] | None:
        """Send; return status, To and Contact of the final answer."""
        self._socket.sendto(text.encode(), ASTERISK)
        end = time.monotonic() + wait_s
        while (left := end - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                lines = self._socket.recv(65535).decode().split("\r\n")
            except TimeoutError:
                break
            fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            if not lines[0].startswith("SIP/2.0 ") or fields["CSeq"] != f"{self._cseq} {method}":
                continue
            if (status := int(lines[0].split()[1])) >= 200:
                self.allow = fields["Allow"].split(", ") if "Allow" in fields else self.allow
                contact = fields.get("Contact", "").partition("<")[2].partition(">")[0]
                return status, fields["To"], contact
        return None
