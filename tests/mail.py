"""A real mail server on loopback, which does as a test says: takes mails, refuses, falls silent, dies."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Awaitable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from appliance.models import MailServer

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """A mail that came in, whatever was answered."""

    to: str
    sender: str
    raw: bytes
    connection: object
    """The same for all that came in one session."""

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    def part(self, kind: str) -> str:
        """The text of the part that is shown ("plain" or "html")."""
        body = self.message.get_body((kind,))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")

    @property
    def attachments(self) -> dict[str, bytes]:
        return {str(part.get_filename()): part.get_content() for part in self.message.iter_attachments()}


class Handler:
    """Answers by script: `to` for each recipient, `data` for each mail in order, then 250."""

    def __init__(self, wants_login: bool) -> None:
        self._wants_login = wants_login
        self.received: list[Received] = []
        self.to: dict[str, str] = {}
        self.data: list[str] = []
        """Besides answers: "die" cuts the connection, "hang" never answers."""
        self.sender = "250 OK"
        self.thinks = 0.0
        """Seconds until it answers to a mail."""

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server
        envelope.mail_from, envelope.mail_options = address, options
        return self.sender if session.authenticated or not self._wants_login else "530 5.7.0 log in first"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        answer = self.to.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.data.pop(0) if self.data else "250 taken"
        assert isinstance(envelope.content, bytes)
        for to in envelope.rcpt_tos:
            self.received.append(Received(to, str(envelope.mail_from), envelope.content, session.peer))
        await asyncio.sleep(self.thinks)
        if answer == "die":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        elif answer == "hang":
            await asyncio.Event().wait()
        return answer


class Provider(Controller):
    """The server; use as a context. `login`: the user name and password that it wants."""

    def __init__(
        self, security: str = "none", login: tuple[str, str] | None = None, largest: int = 50_000_000
    ) -> None:
        self.security, self.login = security, login or ("", "")
        self.handler: Handler
        self._socket = socket.create_server((HOST, 0))
        self.authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(HOST, "mail.example").configure_cert(context)
        kinds: dict[str, dict[str, Any]] = {
            "none": {},
            "starttls": {"tls_context": context, "require_starttls": True},
            "tls": {"ssl_context": context},
        }
        super().__init__(
            Handler(wants_login=login is not None),
            hostname=HOST,
            port=self._socket.getsockname()[1],
            server_hostname="mail.example",
            data_size_limit=largest,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=lambda *given: AuthResult(
                success=isinstance(given[4], LoginPassword)
                and (given[4].login.decode(), given[4].password.decode()) == login,
                handled=False,
            ),
            **kinds[security],
        )

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._socket, ssl=self.ssl_context)

    def __enter__(self) -> Provider:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def received(self) -> list[Received]:
        return self.handler.received

    def use(self, **values: Any) -> None:
        """Make this the box's mail server; `values` in place of what is right."""
        MailServer.delete().execute()
        username, password = self.login
        row = {"host": HOST, "port": self.port, "security": self.security, "sender": "pont@demo.example"}
        MailServer.create(id=1, **{**row, "username": username, "password": password, **values})

    def trust(self) -> ssl.SSLContext:
        """A client's context that trusts this server's certificate."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context
