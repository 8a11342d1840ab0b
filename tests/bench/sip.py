"""SIP as text: what a caller of ours sends and reads in the answers (RFC 3261, digest of RFC 2617). Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """A request (method) or an answer (status); header names in small letters, the first value of each."""

    first: str
    headers: dict[str, str]
    vias: list[str] = field(default_factory=list)
    body: str = ""

    @property
    def status(self) -> int:
        """Of an answer; 0 of a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        """Of the request, or of the one that is answered."""
        return self.headers["cseq"].split()[1]


def parse(datagram: bytes) -> Message:
    """Read one message. ValueError if it is none."""
    head, _, body = datagram.decode(errors="replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers: dict[str, str] = {}
    vias = []
    for line in lines:
        name, _, value = line.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "via":
            vias.append(value)
        headers.setdefault(name, value)
    if "SIP/2.0" not in first or "cseq" not in headers:
        raise ValueError("not SIP")
    return Message(first, headers, vias, body)


def build(first: str, headers: list[tuple[str, str]], body: str = "") -> bytes:
    """Write a message; Content-Length is added."""
    lines = [first, *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def answer(request: Message, status: str = "200 OK", body: str = "") -> bytes:
    """Write the answer to a request within a call."""
    headers = [("Via", via) for via in request.vias]
    headers += [(name.title(), request.headers[name]) for name in ("from", "to", "call-id")]
    headers.append(("CSeq", request.headers["cseq"]))
    if body:
        headers.append(("Content-Type", "application/sdp"))
    return build(f"SIP/2.0 {status}", headers, body)


def offer(address: str, port: int) -> str:
    """SDP: G.711 A-law in packets of 20 ms, both ways, and keys (payload type as in dtmf.py)."""
    return "\r\n".join(
        [
            "v=0",
            f"o=- 1 1 IN IP4 {address}",
            "s=-",
            f"c=IN IP4 {address}",
            "t=0 0",
            f"m=audio {port} RTP/AVP 8 101",
            "a=rtpmap:8 PCMA/8000",
            "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-15",
            "a=ptime:20",
            "a=sendrecv",
            "",
        ]
    )


def media(sdp: str) -> tuple[str, int]:
    """Address and port that the other side wants its sound at. ValueError if it names none."""
    address = re.search(r"^c=IN IP4 (\S+)", sdp, re.MULTILINE)
    port = re.search(r"^m=audio (\d+)", sdp, re.MULTILINE)
    if address is None or port is None:
        raise ValueError("no sound in the answer")
    return address[1], int(port[1])


def address_of(contact: str) -> str:
    """The URI of a Contact header."""
    found = re.search(r"<([^>]+)>", contact)
    return found[1] if found else contact.split(";")[0]


def authorization(challenge: str, method: str, uri: str, username: str, password: str) -> str:
    """Value of the Authorization header that answers a WWW-Authenticate (MD5, qop auth or none)."""
    asked = {name.lower(): value for name, value in re.findall(r'(\w+)="?([^",]+)"?', challenge)}

    def md5(*parts: str) -> str:
        return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()

    secret = md5(username, asked["realm"], password)
    values = {"username": username, "realm": asked["realm"], "nonce": asked["nonce"], "uri": uri}
    if "qop" in asked:
        client = md5(asked["nonce"], uri)[:16]
        response = md5(secret, asked["nonce"], "00000001", client, "auth", md5(method, uri))
        tail = f', qop=auth, nc=00000001, cnonce="{client}"'
    else:
        response, tail = md5(secret, asked["nonce"], md5(method, uri)), ""
    if "opaque" in asked:
        tail += f', opaque="{asked["opaque"]}"'
    quoted = ", ".join(f'{name}="{value}"' for name, value in (values | {"response": response}).items())
    return f"Digest {quoted}, algorithm=MD5{tail}"
