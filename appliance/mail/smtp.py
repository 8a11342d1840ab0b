"""Sends mails to the mail server (RFC 5321): one session for all that are due."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Any

from appliance.errors import (
    ConnectionLostError,
    MailTooLargeError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from appliance.mail.message import mailbox, with_sender
from appliance.models import MailProblem, MailServer

TIMEOUT_S = 30.0
"""Seconds for each answer of the server."""
DATA_FACTOR = 10
"""The timeout after DATA is this many times the normal one. Servers scan a message before they answer, and a
client that gives up earlier sends it twice (RFC 5321, 4.5.3.2.6, asks for ten minutes)."""
PIECE = 65_536
"""Bytes that must be sent within that time; a whole mail may take as long as the line needs."""
LOGIN_WANTED = 530
"""Code (RFC 4954) of a server that wants a login first, whatever it was asked."""
_TOO_LARGE = re.compile(r"\b5\.(3\.4|2\.3)\b")
"""Enhanced codes (RFC 3463) of a mail that is too large for the server or the mailbox."""


class _Client(smtplib.SMTP):
    """Sends in pieces: a socket's timeout is for all that one call sends."""

    def send(self, s: Any) -> None:
        for start in range(0, len(s), PIECE):
            super().send(s[start : start + PIECE])


class _EncryptedClient(_Client, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class Session:
    """A session with the mail server, logged in; ConnectionLostError if it cannot be opened."""

    def __init__(
        self, server: MailServer, patience: float = TIMEOUT_S, context: ssl.SSLContext | None = None
    ) -> None:
        """`context` says which certificates are trusted, None for those that the system trusts."""
        self._sender = server.sender
        self._patience = patience
        where = f"{server.host}:{server.port}"
        try:
            self._client = _connect(server, patience, context)
        except smtplib.SMTPAuthenticationError as error:
            raise ConnectionLostError(f"{where}: {_reason(error)}", MailProblem.LOGIN) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ConnectionLostError(f"{where}: {_reason(error)}", _problem(error)) from error

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self._client.quit()
        self._client.close()

    def send(self, address: str, raw: bytes) -> None:
        """Send one mail, without its sender, to one address. The server has accepted it when this returns."""
        try:
            self._send(mailbox(address).addr_spec, with_sender(raw, self._sender))
        except (TemporaryDeliveryError, PermanentDeliveryError):
            with suppress(smtplib.SMTPException, OSError):
                self._client.rset()
            raise
        except (smtplib.SMTPException, OSError) as error:
            raise ConnectionLostError(_reason(error)) from error

    def _send(self, to: str, raw: bytes) -> None:
        features = self._client.esmtp_features
        largest = features.get("size", "")
        if largest.isdigit() and 0 < int(largest) < len(raw):
            raise MailTooLargeError(f"{len(raw)} > {largest}", MailProblem.TOO_LARGE)
        options = [f"SIZE={len(raw)}"] if "size" in features else []
        if not to.isascii():
            if "smtputf8" not in features:
                raise PermanentDeliveryError(problem=MailProblem.ASCII_ONLY)
            options += ["BODY=8BITMIME", "SMTPUTF8"]
        # A refused sender is a wrong setting, which somebody will correct: the mail waits.
        _check(self._client.mail(self._sender, options), for_good=False)
        _check(self._client.rcpt(to))
        _check(self._data(raw))

    def _data(self, raw: bytes) -> tuple[int, bytes]:
        connection: socket.socket = self._client.sock  # type: ignore[assignment]
        connection.settimeout(self._patience * DATA_FACTOR)
        try:
            return self._client.data(raw)
        except smtplib.SMTPDataError as error:
            return error.smtp_code, _bytes(error.smtp_error)
        finally:
            with suppress(OSError):  # It may be closed.
                connection.settimeout(self._patience)


def _connect(server: MailServer, patience: float, context: ssl.SSLContext | None) -> smtplib.SMTP:
    hello = server.sender.rpartition("@")[2]
    if context is None and server.security != "none":
        context = ssl.create_default_context()
    client: smtplib.SMTP
    if server.security == "tls":
        client = _EncryptedClient(server.host, server.port, hello, timeout=patience, context=context)
    else:
        client = _Client(server.host, server.port, hello, timeout=patience)
    try:
        if server.security == "starttls":
            client.starttls(context=context)
        client.ehlo_or_helo_if_needed()
        if server.username:
            client.login(server.username, server.password)
    except BaseException:
        client.close()
        raise
    return client


def _check(answer: tuple[int, bytes], for_good: bool = True) -> None:
    """Raise what a refusal means; `for_good` says whether one with 5xx is about this mail."""
    code, text = answer
    if 200 <= code < 300:
        return
    reason = f"{code} {text.decode(errors='replace')}"
    if code in (-1, 421):
        raise ConnectionLostError(reason)
    if code == 552 or _TOO_LARGE.search(reason):
        raise MailTooLargeError(reason)
    if code >= 500 and code != LOGIN_WANTED and for_good:
        raise PermanentDeliveryError(reason)
    raise TemporaryDeliveryError(reason)


def _problem(error: Exception) -> MailProblem:
    """Return why no session with the server could be opened."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailProblem.CERTIFICATE
    return MailProblem.UNREACHABLE


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_bytes(error.smtp_error).decode(errors='replace')}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
